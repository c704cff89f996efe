"""Tables of events as they come: key types, hostile names, bad rows, and one sentence for what can't be used."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from feature_tables import CUT, purchases_of

from workbench.errors import InputError
from workbench.events import Events
from workbench.features import EventSource, EventStore, Purpose, features_as_of

HOSTILE = ["客户 id", 'a"b', "[bold]x[/bold]", "a,b; DROP TABLE raw", '{"x"}']


def _frame(names: list[str]) -> pd.DataFrame:
    who, at, value, category, basket = names
    return pd.DataFrame(
        {
            who: [1.0, 1.0, None, 2.0],
            at: pd.to_datetime(["2024-01-01", "2024-02-01", "2024-01-01", None]),
            value: [1.5, 2.5, 9.0, 9.0],
            category: ["'; --", "🍵", "x", "y"],
            basket: ["i1", "i2", "i3", "i4"],
        }
    )


@pytest.mark.parametrize("kind", ["frame", "parquet", "csv"])
def test_hostile_names_in_every_kind_of_relation(tmp_path: Path, kind: str):
    who, at, value, category, basket = HOSTILE
    frame = _frame(HOSTILE)
    relation: object = frame
    if kind == "parquet":
        relation = tmp_path / "it's [a] table.parquet"
        frame.to_parquet(relation)
    elif kind == "csv":
        relation = tmp_path / "it's [a] table.csv"
        frame.to_csv(relation, index=False)
    events = Events()
    source = EventSource("sales", relation, who, at, value=value, category=category, basket=basket)  # type: ignore[arg-type]
    result, _ = features_as_of([source], CUT, notices=events)
    assert list(result.index) == [1]
    assert result.index.name == who
    assert result.loc[1, "spend_total"] == 4.0
    told = " ".join(event.message for event in events.notices)
    assert "1 of 4 purchase lines without a customer" in told
    assert "1 of 4 purchase lines without a readable time" in told


def test_a_number_and_its_text_are_the_same_customer():
    sales = pd.DataFrame({"who": [7.0, 8.0], "at": [CUT - pd.Timedelta(days=1)] * 2, "value": [1.0, 2.0]})
    mails = pd.DataFrame({"customer": ["7", "7", "x"], "sent": ["2024-01-01", "2024-01-05", "2024-01-05"]})
    contacts = EventSource("mails", mails, "customer", "sent", purpose=Purpose.CONTACTS)
    result, _ = features_as_of([EventSource("sales", sales, "who", "at", value="value"), contacts], CUT)
    assert result["mails"].to_dict() == {7: 2, 8: 0}


def test_infinite_and_unreadable_values_are_left_out_and_told():
    frame = pd.DataFrame(
        {"who": ["a"] * 4, "at": [CUT - pd.Timedelta(days=2)] * 4, "value": ["1.25", "inf", "many", None]}
    )
    events = Events()
    result, _ = features_as_of([EventSource("sales", frame, "who", "at", value="value")], CUT, notices=events)
    assert result.loc["a", "spend_total"] == 1.25
    assert "3 of 4 purchase lines without a usable value" in events.notices[0].message


def test_times_before_1970_and_with_a_zone():
    frame = pd.DataFrame(
        {
            "who": ["a", "a"],
            "at": pd.to_datetime(["1969-12-31 23:30", "1970-01-01 00:30"]).tz_localize("UTC").tz_convert("Asia/Tokyo"),
            "value": [1.0, 2.0],
        }
    )
    result, _ = features_as_of(
        [EventSource("sales", frame, "who", "at", value="value")], pd.Timestamp("1970-01-02", tz="UTC")
    )
    assert result.loc["a", "days_between_visits"] == 1.0
    assert result.loc["a", "days_since_last_purchase"] == pytest.approx(23.5 / 24)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"entity": "nobody"}, "sales has no column 'nobody'; its columns are: who"),
        ({"time": "value"}, "Column 'value' of sales holds double values, not times"),
        ({"relation": Path("nowhere.parquet")}, "There is no file nowhere.parquet for sales"),
        ({"value": None}, "have no money"),
    ],
)
def test_one_sentence_for_what_cannot_be_used(small, change, sentence):
    given = {"relation": small, "entity": "who", "time": "at", "value": "value", **change}
    with pytest.raises(InputError, match=sentence):
        EventStore([EventSource("sales", **given)])


def test_a_damaged_file_and_no_usable_row(tmp_path: Path, small):
    damaged = tmp_path / "x.parquet"
    damaged.write_bytes(b"PAR1 not really")
    with pytest.raises(InputError, match="Can't read sales"):
        EventStore([EventSource("sales", damaged, "who", "at", value="value")])
    with pytest.raises(InputError, match="No row of sales"):
        EventStore([purchases_of(small.assign(who=None))])
    with pytest.raises(InputError, match="No table of purchases"):
        EventStore([])


def test_names_that_meet_get_a_number():
    frame = pd.DataFrame(
        {
            "who": ["a", "a", "b", "b"],
            "at": [CUT - pd.Timedelta(days=1)] * 4,
            "value": [1.0, 2.0, 1.0, 2.0],
            "category": ["Soft drinks", "soft-drinks", "Soft drinks", "soft-drinks"],
        }
    )
    result, catalogue = features_as_of(
        [EventSource("sales", frame, "who", "at", value="value", category="category")], CUT
    )
    assert {"share_soft_drinks", "share_soft_drinks_2"} <= set(result.columns)
    assert catalogue["share_soft_drinks"].meaning != catalogue["share_soft_drinks_2"].meaning
