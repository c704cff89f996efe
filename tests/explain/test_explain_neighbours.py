"""The nearest real rows with another answer: by hand, against every row looked at, and at the edges."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
import pytest
from change_models import NEVER_SAID, by_formula, calls_of, free_rows, lever_table, yes
from explain_models import fitted, quiet, shop_table
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression, Ridge

from workbench.budget import Budget
from workbench.contracts import Explanation, Model, Table, Task
from workbench.errors import InputError
from workbench.explain import Neighbours, explain, neighbours
from workbench.explain.single.gower import Gower

THREE = pd.DataFrame(
    {
        "visits": [0.0, 10.0, 20.0, 30.0, 40.0],
        "region": ["north", "north", "south", "south", "north"],
        "y": ["no", "no", "yes", "yes", "no"],
    }
)


def explained(table: Table, model: Model) -> Explanation:
    return explain(model, table, budget=Budget.unlimited(), events=quiet()[0])


def test_by_hand() -> None:
    table = lever_table(THREE)
    model = by_formula(table, lambda X: yes(X["visits"] >= 15), ["no", "yes"])
    found = neighbours(model, table, 1)
    span = 38 - 2  # from the 5th to the 95th percentile of 0, 10, 20, 30, 40
    assert found.row == 1 and found.outcome == "no" and found.known == "no"
    # row 2 differs by 10 visits and the region, row 3 by 20 and the region, row 4 by 30 only
    assert found.rows.tolist() == [4, 2, 3]
    assert found.distances == pytest.approx([30 / span / 2, (10 / span + 1) / 2, (20 / span + 1) / 2])
    nearest = found.found[0]
    assert nearest.outcome == "yes" and nearest.known == "no"
    assert nearest.prediction == pytest.approx({"no": 0.1, "yes": 0.9})
    assert nearest.differs == {"visits": (10.0, 40.0)}
    assert list(found.found[1].differs.items()) == [("region", ("north", "south")), ("visits", (10.0, 20.0))]
    assert found.candidates == 4 and found.total_rows == 5 and found.apart is None and not found.weighted
    assert found.words[1] == "The nearest of 4 other rows with another predicted class, all columns counted alike:"
    assert found.words[2] == ("Row 4 (distance 0.417): predicted 'yes', known as no; 'visits' is 40, not 10.")
    assert found.told("zh")[2] == "第4行（距离0.417）：预测为“yes”，实际为no；“visits”为40，而非10。"


def test_columns_count_by_their_importance() -> None:
    table = shop_table(task=Task.BINARY)
    model = fitted(table, lightgbm.LGBMClassifier(n_estimators=8, num_leaves=8, verbose=-1, n_jobs=1))
    explanation = explained(table, model)
    unused = set(explanation.importance.loc[explanation.importance["share"] == 0, "column"])
    assert "constant" in unused
    found = neighbours(model, table, 3, explanation=explanation, count=4)
    assert found.weighted and len(found.found) == 4
    assert not any(unused & set(one.differs) for one in found.found)
    # what the model does not use may be anything
    strange = table.frame.copy()
    strange.loc[3, "constant"] = 1e9
    again = neighbours(model, replace(table, frame=strange), 3, explanation=explanation, count=4)
    assert again.rows.tolist() == found.rows.tolist()


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), row=st.integers(0, 79), count=st.integers(1, 90))
def test_nothing_nearer_is_missed(seed: int, row: int, count: int) -> None:
    frame = free_rows(80, seed, a=9, b=3).assign(c=np.random.default_rng(seed).choice(["x", "y", None], 80))
    table = lever_table(frame.assign(y="no"), task=Task.MULTICLASS)
    classes = np.eye(3)

    def formula(X: pd.DataFrame) -> np.ndarray:
        return classes[np.asarray((X["a"] + X["b"]) % 3)]

    model = by_formula(table, formula, ["low", "middle", "high"])
    found = neighbours(model, table, row, count=count)
    others = np.delete(np.arange(80), row)
    features = table.frame[list(model.columns)]
    gower = Gower.of(pd.concat([features.iloc[others], features.iloc[[row]]]), codes={"c"})
    apart = gower.distances(gower.values[-1], gower.values[:-1])
    answers = formula(features).argmax(axis=1)
    every = [(apart[k], int(at)) for k, at in enumerate(others) if answers[at] != answers[row]]
    assert [(one.distance, one.row) for one in found.found] == sorted(every)[:count]
    for one in found.found:
        assert one.outcome != found.outcome
        for name, (own, other) in one.differs.items():
            assert own != other
            for value, at in ((own, row), (other, one.row)):
                cell = table.frame[name].iloc[at]
                assert cell == value or (value is None and pd.isna(cell))


class TestRegression:
    def table(self) -> tuple[Table, Model]:
        frame = free_rows(200, a=100, b=100).assign(y=0.0)
        table = lever_table(frame, task=Task.REGRESSION)
        return table, by_formula(table, lambda X: X["a"] * 2.0)

    def test_another_answer_is_one_standard_deviation_away(self) -> None:
        table, model = self.table()
        found = neighbours(model, table, 0)
        others = model.predict(table.frame.iloc[1:])["prediction"]
        assert found.apart == pytest.approx(others.std(ddof=0))
        assert len(found.found) == 5
        assert all(
            abs(one.prediction["prediction"] - found.prediction["prediction"]) >= found.apart for one in found.found
        )

    def test_or_as_far_as_is_asked(self) -> None:
        table, model = self.table()
        found = neighbours(model, table, 0, apart=60, count=200)
        far = (table.frame["a"] - table.frame["a"].iloc[0]).abs() * 2 >= 60
        assert sorted(found.rows.tolist()) == np.flatnonzero(far).tolist()
        assert isinstance(found.outcome, float)

    def test_a_model_that_predicts_the_same_for_all_has_no_other_answers(self) -> None:
        table, _ = self.table()
        found = neighbours(by_formula(table, lambda X: np.ones(len(X))), table, 0)
        assert found.found == () and "none has a prediction that differs" in found.words[1]


def test_costs_decide_for_a_class() -> None:
    table = lever_table(free_rows(100, a=99).assign(y="no"))

    def shares(X: pd.DataFrame) -> np.ndarray:
        return np.column_stack([1 - X["a"] / 100, X["a"] / 100])

    row = int(table.frame["a"].argmin())
    model = by_formula(table, shares, ["no", "yes"], threshold=0.2)
    found = neighbours(model, table, row, count=100)
    assert sorted(found.rows.tolist()) == np.flatnonzero(table.frame["a"] >= 20).tolist()
    asked_for = by_formula(table, shares, ["no", "yes"], emphasis=(1.0, 9.0))
    found = neighbours(asked_for, table, row, count=100)
    assert sorted(found.rows.tolist()) == np.flatnonzero(table.frame["a"] > 10).tolist()


def test_a_large_table_is_sampled_and_predicted_from_the_nearest_on() -> None:
    table = lever_table(free_rows(60_000, a=1_000, b=1_000).assign(y="no"))
    model = by_formula(table, lambda X: yes(X["a"] >= 500), ["no", "yes"])
    found = neighbours(model, table, 17, seed=4)
    assert found.total_rows == 60_000 and 49_999 <= found.candidates <= 50_000
    assert "of 60,000 rows, chosen at random" in found.words[1]
    assert sum(calls_of(model)) < 20_000 and max(calls_of(model)) <= 5_000
    assert found == neighbours(model, table, 17, seed=4)


@pytest.mark.parametrize("task", [Task.BINARY, Task.MULTICLASS, Task.REGRESSION], ids=str)
@pytest.mark.parametrize("gaps", [False, True], ids=["full", "gaps"])
def test_every_task(task: Task, gaps: bool) -> None:
    table = shop_table(task=task, gaps=gaps)
    if gaps:
        model = by_formula(
            table,
            lambda X: X["visits"].fillna(0) if task is Task.REGRESSION else np.eye(3)[np.digitize(X["visits"], [4, 7])],
            () if task is Task.REGRESSION else (0, 1, 2),
        )
    else:
        model = fitted(table, Ridge() if task is Task.REGRESSION else LogisticRegression())
    found = neighbours(model, table, 11)
    assert len(found.found) == 5 and 11 not in found.rows
    assert all(one.known == table.frame["spend"].iloc[one.row] for one in found.found)
    assert_said(found)


def assert_said(found: Neighbours) -> None:
    told = " ".join(found.words)
    assert not any(word in told.lower() for word in NEVER_SAID), told
    if found.found:
        assert "does not say what would happen" in told


def test_a_row_that_is_not_in_the_table() -> None:
    table = shop_table(task=Task.BINARY)
    model = fitted(table, LogisticRegression())
    found = neighbours(model, table, table.frame.iloc[4])
    assert found.row is None and found.known is None and found.candidates == len(table.frame)
    assert found.rows.tolist() == neighbours(model, table, 4).rows.tolist()


def test_texts_gaps_and_a_table_of_one_row() -> None:
    frame = pd.DataFrame({"note": ["长 text", None, "other"], "a": [1.0, np.nan, 3.0], "y": ["no", None, "yes"]})
    table = lever_table(frame, texts=["note"])
    model = by_formula(table, lambda X: yes(X["a"] > 2), ["no", "yes"])
    found = neighbours(model, table, 1)
    assert found.known is None and found.rows.tolist() == [2]
    assert found.found[0].differs == {"note": (None, "other"), "a": (None, 3.0)}
    alone = neighbours(model, replace(table, frame=frame.iloc[:1]), 0)
    assert alone.found == () and alone.candidates == 0 and "none has" in alone.words[1]
    assert_said(found)


@pytest.mark.parametrize(
    ("row", "options", "says"),
    [
        (99, {}, "no row 99 in customers; choose one from 0 to 4"),
        (-1, {}, "no row -1"),
        (0, {"count": 0}, "at least one"),
        (0, {"apart": 3.0}, "has classes"),
        (pd.Series({"visits": 3.0}), {}, "no column 'region'"),
        (pd.Series({"visits": "often", "region": "north"}), {}, "'often' can't be a value of 'visits'"),
    ],
)
def test_what_cannot_be_asked_is_said(row: Any, options: dict[str, Any], says: str) -> None:
    table = lever_table(THREE)
    model = by_formula(table, lambda X: yes(X["visits"] >= 15), ["no", "yes"])
    with pytest.raises(InputError, match=says):
        neighbours(model, table, row, **options)


def test_a_difference_has_to_be_one() -> None:
    table = lever_table(free_rows(9, a=9).assign(y=0.0), task=Task.REGRESSION)
    with pytest.raises(InputError, match="above zero"):
        neighbours(by_formula(table, lambda X: X["a"]), table, 0, apart=0)
    with pytest.raises(InputError, match="no column 'a', which the model needs"):
        neighbours(by_formula(table, lambda X: X["a"]), replace(table, frame=table.frame[["y"]]), 0)
