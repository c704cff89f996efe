"""Top interactions: the pair that works together is found, in source columns, and an additive model has none."""

from __future__ import annotations

from typing import Any

import lightgbm
import numpy as np
import pandas as pd
import pytest
from explain_models import Clock, champion, fitted, quiet, shop_table
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import Ridge
from sklearn.naive_bayes import GaussianNB

from workbench.budget import Budget
from workbench.contracts import Explanation, Task
from workbench.explain import explain
from workbench.explain.explainers.trees import TreesExplainer
from workbench.explain.grouping import Grouping
from workbench.explain.overall.interactions import TABLE, top_interactions


def explained(table: Any, model: Any, budget: Budget | None = None) -> Explanation:
    return explain(model, table, budget=budget or Budget.unlimited(), events=quiet()[0])


def boosted(classifier: bool = False) -> Any:
    make = lightgbm.LGBMClassifier if classifier else lightgbm.LGBMRegressor
    return make(n_estimators=20, num_leaves=8, min_child_samples=5, verbose=-1, n_jobs=1)


@pytest.mark.parametrize("task", [Task.REGRESSION, Task.BINARY, Task.MULTICLASS], ids=str)
def test_pairs_are_told_in_source_columns(task: Task) -> None:
    table = shop_table(task=task)
    found = explained(table, fitted(table, boosted(task is not Task.REGRESSION)))
    pairs = found.interactions
    assert pairs is not None and list(pairs.columns) == TABLE and len(pairs) > 0
    assert set(pairs["first"]) | set(pairs["second"]) <= set(found.columns)
    assert (pairs["first"] != pairs["second"]).all()
    assert pairs["strength"].is_monotonic_decreasing and (pairs["strength"] > 0).all()
    assert (pairs["low"] <= pairs["strength"] + 1e-12).all() and (pairs["strength"] <= pairs["high"] + 1e-12).all()
    total = np.abs(found.values).mean(axis=(0, 2)).sum()
    np.testing.assert_allclose(pairs["share"], pairs["strength"] / total)


def test_the_pair_that_works_together_comes_first() -> None:
    random = np.random.default_rng(0)
    X = random.normal(size=(1500, 5))
    model = lightgbm.LGBMRegressor(n_estimators=60, verbose=-1).fit(X, 2 * X[:, 0] * X[:, 1] + X[:, 2] + X[:, 3])
    from workbench.explain.explainers.dispatch import explainer_kind

    explainer = explainer_kind(model)(model, np.arange(5))
    grouping = Grouping(np.arange(5), 5)
    values = explainer.contributions(X[:300]).values
    pairs = top_interactions(
        explainer, X[:300], grouping, values, list("abcde"), budget=Budget.unlimited(), events=quiet()[0]
    )
    assert pairs is not None
    assert {pairs["first"][0], pairs["second"][0]} == {"a", "b"}
    assert pairs["strength"][0] > 5 * pairs["strength"][1]


def test_shared_columns_are_shared_and_nothing_gets_lost() -> None:
    """By hand: derived column 1 belongs to both sources, so half of all that it does with column 0 is b's."""
    random = np.random.default_rng(1)
    X = random.normal(size=(300, 3))
    model = lightgbm.LGBMRegressor(n_estimators=20, verbose=-1).fit(X, X[:, 0] * X[:, 1] + X[:, 2])
    from workbench.explain.explainers.dispatch import explainer_kind

    explainer: Any = explainer_kind(model)(model, np.arange(3))
    assert isinstance(explainer, TreesExplainer)
    grouping = Grouping.of([(0,), (0, 1), (2,)], 3)
    rows = X[:40]
    phi = explainer.interactions(rows, np.arange(3))
    by_hand = np.abs(2 * (phi[:, 0, 1] / 2 + phi[:, 1, 1] / 4)).mean()  # a with b
    values = explainer.contributions(rows).values
    source = np.stack([values[:, 0] + values[:, 1] / 2, values[:, 1] / 2, values[:, 2]], axis=1)
    pairs = top_interactions(
        explainer, rows, grouping, source, list("abc"), budget=Budget.unlimited(), events=quiet()[0]
    )
    assert pairs is not None
    named = {(a, b): s for a, b, s in zip(pairs["first"], pairs["second"], pairs["strength"], strict=True)}
    assert np.isclose(named.get(("a", "b"), named.get(("b", "a"), np.nan)), by_hand)


def test_an_additive_model_has_none() -> None:
    table = shop_table()
    pairs = explained(table, fitted(table, Ridge())).interactions
    assert pairs is not None and pairs.empty


def test_a_model_that_cannot_say_says_nothing() -> None:
    table = shop_table(task=Task.BINARY)
    assert explained(table, fitted(table, GaussianNB())).interactions is None


@pytest.mark.parametrize("family", ["lightgbm", "random_forest", "linear"])
def test_the_products_own_families(family: str) -> None:
    table = shop_table(task=Task.BINARY)
    pairs = explained(table, champion(table, family)).interactions
    assert pairs is not None and pairs.empty == (family == "linear")


def test_little_time_means_few_rows_and_no_time_sixteen(monkeypatch: pytest.MonkeyPatch) -> None:
    table = shop_table(task=Task.BINARY)
    model = fitted(table, RandomForestClassifier(5, random_state=0))
    clock, rows = Clock(), []
    plain = TreesExplainer.interactions

    def slow(self: TreesExplainer, matrix: Any, groups: np.ndarray) -> np.ndarray:
        clock.now += 0.01 * matrix.shape[0]
        rows.append(matrix.shape[0])
        return plain(self, matrix, groups)

    monkeypatch.setattr(TreesExplainer, "interactions", slow)
    found = explained(table, model, Budget.of(3.0, clock=clock))
    assert found.interactions is not None and 16 <= sum(rows) < 150
    rows.clear()
    explained(table, model, Budget.of(0.0, clock=clock))
    assert sum(rows) == 16


def test_one_column_has_nobody_to_work_with() -> None:
    frame = pd.DataFrame({"a": np.arange(50.0)})
    model = lightgbm.LGBMRegressor(n_estimators=3, min_child_samples=5, verbose=-1).fit(frame.to_numpy(), frame["a"])
    from workbench.explain.explainers.dispatch import explainer_kind

    explainer = explainer_kind(model)(model, np.arange(1))
    values = explainer.contributions(frame.to_numpy()).values
    pairs = top_interactions(
        explainer, frame.to_numpy(), Grouping(np.arange(1), 1), values, ["a"],
        budget=Budget.unlimited(), events=quiet()[0],
    )  # fmt: skip
    assert pairs is not None and pairs.empty
