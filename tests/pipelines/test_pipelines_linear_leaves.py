"""Boosted trees with lines in their leaves: better where the truth is a line, sober where no row was."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from workbench.contracts import Task
from workbench.pipelines import Derived, Fold, Prepared, family
from workbench.pipelines.blend import FittedModel
from workbench.pipelines.encoders import BoundedEncoder

CONSTANT = {"learning_rate": 0.1, "num_leaves": 6, "min_data_in_leaf": 20, "rounds": 400}
LINEAR = {**CONSTANT, "linear_tree": True, "linear_lambda": 1.0}
DERIVED = (
    Derived("income", ("income",), "number"),
    Derived("age", ("age",), "number"),
    Derived("city", ("city",), "category", tuple("abc")),
)


def spending(rows: int = 900, seed: int = 0) -> tuple[Prepared, np.ndarray]:
    """A slope that depends on the city, in columns of very different size; some cells are missing."""
    rng = np.random.default_rng(seed)
    matrix = np.column_stack([rng.normal(50_000, 9_000, rows), rng.uniform(18, 80, rows), rng.integers(0, 3, rows)])
    y = 0.01 * (1 + matrix[:, 2]) * matrix[:, 0] + 3 * matrix[:, 1] + rng.normal(0, 20, rows)
    matrix[rng.random(rows) < 0.03, 1] = np.nan
    return Prepared(matrix.astype(np.float32), DERIVED), y


def fold_of(prepared: Prepared, y: np.ndarray) -> Fold:
    rows = np.arange(len(y))
    return Fold(prepared, y, None, rows[rows % 3 > 0], rows[rows % 3 == 0], Task.REGRESSION, 0, "rmse")


def error(found, fold):
    return float(np.sqrt(np.mean((found.prediction - fold.target[fold.test]) ** 2)))


def test_lines_say_what_constants_need_many_leaves_for():
    fold = fold_of(*spending())
    kind = family("lightgbm")
    # both on one fold: rows that are binned for one are not taken for the other
    constant, linear, again = (kind.fit_fold(fold, params, seed=0) for params in (CONSTANT, LINEAR, CONSTANT))
    assert error(linear, fold) < 0.8 * error(constant, fold)
    np.testing.assert_array_equal(constant.prediction, again.prediction)
    assert kind.work(Task.REGRESSION, LINEAR, 900, 3, 0) != kind.work(Task.REGRESSION, CONSTANT, 900, 3, 0)


def test_a_kept_model_and_a_fit_on_all_rows_say_the_same_as_the_fold():
    fold = fold_of(*spending())
    kind = family("lightgbm")
    found = kind.fit_fold(fold, LINEAR, seed=0)
    kept = pickle.loads(pickle.dumps(FittedModel(found.encoder, found.estimator, Task.REGRESSION, 0)))
    np.testing.assert_allclose(kept.predict(fold.prepared.take(fold.test)), found.prediction, rtol=1e-9)
    matrix = found.encoder.transform(fold.prepared)
    whole = kind.estimator(Task.REGRESSION, LINEAR, DERIVED, seed=0, rounds=found.rounds)
    assert kind.fit(whole, matrix[fold.train], fold.target[fold.train])
    np.testing.assert_allclose(whole.predict(matrix[fold.test]), found.prediction, rtol=1e-6)


@pytest.mark.parametrize("income", [1e9, np.inf, -1e30])
def test_no_line_goes_on_to_where_no_row_was(income):
    prepared, y = spending()
    found = family("lightgbm").fit_fold(fold_of(prepared, y), LINEAR, seed=0)
    strange = prepared.matrix[:60].copy()
    strange[:, 0] = income
    said = FittedModel(found.encoder, found.estimator, Task.REGRESSION, 0).predict(Prepared(strange, DERIVED))
    assert np.isfinite(said).all()
    spread = y.max() - y.min()
    assert said.min() > y.min() - 0.3 * spread and said.max() < y.max() + 0.3 * spread


def test_bounds_keep_order_codes_and_gaps():
    prepared, _ = spending()
    encoder = BoundedEncoder().fit(prepared)
    table = encoder.transform(prepared)
    assert table.dtype == np.float32
    np.testing.assert_array_equal(np.isnan(table), np.isnan(prepared.matrix))
    np.testing.assert_array_equal(table[:, 2], prepared.matrix[:, 2])
    assert abs(table[:, 0].mean()) < 1e-3 and table[:, 0].std() == pytest.approx(1, rel=1e-3)
    order = np.argsort(prepared.matrix[:, 0], kind="stable")
    assert (np.diff(table[order, 0]) >= 0).all()
    # a column that is empty or never varies is no reason to divide by nothing
    flat = Prepared(np.column_stack([np.full(5, np.nan), np.full(5, 7.0), np.arange(5) % 2]).astype("f4"), DERIVED)
    table = BoundedEncoder().fit(flat).transform(flat)
    assert np.isnan(table[:, 0]).all() and (table[:, 1] == 0).all()
