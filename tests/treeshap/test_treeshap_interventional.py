"""Values against background rows: exact by definition, equal to shap's, and they add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_trees import ensembles
from tree_games import background_games
from tree_models import CASES, TreeCase, numbers

from workbench.treeshap import TreeEnsemble, interventional_values


@pytest.fixture(params=CASES, ids=lambda case: case.name, scope="module")
def case(request: pytest.FixtureRequest) -> TreeCase:
    case: TreeCase = request.param
    case.fit(numbers())
    return case


class TestEveryReader:
    """What a new kind of tree model inherits by a line in ``tree_models.CASES``."""

    def test_follows_the_definition(self, case: TreeCase) -> None:
        ensemble = case.read(case.model)
        rows, background = (case.sees(case.model, numbers(count, seed=9)) for count in (3, 4))
        values, _ = interventional_values(ensemble, rows, background)
        for row, own in zip(rows, values, strict=True):
            expected = np.mean([game.shapley() for game in background_games(ensemble, row, background)], axis=0)
            np.testing.assert_allclose(own, expected, rtol=1e-9, atol=1e-10)

    def test_adds_up_to_what_the_model_says(self, case: TreeCase) -> None:
        ensemble = case.read(case.model)
        rows, background = numbers(40, seed=10), numbers(7, seed=11)
        values, base = interventional_values(ensemble, case.sees(case.model, rows), case.sees(case.model, background))
        np.testing.assert_allclose(base + values.sum(axis=1), case.says(case.model, rows), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(base, case.says(case.model, background).mean(axis=0), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("count", [64, 65, 130])
def test_many_background_rows_are_the_mean_of_few(count: int) -> None:
    case = next(case for case in CASES if case.name == "lightgbm codes")
    case.fit(numbers())
    ensemble, rows, background = case.read(case.model), numbers(5), numbers(count, seed=12)
    values, base = interventional_values(ensemble, rows, background)
    parts = [interventional_values(ensemble, rows, background[[place]]) for place in range(count)]
    np.testing.assert_allclose(values, np.mean([part for part, _ in parts], axis=0), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(base, np.mean([own for _, own in parts], axis=0), rtol=1e-9)


@pytest.mark.parametrize("name", ["forest", "forest of two", "lightgbm"])
def test_agrees_with_shap(name: str) -> None:
    import shap

    case = next(case for case in CASES if case.name == name)
    X = numbers(gaps=False)
    case.fit(X)
    rows, background = X[:12], X[100:120]
    explainer = shap.TreeExplainer(case.model, background, feature_perturbation="interventional")
    theirs = np.asarray(explainer.shap_values(rows)).reshape(12, X.shape[1], -1)
    ours, _ = interventional_values(case.read(case.model), rows, background)
    # shap keeps single precision here; the definition above is held to 1e-9
    np.testing.assert_allclose(ours, theirs[:, :, -ours.shape[2] :], rtol=1e-4, atol=1e-5)


@given(ensembles(), st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_any_trees_follow_the_definition(ensemble: TreeEnsemble, seed: int) -> None:
    random = np.random.default_rng(seed)
    rows, background = (random.normal(size=(3, ensemble.columns)).round(1) for _ in range(2))
    values, _ = interventional_values(ensemble, rows, background)
    for row, own in zip(rows, values, strict=True):
        expected = np.mean([game.shapley() for game in background_games(ensemble, row, background)], axis=0)
        np.testing.assert_allclose(own, expected, rtol=1e-8, atol=1e-10)
