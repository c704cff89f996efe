"""Tables as they come: odd columns, few rows, no budget; and real ones."""

from __future__ import annotations

import itertools
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from segment_tables import blobs, driven, noise, table_of

from workbench.budget import Budget
from workbench.contracts import Kind, SegmentationKind, Task
from workbench.errors import InputError, Stopped
from workbench.events import Events
from workbench.segments import assign, find_segments, rename
from workbench.segments.ground import lay_ground


def _find(table, **options):
    options.setdefault("budget", Budget.unlimited())
    return find_segments(table, events=options.pop("events", Events()), **options)


def _whole(result, frame) -> None:
    """What must be true of every segmentation."""
    assert result.labels.index.equals(frame.index)
    assert set(result.labels) <= {segment.id for segment in result.segments}
    assert sum(segment.size for segment in result.segments) == len(frame)
    names = [segment.name.casefold() for segment in result.segments]
    assert len(set(names)) == len(names) and all(names)
    assert result.chosen_because.endswith(".")
    assert np.array_equal(assign(result, frame), result.labels)
    for segment in result.segments:
        assert 0 <= segment.rule.precision <= 1 and 0 <= segment.rule.coverage <= 1
        assert 0 <= segment.stability <= 1


ODD = st.sampled_from(
    ["constant", "empty", "mixed", "ids", "hostile", "dates", "infinite", "huge", "gappy", "boolean", "text"]
)


def test_numbers_beyond_float32_are_held_to_it():
    frame = driven(300)
    frame["huge"] = np.random.default_rng(0).normal(size=len(frame)) * 1e300
    for found in _find(table_of(frame, target="spend", outcome="spend", task=Task.REGRESSION), budget=Budget.of(20.0)):
        _whole(found, frame)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ODD, min_size=1, max_size=4, unique=True), st.integers(60, 120), st.integers(0, 99))
def test_odd_columns_survive(kinds, rows, seed):
    generator = np.random.default_rng(seed)
    cells = {
        "constant": (np.ones(rows), Kind.NUMBER),
        "empty": (np.full(rows, np.nan), Kind.EMPTY),
        "mixed": (
            np.array([generator.choice([1, "two", None, 3.5]) for _ in range(rows)], dtype=object),
            Kind.CATEGORY,
        ),
        "ids": ([f"c{number}" for number in range(rows)], Kind.CATEGORY),
        "hostile": (generator.choice(["a,b", "[bold]", '{"x"}', "=1+1", "\x1b[31m"], rows), Kind.CATEGORY),
        "dates": (pd.Timestamp("2024-01-01") + pd.to_timedelta(generator.integers(0, 400, rows), "D"), Kind.DATE),
        "infinite": (np.where(generator.random(rows) < 0.1, np.inf, generator.normal(size=rows)), Kind.NUMBER),
        "huge": (generator.normal(size=rows) * 1e300, Kind.NUMBER),
        "gappy": (np.where(generator.random(rows) < 0.8, np.nan, generator.normal(size=rows)), Kind.NUMBER),
        "boolean": (generator.random(rows) < 0.3, Kind.BOOLEAN),
        "text": (["some free text"] * rows, Kind.TEXT),
    }
    frame = pd.DataFrame({f"{kind} 列 [x]": cells[kind][0] for kind in kinds})
    frame["y"] = generator.normal(size=rows)
    table = table_of(
        frame,
        target="y",
        outcome="y",
        task=Task.REGRESSION,
        kinds={f"{kind} 列 [x]": cells[kind][1] for kind in kinds},
    )
    for result in _find(table, budget=Budget.of(1.0)):
        _whole(result, frame)


@pytest.mark.parametrize("rows", [0, 1, 2, 5, 59, 61])
def test_small_tables_get_an_answer(rows):
    frame, _ = blobs(rows=max(rows, 1))
    frame = frame.head(rows)
    frame["y"] = np.arange(rows, dtype=float)
    events = Events()
    for result in _find(table_of(frame, target="y", task=Task.REGRESSION), events=events):
        _whole(result, frame)
        assert rows >= 60 or not result.found
        assert rows >= 60 or "60" in result.chosen_because


def test_a_table_of_only_the_target_has_no_segments():
    frame = pd.DataFrame({"y": np.arange(100.0)})
    descriptive, guided = _find(table_of(frame, target="y", task=Task.REGRESSION))
    assert not descriptive.found and not guided.found
    assert "no column" in descriptive.chosen_because


def _up_after(seconds: float, most: int) -> Budget:
    """A budget that is over after so many looks at the clock; each takes a millisecond."""
    looks = itertools.count()
    return Budget.of(seconds, clock=lambda: 0.001 * (look := next(looks)) + 10.0 * seconds * (look > most))


def test_no_time_still_gives_segments_and_says_so():
    frame, _ = blobs(rows=300)
    events = Events()
    # the first eight are to learn what segments of this table cost
    (result,) = _find(table_of(frame), budget=_up_after(0.5, 8), events=events)
    assert result.segments
    assert sum(trial.score is not None for trial in result.trials) == 1
    assert any("Time ended" in notice.message for notice in events.notices)


def test_a_stop_is_obeyed():
    events = Events()
    events.request_stop()
    with pytest.raises(Stopped):
        _find(table_of(noise()), events=events)


def test_left_out_columns_are_told():
    frame = noise()
    frame["same"] = 1.0
    frame["void"] = np.nan
    events = Events()
    lay_ground(table_of(frame), events, 0, Budget.unlimited())
    (notice,) = events.notices
    assert "same (always the same value)" in notice.message and "void (no values)" in notice.message


def test_a_large_table_is_sampled_and_wholly_assigned():
    frame, _ = blobs(rows=22_000)
    events = Events()
    (result,) = _find(table_of(frame), budget=_up_after(10.0, 60), events=events)
    assert any("random 20,000 of 22,000" in notice.message for notice in events.notices)
    _whole(result, frame)
    assert result.found


@pytest.mark.parametrize("segments", [0, 1, 11])
def test_a_senseless_number_is_refused(segments):
    with pytest.raises(InputError, match=f"^{segments} segments can't be looked for"):
        _find(table_of(noise()), segments=segments)


def test_another_search_space_is_used_and_checked(tmp_path: Path):
    space = tmp_path / "clustering.toml"
    head = 'version = 1\nfamily = "clustering"\n[[parameter]]\nname = "clusters"\ntype = "int"\nlow = 4\nhigh = 4\n'
    space.write_text(head, encoding="utf-8")
    frame, _ = blobs(rows=200)
    (result,) = _find(table_of(frame), spaces=tmp_path)
    assert len(result.segments) == 4 and len(result.trials) == 1
    space.write_text(head + '[[parameter]]\nname = "depth"\ntype = "int"\nlow = 1\nhigh = 2\n', encoding="utf-8")
    with pytest.raises(InputError, match="'depth' can't be varied"):
        _find(table_of(frame), spaces=tmp_path)
    space.write_text(head + '[[parameter]]\nname = "scaling"\ntype = "choice"\nchoices = ["odd"]\n', encoding="utf-8")
    with pytest.raises(InputError, match="'scaling' is 'odd'"):
        _find(table_of(frame), spaces=tmp_path)


def test_assigning_needs_the_columns_and_survives_pickling():
    frame = driven(300)
    (result,) = _find(table_of(frame, target="spend", task=Task.REGRESSION), kinds=(SegmentationKind.GOAL_GUIDED,))
    again = pickle.loads(pickle.dumps(result))
    assert assign(again, frame).equals(result.labels)
    with pytest.raises(InputError, match="need the column 'tier'"):
        assign(result, frame.drop(columns="tier"))
    assert len(assign(result, frame.head(0))) == 0


def test_dates_and_decimals_as_text_are_read_alike_later():
    generator = np.random.default_rng(0)
    days = generator.integers(0, 300, 400)
    joined = pd.Timestamp("2023-03-01") + pd.to_timedelta(days, "D")
    price = np.round(generator.gamma(2, 600, 400), 2)
    frame = pd.DataFrame(
        {
            "joined": pd.Series(joined.strftime("%d.%m.%Y"), dtype="str"),
            "price": pd.Series([f"{value:.2f}".replace(".", ",") for value in price], dtype="str"),
            "spend": (days < 150) * 50.0 + (price > 1_000) * 200.0 + generator.normal(0, 5, 400),
        }
    )
    table = table_of(frame, target="spend", task=Task.REGRESSION, kinds={"joined": Kind.DATE, "price": Kind.NUMBER})
    (result,) = _find(table, kinds=(SegmentationKind.GOAL_GUIDED,))
    texts = " ".join(segment.rule.text for segment in result.segments)
    assert result.quality["outcome_eta2"] > 0.9
    assert "joined after 2023-07" in texts and "price ≥ 1000" in texts
    for place in (0, 7, 200):
        alone = frame.iloc[[place]]
        assert assign(result, alone).iloc[0] == result.labels.iloc[place]


def test_dates_that_mean_never_survive():
    frame = noise(rows=100, columns=2)
    frame["left"] = pd.Series(["9999-12-31"] * 60 + ["2023-05-01"] * 20 + ["2024-02-01"] * 20, dtype="str")
    for result in _find(table_of(frame, kinds={"left": Kind.DATE})):
        _whole(result, frame)


def test_a_rename_is_checked_and_keeps_the_rest():
    frame, _ = blobs(rows=200)
    (result,) = _find(table_of(frame))
    named = rename(result, 1, "  Regulars\n")
    assert named.segments[1].name == "Regulars"
    assert named.segments[0] == result.segments[0]
    assert result.segments[1].name != "Regulars"
    for bad, sentence in (
        (("", 1), "needs a name"),
        (("regulars", 0), "Another segment"),
        (("x", 99), "no segment 99"),
    ):
        with pytest.raises(InputError, match=sentence):
            rename(named, bad[1], bad[0])


@pytest.mark.shared
@pytest.mark.parametrize("name", ["mall_customers.csv", "customer_segments.csv", "credit_card_general.csv"])
def test_real_tables_have_segments(shared_data: Path, name: str, tmp_path: Path):
    """With six solutions that are counted, of some customers: no clock decides how many are compared."""
    from workbench.data import load

    customers = pd.read_csv(shared_data / name)
    customers.sample(min(len(customers), 2_000), random_state=0).to_csv(tmp_path / name, index=False)
    head = 'version = 1\nfamily = "clustering"\n[[parameter]]\nname = "clusters"\ntype = "int"\nlow = 3\nhigh = 8\n'
    (tmp_path / "clustering.toml").write_text(head, encoding="utf-8")
    table = load(tmp_path / name, target=None)
    (result,) = _find(table, spaces=tmp_path)
    assert len(result.trials) == 6
    _whole(result, table.frame)
    assert result.found
    assert 3 <= len(result.segments) <= 10
    assert result.quality["stability_min"] > 0.5
    assert result.quality["rule_balanced_accuracy"] > 0.6
    assert not set(result.assigner.columns) & {"CustomerID", "ID", "CUST_ID"}
    smallest = min(segment.share for segment in result.segments)
    assert smallest >= 0.03 and max(segment.share for segment in result.segments) <= 0.6


@pytest.mark.shared
def test_both_kinds_on_a_real_goal(shared_data: Path):
    from workbench.data import load

    table = load(shared_data / "medical_insurance.csv", target="charges")
    descriptive, guided = _find(table, budget=Budget.of(3.0))
    _whole(descriptive, table.frame)
    _whole(guided, table.frame)
    assert guided.quality["outcome_eta2"] > 0.75
    assert "smoker is yes" in guided.segments[0].rule.text
