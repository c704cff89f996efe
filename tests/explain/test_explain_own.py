"""Models that explain themselves: their trees follow Shapley's definition and say what their library says."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from tree_games import ensemble_game

from workbench.contracts import Task
from workbench.pipelines import Derived, family
from workbench.pipelines.raw_model import RawModel
from workbench.pipelines.tree_model import TreeModel

COLUMNS = 5


def table(rows: int = 400, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    X = random.normal(size=(rows, COLUMNS)).astype(np.float32)
    X[:, 3] = random.integers(0, 9, size=rows)
    X[::9, 1] = np.nan
    X[::11, 3] = np.nan
    return X


def fitted(name: str, task: Task, categories: bool, **params: Any) -> RawModel:
    kind = family(name)
    if kind.missing:
        pytest.skip(kind.missing)
    X = table()
    known = np.nan_to_num(X)
    score = 3 * known[:, 0] - 2 * known[:, 1] * np.isin(known[:, 3], (1, 4, 6)) + np.sin(known[:, 2])
    y = score if task is Task.REGRESSION else np.digitize(score, [0.0] if task is Task.BINARY else [-2.0, 2.0])
    levels = tuple("abcdefghi")
    derived = [
        Derived(f"c{j}", f"c{j}", "category", levels) if categories and j == 3 else Derived(f"c{j}", f"c{j}", "number")
        for j in range(COLUMNS)
    ]
    model = kind.estimator(task, {"min_samples_leaf": 5, **params}, derived, seed=0, rounds=8)
    kind.fit(model, X, y)
    return model


@pytest.mark.parametrize("categories", [False, True], ids=["numbers", "categories"])
@pytest.mark.parametrize("task", [Task.REGRESSION, Task.BINARY, Task.MULTICLASS], ids=str)
@pytest.mark.parametrize("name", ["hist_gradient_boosting", "xgboost"])
def test_values_of_trees_follow_the_definition(name: str, task: Task, categories: bool) -> None:
    model = fitted(name, task, categories)
    assert isinstance(model, TreeModel)
    rows = table(5, seed=1)
    rows[0, 3] = 99  # a category that was never seen
    rows[1] = np.nan
    values, base = model.contributions(rows)
    assert np.allclose(base + values.sum(axis=1), model.scores(rows), rtol=1e-12, atol=1e-12)
    for own, row in zip(values, model.seen(rows), strict=True):
        assert np.allclose(own, ensemble_game(model.ensemble, row).shapley(), rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("task", [Task.REGRESSION, Task.BINARY, Task.MULTICLASS], ids=str)
def test_values_agree_with_shap(task: Task) -> None:
    import shap

    model = fitted("hist_gradient_boosting", task, categories=False)
    rows = table(20, seed=2)
    theirs = np.asarray(shap.TreeExplainer(model.model_).shap_values(rows))  # type: ignore[attr-defined]
    values, _ = model.contributions(rows)
    assert np.abs(values - theirs.reshape(values.shape)).max() < 1e-6  # shap sums up in single precision here


@pytest.mark.parametrize("task", [Task.REGRESSION, Task.BINARY, Task.MULTICLASS], ids=str)
def test_scores_and_values_agree_with_xgboost_in_its_precision(task: Task) -> None:
    model: Any = fitted("xgboost", task, categories=True, learning_rate=0.2)
    rows = table(50, seed=3)
    rows[0, 3] = 99
    rows[1] = np.nan
    data = model._data(rows)
    margin = model.booster_.predict(data, output_margin=True).reshape(50, -1)
    assert np.abs(model.scores(rows) - margin).max() < 1e-5 * np.abs(margin).max()
    theirs = model.booster_.predict(data, pred_contribs=True, strict_shape=True)
    values, base = model.contributions(rows)
    assert np.abs(np.moveaxis(values, 2, 1) - theirs[:, :, :-1]).max() < 1e-4
    assert np.abs(base - theirs[0, :, -1]).max() < 1e-4


def test_terms_of_pairs_are_shared_by_halves() -> None:
    model: Any = fitted("ebm", Task.BINARY, categories=True, interactions=3)
    rows = table(30, seed=4)
    values, base = model.contributions(rows)
    terms, columns = model.model_.eval_terms(rows), model.model_.term_features_
    assert any(len(one) == 2 for one in columns)
    mine = sum(terms[:, place] / len(one) for place, one in enumerate(columns) if 1 in one)
    assert np.allclose(values[:, 1, 0], mine)
    assert np.allclose(base + values.sum(axis=1), model.scores(rows), rtol=1e-12)


@pytest.mark.parametrize("name", ["hist_gradient_boosting", "xgboost"])
def test_what_was_worked_out_for_explaining_is_not_stored(name: str) -> None:
    model = fitted(name, Task.BINARY, categories=True)
    before = len(pickle.dumps(model))
    model.contributions(table(5))
    assert len(pickle.dumps(model)) == before
