"""Values of trees: exact by definition, equal to those of shap and of the libraries, and the same in any company."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_trees import ensembles
from tree_games import ensemble_game
from tree_models import CASES, CODES, COLUMNS, TreeCase, numbers

from workbench.treeshap import NAN_LEFT, Splits, TreeEnsemble, shapley_values
from workbench.treeshap.sklearn_forest import of_forest
from workbench.treeshap.values import block_width, quadrature


@pytest.fixture(params=CASES, ids=lambda case: case.name, scope="module")
def case(request: pytest.FixtureRequest) -> TreeCase:
    case: TreeCase = request.param
    case.fit(numbers())
    return case


def strange_rows() -> np.ndarray:
    rows = numbers(8, seed=3)
    rows[0, CODES] = 99  # a code that was never seen
    rows[1] = np.nan
    rows[2, CODES] = -1
    rows[3, 4] = 0.0
    rows[4, 0] = 1e30
    return rows


class TestEveryReader:
    """What a new kind of tree model inherits by a line in ``tree_models.CASES``."""

    def test_adds_up_to_what_the_model_says(self, case: TreeCase) -> None:
        ensemble = case.read(case.model)
        for rows in (numbers(50, seed=2), strange_rows()):
            values = shapley_values(ensemble, case.sees(case.model, rows))
            said = case.says(case.model, rows)
            assert values.shape == (len(rows), COLUMNS, said.shape[1])
            np.testing.assert_allclose(ensemble.base + values.sum(axis=1), said, rtol=1e-9, atol=1e-9)

    def test_follows_the_definition(self, case: TreeCase) -> None:
        ensemble = case.read(case.model)
        rows = case.sees(case.model, strange_rows())
        values = shapley_values(ensemble, rows)
        for row, own in zip(rows, values, strict=True):
            expected = ensemble_game(ensemble, row).shapley()
            np.testing.assert_allclose(own, expected, rtol=1e-9, atol=1e-10)

    def test_the_base_is_what_nothing_known_says(self, case: TreeCase) -> None:
        ensemble = case.read(case.model)
        game = ensemble_game(ensemble, case.sees(case.model, numbers(1))[0])
        np.testing.assert_allclose(ensemble.base, game.worth(frozenset()), rtol=1e-9, atol=1e-12)

    def test_equal_rows_are_equal_in_any_company(self, case: TreeCase) -> None:
        ensemble = case.read(case.model)
        rows = case.sees(case.model, numbers(150, seed=4))
        together = shapley_values(ensemble, rows)
        assert np.array_equal(together, shapley_values(ensemble, rows, threads=1))
        np.testing.assert_allclose(shapley_values(ensemble, rows[77:78])[0], together[77], rtol=1e-12, atol=1e-14)
        twice = shapley_values(ensemble, np.vstack([rows[:20], rows[:20]]))
        assert np.array_equal(twice[:20], twice[20:])

    def test_survives_being_kept(self, case: TreeCase) -> None:
        ensemble = case.read(case.model)
        rows = case.sees(case.model, numbers(5))
        before = shapley_values(ensemble, rows)
        assert np.array_equal(shapley_values(pickle.loads(pickle.dumps(ensemble)), rows), before)


SHAP_ERRS = ("histograms, codes", "histograms, codes, of four")
"""shap reads scikit-learn's categories as numbers."""
AGREED = [case for case in CASES if case.name not in SHAP_ERRS]


def of_shap(case: TreeCase, rows: np.ndarray) -> np.ndarray:
    import shap

    theirs = np.asarray(shap.TreeExplainer(case.model).shap_values(rows, check_additivity=False))
    theirs = theirs.reshape(len(rows), COLUMNS, -1)
    return theirs[:, :, 1:] if theirs.shape[2] == 2 else theirs


@pytest.mark.parametrize("case", AGREED, ids=lambda case: case.name)
def test_agrees_with_shap(case: TreeCase) -> None:
    X = numbers()
    case.fit(X)
    ours = shapley_values(case.read(case.model), X[:40])
    np.testing.assert_allclose(ours, of_shap(case, X[:40]), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("case", [case for case in CASES if case.name in SHAP_ERRS], ids=lambda case: case.name)
def test_adds_up_where_shap_does_not(case: TreeCase) -> None:
    X = numbers()
    case.fit(X)
    ensemble, rows = case.read(case.model), X[:40]
    said = case.says(case.model, rows)
    ours = shapley_values(ensemble, case.sees(case.model, rows)).sum(axis=1)
    assert np.abs(ensemble.base + ours - said).max() < 1e-9
    # whatever base shap may have: what it says of two rows must differ as the model does
    theirs = of_shap(case, rows).sum(axis=1)
    assert np.abs((theirs - theirs[0]) - (said - said[0])).max() > 0.01


@given(ensembles(), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_any_trees_follow_the_definition(ensemble: TreeEnsemble, seed: int) -> None:
    random = np.random.default_rng(seed)
    rows = random.normal(size=(5, ensemble.columns)).round(1)
    rows[random.random(rows.shape) < 0.2] = np.nan
    values = shapley_values(ensemble, rows)
    for row, own in zip(rows, values, strict=True):
        game = ensemble_game(ensemble, row)
        np.testing.assert_allclose(own, game.shapley(), rtol=1e-8, atol=1e-10)
        np.testing.assert_allclose(ensemble.base, game.worth(frozenset()), rtol=1e-9, atol=1e-12)


def test_many_columns_on_a_path_stay_exact() -> None:
    """A chain over 60 columns: thirty points, factors from one to nothing."""
    columns, count = 60, 60
    random = np.random.default_rng(0)
    splits = Splits(
        np.append(np.arange(1, count), -1).astype(np.int32), -np.arange(2, count + 2, dtype=np.int32),
        np.arange(count, dtype=np.int32), np.zeros(count), np.full(count, NAN_LEFT, np.uint8),
        random.uniform(0.5, 1, count), np.zeros(count, np.int32), np.full(count, -1, np.int32),
        np.zeros(count, np.bool_), np.zeros(0, np.uint8),
    )  # fmt: skip
    leaves = random.normal(size=(count + 1, 1))
    ensemble = TreeEnsemble(splits, np.zeros(1, np.int32), leaves, np.zeros(1, np.int32), np.zeros(1), columns)
    rows = random.normal(size=(30, columns)) - 1.5
    reached = [int(np.argmax(np.append(row > 0, True))) for row in rows]
    said = np.array([leaves[place + 1 if place < count else 0, 0] for place in reached])
    values = shapley_values(ensemble, rows)
    np.testing.assert_allclose(ensemble.base[0] + values[:, :, 0].sum(axis=1), said, rtol=1e-9, atol=1e-9)


def test_a_column_that_no_tree_asks_gets_nothing() -> None:
    from sklearn.ensemble import RandomForestRegressor

    X = numbers(gaps=False)
    X[:, 5] = 1.0
    forest = RandomForestRegressor(5, random_state=0).fit(X, X[:, 0])
    assert np.all(shapley_values(of_forest(forest), X)[:, 5] == 0)


def test_no_rows_give_no_values() -> None:
    case = CASES[0]
    case.fit(numbers())
    assert shapley_values(case.read(case.model), np.zeros((0, COLUMNS))).shape == (0, COLUMNS, 1)


def test_blocks_are_whole_and_bounded() -> None:
    for rows in (1, 15, 16, 17, 100, 1000):
        for threads in (1, 2, 8):
            for bytes_of_a_row in (100, 100_000, 10**9):
                width = block_width(rows, threads, bytes_of_a_row)
                assert width % 16 == 0 and 16 <= width <= 64
                assert width == 16 or width * bytes_of_a_row <= 64_000_000
    assert block_width(40, 2, 100) == 32  # both threads get some


def test_quadrature_is_exact_for_its_degree() -> None:
    places, weights = quadrature(9)
    for points in range(1, 10):
        for degree in range(2 * points):
            assert np.isclose((weights[points] * places[points] ** degree).sum(), 1 / (degree + 1))


def test_nodes_may_come_in_any_order_after_the_root() -> None:
    """A child before its parent, as a library may number them that gives the places of pruned nodes away again."""
    from workbench.treeshap.nodes import TreeNodes, ensemble_of

    ordered = {
        "left": [1, 2, -1, -1, -1], "right": [4, 3, -1, -1, -1], "column": [0, 1, 0, 0, 0],
        "threshold": [0.0, 0.5, 0, 0, 0], "missing": [0, 1, 0, 0, 0], "cover": [10.0, 6, 2, 4, 4],
        "value": [0.0, 0, 1, 5, -3],
    }  # fmt: skip
    moved = np.array([0, 3, 1, 4, 2])  # where each node goes: the second split stands behind its own leaf
    back = np.argsort(moved)

    def tree(names: np.ndarray | None) -> TreeNodes:
        arrays = {name: np.array(cells) for name, cells in ordered.items()}
        if names is not None:
            arrays = {name: cells[back] for name, cells in arrays.items()}
            for side in ("left", "right"):
                arrays[side] = np.where(arrays[side] >= 0, names[arrays[side]], -1)
        arrays["value"] = arrays["value"].reshape(-1, 1)
        return TreeNodes(**arrays)

    rows = np.random.default_rng(0).normal(size=(20, 2))
    plain, other = (ensemble_of([tree(names)], np.zeros(1), np.zeros(1), 2) for names in (None, moved))
    np.testing.assert_allclose(shapley_values(other, rows), shapley_values(plain, rows))
    assert other.base[0] == pytest.approx(plain.base[0]) == pytest.approx((2 * 1 + 4 * 5 + 4 * -3) / 10)
