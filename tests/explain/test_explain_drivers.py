"""What drives a segment: differences by hand, adding up, intervals that hold, and nothing of a few customers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from explain_models import champion, quiet, shop_table
from hypothesis import given, settings
from hypothesis import strategies as st
from test_explain_proxies import made

from workbench.budget import Budget
from workbench.contracts import Explanation, Task
from workbench.errors import InputError
from workbench.explain import Drivers, explain, segment_drivers


def by_hand() -> tuple[Explanation, np.ndarray]:
    """Forty rows, of which the first twelve are members."""
    member = np.arange(40) < 12
    data = pd.DataFrame(
        {
            "visits": np.where(member, 10.0, np.arange(40.0)),
            "地区": np.where(member, "south", np.where(np.arange(40) < 35, "north", "west")),
            "joined": pd.Timestamp("2024-03-01") + pd.to_timedelta(np.where(member, 0, 5), unit="D"),
            "vip": np.where(np.arange(40) % 4 == 0, None, member),
            "silent": 1.0,
        }
    )
    random = np.random.default_rng(0)
    values = np.column_stack(
        [
            np.where(member, 2.0, -1.0) + random.choice([-0.1, 0.1], 40),
            np.where(member, 0.5, 0.2) + random.choice([-0.05, 0.05], 40),
            random.normal(0, 0.3, 40),
            random.normal(0, 0.01, 40),
            np.zeros(40),
        ]
    )
    return made(values, data), member


def total(drivers: Drivers) -> float:
    return float(drivers.table["difference"].sum()) + drivers.rest


def test_differences_by_hand() -> None:
    explanation, member = by_hand()
    found = segment_drivers(explanation, member)
    own = explanation.values[:, 0, 0]
    first = found.table.iloc[0]
    assert first["column"] == "visits"
    assert first["inside"] == pytest.approx(own[:12].mean()) and first["outside"] == pytest.approx(own[12:].mean())
    assert first["low"] < first["difference"] < first["high"]
    assert found.rows_inside == 12 and found.rows_outside == 28
    assert found.mean_inside == pytest.approx(explanation.margin[:12].mean())
    assert found.difference == pytest.approx(explanation.margin[:12].mean() - explanation.margin[12:].mean())
    assert found.low < found.difference < found.high
    assert list(found.table["column"])[:2] == ["visits", "地区"] and "silent" not in set(found.table["column"])


def test_values_are_told_in_words() -> None:
    explanation, member = by_hand()
    told = segment_drivers(explanation, member).table.set_index("column")
    assert told.loc["visits", "value_inside"] == "median 10"
    assert told.loc["visits", "value_outside"] == "median 25.5"
    assert told.loc["地区", "value_inside"] == "mostly south (100%)"
    assert told.loc["地区", "value_outside"] == "mostly north (82%)"
    assert told.loc["joined", "value_inside"] == "median 2024-03-01"
    assert told.loc["vip", "value_outside"] == "mostly no (75%), 25% missing"
    assert told.loc["vip", "value_inside"] == "no value that 10 rows share, 25% missing"


def test_values_are_told_in_chinese() -> None:
    told = segment_drivers(*by_hand()).table_in("zh").set_index("column")
    assert told.loc["visits", "value_inside"] == "中位数10"
    assert told.loc["vip", "value_outside"] == "多为否（75%），25%缺失"
    assert told.loc["vip", "value_inside"] == "没有10行共有的取值，25%缺失"
    explanation, member = by_hand()
    assert segment_drivers(explanation, member & False).table_in("zh").empty


@pytest.mark.parametrize("top", [0, 1, 2, 50])
def test_adds_up_whatever_stands_apart(top: int) -> None:
    found = segment_drivers(*by_hand(), top=top)
    assert total(found) == pytest.approx(found.difference, abs=1e-12)
    assert len(found.table) == min(max(1, top), 4) and found.rest_columns == 4 - len(found.table)


@settings(max_examples=30)
@given(st.integers(0, 1_000), st.integers(1, 120), st.floats(0, 1), st.integers(1, 3))
def test_adds_up_or_says_why_nothing_is_told(seed: int, rows: int, share: float, outputs: int) -> None:
    random = np.random.default_rng(seed)
    data = pd.DataFrame(random.normal(size=(rows, 4)), columns=list("abcd"))
    explanation = made(random.normal(size=(rows, 4, outputs)), data, tuple("xyz"[:outputs]))
    member = random.random(rows) < share
    found = segment_drivers(explanation, member, output=outputs - 1, seed=seed, top=2)
    if min(member.sum(), (~member).sum()) < 10:
        assert not found.told and len(found.words) == 1 and found.rows_inside == found.rows_outside == 0
    else:
        assert total(found) == pytest.approx(found.difference, abs=1e-9)
        assert found.output == "xyz"[outputs - 1]


@pytest.mark.parametrize(
    ("members", "said"),
    [
        (0, "None of the explained rows is in the segment"),
        (40, "All explained rows are in the segment"),
        (9, "Fewer than 10 explained rows are in the segment"),
        (31, "Fewer than 10 explained rows are outside the segment"),
    ],
)
def test_too_few_rows_are_told_and_not_shown(members: int, said: str) -> None:
    explanation, _ = by_hand()
    found = segment_drivers(explanation, np.arange(40) < members)
    assert not found.told and found.words[0].startswith(said)
    assert np.isnan([found.mean_inside, found.mean_outside, found.low, found.high]).all()


def test_one_explained_row() -> None:
    explanation = made(np.ones((1, 1)), pd.DataFrame({"a": [None]}))
    assert not segment_drivers(explanation, np.array([True])).told


def test_a_model_that_says_nothing() -> None:
    explanation = made(np.zeros((40, 2)), pd.DataFrame({"a": np.arange(40.0), "b": ["x"] * 40}))
    found = segment_drivers(explanation, np.arange(40) < 20)
    assert found.difference == 0 and total(found) == 0
    assert "No column carries a difference that can be told from chance in these data." in found.words


def test_intervals_hold_as_often_as_they_say() -> None:
    held = 0
    for seed in range(150):
        random = np.random.default_rng([seed, 9])
        member = np.arange(72) < 12
        values = random.normal(np.where(member, 1.5, 0.5), np.where(member, 1.0, 2.0))[:, None]
        found = segment_drivers(made(values, pd.DataFrame({"a": values[:, 0]})), member, seed=seed)
        assert found.table["low"].iloc[0] == pytest.approx(found.low)  # one column is the whole output
        held += found.low <= 1.0 <= found.high
    assert 0.915 <= held / 150 <= 0.99


def test_words() -> None:
    explanation, member = by_hand()
    told = segment_drivers(explanation, member).words
    assert told[0].startswith("In 12 rows of the segment the mean log-odds of 'bought' being 'yes' is ")
    assert told[1].startswith("'visits' carries +") and "median 10 in the segment, median 25.5 elsewhere." in told[1]
    assert any("can't be told from chance in these data" in sentence for sentence in told)
    assert told[-1].startswith("All of this is association")


def test_the_same_seed_says_the_same() -> None:
    first, again = (segment_drivers(*by_hand(), seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(first.table, again.table)
    assert segment_drivers(*by_hand(), seed=4).low != first.low


def test_what_is_wrong_is_said() -> None:
    explanation, member = by_hand()
    with pytest.raises(InputError, match="3 values but 40 rows were explained"):
        segment_drivers(explanation, member[:3])
    with pytest.raises(InputError, match="no output -1"):
        segment_drivers(explanation, member, output=-1)


@pytest.mark.parametrize("task", [Task.BINARY, Task.MULTICLASS, Task.REGRESSION], ids=str)
def test_with_a_real_model(task: Task) -> None:
    table = shop_table(300, task, gaps=True)
    model = champion(table, "lightgbm", {"rounds": 20, "num_leaves": 8, "min_data_in_leaf": 5})
    explanation = explain(model, table, budget=Budget.unlimited(), events=quiet()[0], max_rows=250)
    member = (table.frame["地区"] == "south").to_numpy()[explanation.rows]
    found = segment_drivers(explanation, member)
    assert total(found) == pytest.approx(found.difference, abs=1e-9)
    # 30 of spend go with the south in these data
    shown = found.table.set_index("column")
    assert shown.index[0] == "地区" and (shown.loc["地区", "low"] > 0 or task is Task.MULTICLASS)
