"""Interactions of trees: exact by definition, equal to shap's, and they add up to the values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_trees import ensembles
from tree_games import ensemble_game
from tree_models import CASES, CODES, COLUMNS, TreeCase, numbers

from workbench.treeshap import TreeEnsemble, shapley_interactions, shapley_values


@pytest.fixture(params=CASES, ids=lambda case: case.name, scope="module")
def case(request: pytest.FixtureRequest) -> TreeCase:
    case: TreeCase = request.param
    case.fit(numbers())
    return case


class TestEveryReader:
    """What a new kind of tree model inherits by a line in ``tree_models.CASES``."""

    def test_follows_the_definition(self, case: TreeCase) -> None:
        ensemble = case.read(case.model)
        rows = case.sees(case.model, numbers(3, seed=5))
        rows[0, CODES] = np.nan
        found = shapley_interactions(ensemble, rows)
        assert found.shape == (3, COLUMNS, COLUMNS, ensemble.outputs)
        for row, own in zip(rows, found, strict=True):
            np.testing.assert_allclose(own, ensemble_game(ensemble, row).interactions(), rtol=1e-9, atol=1e-10)

    def test_adds_up_to_the_values(self, case: TreeCase) -> None:
        ensemble = case.read(case.model)
        rows = case.sees(case.model, numbers(70, seed=6))
        found, values = shapley_interactions(ensemble, rows), shapley_values(ensemble, rows)
        np.testing.assert_allclose(found.sum(axis=2), values, rtol=1e-9, atol=1e-10)
        assert np.array_equal(found, found.swapaxes(1, 2))

    def test_groups_are_sums_of_their_columns(self, case: TreeCase) -> None:
        ensemble = case.read(case.model)
        rows = case.sees(case.model, numbers(20, seed=7))
        groups = np.array([1, 0, 1, 2, -1, 0])
        found, single = shapley_interactions(ensemble, rows, groups), shapley_interactions(ensemble, rows)
        for first in range(3):
            for second in range(3):
                if first != second:
                    block = single[:, groups == first][:, :, groups == second].sum(axis=(1, 2))
                    np.testing.assert_allclose(found[:, first, second], block, rtol=1e-9, atol=1e-10)
        values = shapley_values(ensemble, rows)
        for group in range(3):
            together = values[:, groups == group].sum(axis=1)
            np.testing.assert_allclose(found[:, group].sum(axis=1), together, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("name", ["forest", "forest of four", "lightgbm of two"])
def test_agrees_with_shap(name: str) -> None:
    import shap

    case = next(case for case in CASES if case.name == name)
    case.fit(numbers())
    rows = numbers(12, seed=8)
    theirs = np.asarray(shap.TreeExplainer(case.model).shap_interaction_values(rows))
    ours = shapley_interactions(case.read(case.model), rows)
    np.testing.assert_allclose(ours, theirs.reshape(ours.shape), rtol=1e-9, atol=1e-9)


@given(ensembles(), st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_any_trees_follow_the_definition(ensemble: TreeEnsemble, seed: int) -> None:
    rows = np.random.default_rng(seed).normal(size=(3, ensemble.columns)).round(1)
    found = shapley_interactions(ensemble, rows)
    for row, own in zip(rows, found, strict=True):
        np.testing.assert_allclose(own, ensemble_game(ensemble, row).interactions(), rtol=1e-8, atol=1e-10)
