"""Permutation importance: what is known by hand, exact zeros, time that runs out, and what is told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from explain_models import Clock, champion, fitted, quiet, shop_table
from formula_models import calls_of, plain_table, shares, written
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression

from workbench.budget import Budget
from workbench.contracts import Model, Table, Task
from workbench.errors import InputError
from workbench.explain import RelatedPair, agreement, explain, permutation_importance, related_pairs


def line(rows: int = 4_000, seed: int = 0) -> tuple[Model, Table]:
    """y = 3·a + 1·b + noise of spread 1, and a column that the formula never reads."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(random.normal(size=(rows, 3)), columns=["a", "b", "unused"])
    frame["y"] = 3 * frame["a"] + frame["b"] + random.normal(size=rows)
    return written(lambda X: 3 * X["a"] + X["b"], ["a", "b", "unused"]), plain_table(frame)


def by_column(found: pd.DataFrame) -> pd.DataFrame:
    return found.set_index("column")


def test_increase_of_a_linear_model_is_known() -> None:
    model, table = line()
    found = by_column(permutation_importance(model, table, rows=4_000, repeats=10))
    # permuting x with coefficient c adds 2 c² Var(x) to the squared error of 1
    assert found.loc["a", "increase"] == pytest.approx(np.sqrt(1 + 18) - 1, rel=0.03)
    assert found.loc["b", "increase"] == pytest.approx(np.sqrt(1 + 2) - 1, rel=0.05)
    for name, wanted in (("a", np.sqrt(19) - 1), ("b", np.sqrt(3) - 1)):
        assert found.loc[name, "low"] < wanted < found.loc[name, "high"]
    assert list(found["rank"]) == [1, 2, 3]


def test_intervals_hold_what_is_known_as_often_as_they_say() -> None:
    hits = 0
    for seed in range(40):
        model, table = line(rows=150, seed=seed)
        found = by_column(permutation_importance(model, table, columns=["b"], seed=seed))
        hits += bool(found.loc["b", "low"] < np.sqrt(3) - 1 < found.loc["b", "high"])
    assert hits >= 36


@pytest.mark.parametrize("metric", ["rmse", "mae", None])
def test_an_unused_column_is_exactly_nothing(metric: str | None) -> None:
    model, table = line(rows=500)
    found = by_column(permutation_importance(model, table, metric=metric))
    assert (found.loc["unused", ["increase", "low", "high"]] == 0).all()


@pytest.mark.parametrize("task", [Task.REGRESSION, Task.BINARY, Task.MULTICLASS], ids=str)
@pytest.mark.parametrize("family", ["linear", "lightgbm"])
def test_a_constant_column_of_a_champion_is_exactly_nothing(family: str, task: Task) -> None:
    table = shop_table(task=task, gaps=True)
    model = champion(table, family, {"rounds": 20} if family == "lightgbm" else {})
    found = permutation_importance(model, table, repeats=3)
    assert (by_column(found).loc["constant", ["increase", "low", "high"]] == 0).all()
    assert (found["low"] <= found["increase"]).all() and (found["increase"] <= found["high"]).all()
    assert found["column"].iloc[0] in ("visits", "baskets, all [bold]", "地区")


def test_columns_that_the_model_does_not_use_are_not_asked_about() -> None:
    model, table = line(rows=100)
    few = Model(model.pipeline, model.task, "y", ("a", "b"), (), "test", {})
    found = permutation_importance(few, table, columns=["unused", "a", "a"], repeats=2)
    assert list(found["column"]) == ["a", "unused"]
    assert by_column(found).loc["unused", "increase"] == 0
    assert len(calls_of(few)) == 2  # as they are, and "a"


def test_log_loss_of_two_classes_is_known() -> None:
    frame = pd.DataFrame({"x": [0.0, 1.0] * 500})
    frame["y"] = np.where(frame["x"] == 1, "ja", "nein")
    model = written(lambda X: shares(0.2 + 0.6 * X["x"].to_numpy()), ["x"], classes=["ja", "nein"])
    found = permutation_importance(model, plain_table(frame, Task.BINARY), repeats=20)
    assert found.attrs["loss"] == pytest.approx(-np.log(0.8))
    assert found["increase"][0] == pytest.approx((np.log(0.8) - np.log(0.2)) / 2, rel=0.03)
    brier = permutation_importance(model, plain_table(frame, Task.BINARY), metric="brier")
    assert brier.attrs["loss"] == pytest.approx(0.04)


def test_a_function_of_the_caller_gives_the_same_as_the_name() -> None:
    def distance(truth: np.ndarray, predicted: pd.DataFrame) -> float:
        return float(np.abs(truth - predicted["prediction"]).mean())

    model, table = line(rows=300)
    named, own = (permutation_importance(model, table, metric=metric) for metric in ("mae", distance))
    assert own["increase"].to_numpy() == pytest.approx(named["increase"].to_numpy())
    assert own["low"].to_numpy() == pytest.approx(named["low"].to_numpy(), abs=0.15)
    assert own.attrs["metric"] == "distance"


def test_a_function_of_the_caller_gets_labels_and_shares_by_class() -> None:
    table = shop_table(task=Task.MULTICLASS)
    model = champion(table, "lightgbm", {"rounds": 10})

    def wrong(truth: np.ndarray, predicted: pd.DataFrame) -> float:
        assert set(truth) <= set(predicted.columns) == {"0", "1", "2"}
        return float((predicted.idxmax(axis=1).to_numpy() != truth).mean())

    found = permutation_importance(model, table, metric=wrong, repeats=2)
    assert found["increase"].iloc[0] > 0.1


def test_given_rows_alone_are_used_and_told() -> None:
    model, table = line(rows=400)
    table.frame.loc[200:, "y"] = 1e6
    held = permutation_importance(model, table, positions=np.arange(200), held_out=True)
    assert held.attrs["loss"] < 2 and held.attrs["rows"] == 200 and held.attrs["held_out"]
    assert "200 held-out rows" in held.attrs["note"]
    own = permutation_importance(model, table, positions=np.arange(50))
    assert "may have been fitted on" in own.attrs["note"] and "leans on" in own.attrs["note"]


def test_rows_without_a_target_are_left_out() -> None:
    model, table = line(rows=100)
    table.frame.loc[:59, "y"] = np.nan
    assert permutation_importance(model, table).attrs["rows"] == 40
    assert permutation_importance(model, table, rows=15).attrs["rows"] == 15


def test_time_that_runs_out_leaves_columns_unknown_and_says_so() -> None:
    clock = Clock()
    model, table = line(rows=50)
    formula = model.pipeline[-1].formula

    def slow(X: pd.DataFrame) -> np.ndarray:
        clock.now += 1
        return np.asarray(formula(X))

    slow_model = written(slow, model.columns)
    budget = Budget.of(2.5, clock=clock)
    found = permutation_importance(slow_model, table, budget=budget, columns=["b", "a", "unused"])
    assert list(found["column"]) == ["b", "a", "unused"]
    assert found["increase"].notna().tolist() == [True, False, False]
    assert found["rank"].isna().tolist() == [False, True, True]
    assert found.attrs["unreached"] == ("a", "unused")
    assert "time was used up before 'a', 'unused'" in found.attrs["note"]
    assert budget.elapsed <= 2.5  # what can't be done in time is not begun
    unlimited = permutation_importance(slow_model, table, budget=Budget.unlimited(clock=clock))
    assert unlimited["increase"].notna().all()


def test_calls_stay_small_and_the_order_of_columns_does_not_matter() -> None:
    model, table = line(rows=9_000)
    one = permutation_importance(model, table, rows=9_000)
    assert max(calls_of(model)) <= 20_000
    other = permutation_importance(model, table, rows=9_000, columns=["unused", "b", "a"])
    pd.testing.assert_frame_equal(by_column(one), by_column(other).loc[one["column"]])


def test_labels_that_are_numbers_or_truths_are_found() -> None:
    for labels, held in (((0, 1), [0.0, 1.0]), ((False, True), [False, True]), (("0", "1"), [0, 1])):
        frame = pd.DataFrame({"x": [0.0, 1.0] * 20, "y": held * 20})
        model = written(lambda X: shares(0.9 - 0.8 * X["x"].to_numpy()), ["x"], classes=labels)
        found = permutation_importance(model, plain_table(frame, Task.BINARY))
        assert found.attrs["loss"] == pytest.approx(-np.log(0.9))


def test_what_cannot_be_done_is_said() -> None:
    model, table = line(rows=20)
    for options, said in (
        ({"metric": "auc"}, "no loss 'auc' for regression; choose rmse, mae"),
        ({"columns": ["zz"]}, "no column 'zz' in plain"),
        ({"repeats": 0}, "at least one"),
        ({"positions": np.array([3])}, "at least two rows with a known target, and 1 of plain"),
        ({"positions": np.array([], dtype=int)}, "and 0 of plain"),
        ({"positions": np.array([25])}, "no row 25 in plain; give positions from 0 to 19"),
    ):
        with pytest.raises(InputError, match=said):
            permutation_importance(model, table, **options)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="no column 'y' in plain"):
        permutation_importance(model, plain_table(table.frame.drop(columns="y")))
    classes = written(lambda X: shares(X["a"]), ["a"], classes=["u", "v"])
    with pytest.raises(InputError, match="which is no class of the model"):
        permutation_importance(classes, table)


@settings(max_examples=20)
@given(st.integers(2, 40), st.integers(1, 4), st.integers(0, 99))
def test_any_few_rows_give_a_whole_answer(rows: int, repeats: int, seed: int) -> None:
    model, table = line(rows=rows, seed=seed)
    found = permutation_importance(model, table, repeats=repeats, seed=seed)
    assert found[["increase", "low", "high", "rank"]].notna().all(axis=None)
    assert (found["low"] <= found["high"]).all()
    assert by_column(found).loc["unused", "increase"] == 0
    again = permutation_importance(model, table, repeats=repeats, seed=seed)
    pd.testing.assert_frame_equal(found, again)


class TestAgreement:
    @staticmethod
    def tables(shap: list[float], permuted: list[float]) -> tuple[pd.DataFrame, pd.DataFrame]:
        names = [f"列{j}" for j in range(len(shap))]
        return (
            pd.DataFrame({"column": names, "importance": shap}),
            pd.DataFrame({"column": names, "increase": permuted}).iloc[::-1],
        )

    def test_the_same_order_agrees(self) -> None:
        found = agreement(*self.tables([5, 4, 3, 2, 1], [9, 7, 5, 3, 1]))
        assert found.correlation == pytest.approx(1)
        assert found.sentence == ("SHAP and permutation agree on the order of the 5 columns (rank correlation 1.00).")

    def test_columns_that_lie_apart_are_named_with_the_reason(self) -> None:
        shap, permuted = self.tables([6, 5, 4, 3, 2, 1], [6, 0.1, 4, 3, 2, 1])
        found = agreement(shap, permuted, [RelatedPair("列1", "列2", -0.93)])
        assert found.furthest["column"].iloc[0] == "列1" and found.furthest["apart"].iloc[0] == 4
        assert "'列1' is number 2 by SHAP and number 6 by permutation" in found.sentence
        assert "'列1' and '列2' go together (|r| 0.93)" in found.sentence
        assert "the usual reason is columns that go together" in agreement(shap, permuted).sentence

    def test_chance_below_zero_counts_as_nothing_and_unreached_columns_do_not_count(self) -> None:
        found = agreement(*self.tables([5, 4, 3, 0, 0], [3, 2, 1, -0.2, -0.4]))
        assert found.correlation == pytest.approx(1)
        assert agreement(*self.tables([5, 4, 3, 2], [3, 2, 1, np.nan])).columns == 3

    @pytest.mark.parametrize("sizes", [[], [1.0], [1.0, 2.0], [0.0, 0.0, 0.0]])
    def test_too_little_to_compare(self, sizes: list[float]) -> None:
        found = agreement(*self.tables(sizes, sizes))
        assert np.isnan(found.correlation) and "too few columns" in found.sentence

    def test_of_a_real_model(self) -> None:
        table = shop_table()
        model = fitted(table, LinearRegression())
        importance = explain(model, table, budget=Budget.unlimited(), events=quiet()[0]).importance
        found = agreement(importance, permutation_importance(model, table), related_pairs(table.frame, model.columns))
        assert found.correlation > 0.7 and found.columns == len(model.columns)
