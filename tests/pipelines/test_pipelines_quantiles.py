"""Quantiles: a line, a booster and a constant that cover their share."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import QuantileRegressor

from workbench.contracts import Task
from workbench.pipelines import Derived, Fold, Prepared, family
from workbench.pipelines.quantile_linear import QuantileRidge, weighted_quantile
from workbench.pipelines.quantiles import quantile_of


def uneven(rows=2000, seed=0):
    """A line whose noise grows with it."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rows, 3))
    return X, 10 + 3 * X[:, 0] + np.exp(0.5 * X[:, 1]) * rng.normal(size=rows)


def pinball(y, said, quantile):
    return np.mean(np.maximum(quantile * (y - said), (quantile - 1) * (y - said)))


@pytest.mark.parametrize("quantile", [0.1, 0.5, 0.9])
def test_the_smooth_line_is_as_good_as_the_linear_program(quantile):
    X, y = uneven(800)
    fresh, came = uneven(4000, seed=1)
    ours = QuantileRidge(quantile, alpha=1e-3).fit(X, y)
    theirs = QuantileRegressor(quantile=quantile, alpha=0, solver="highs").fit(X, y)
    assert pinball(came, ours.predict(fresh), quantile) < 1.01 * pinball(came, theirs.predict(fresh), quantile)
    assert np.mean(y <= ours.predict(X)) == pytest.approx(quantile, abs=2 / 800)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=0.15)
    np.testing.assert_array_equal(clone(ours).fit(X, y).coef_, ours.coef_)


def test_weights_are_repetitions():
    X, y = uneven(300)
    weight = np.random.default_rng(0).integers(1, 4, 300)
    weighted = QuantileRidge(0.8).fit(X, y, sample_weight=weight.astype(float))
    repeated = QuantileRidge(0.8).fit(np.repeat(X, weight, axis=0), np.repeat(y, weight))
    np.testing.assert_allclose(weighted.coef_, repeated.coef_, atol=0.05)
    assert weighted_quantile(y, weight, 0.3) == weighted_quantile(np.repeat(y, weight), None, 0.3)


def test_constant_and_wide_targets_do_not_break_it():
    X, _ = uneven(50)
    assert QuantileRidge(0.9).fit(X, np.full(50, 7.0)).predict(X) == pytest.approx(7.0)
    assert np.isfinite(QuantileRidge(0.9).fit(X, np.geomspace(1e-9, 1e12, 50)).predict(X)).all()


@pytest.mark.parametrize("name", ["linear", "lightgbm", "baseline"])
@pytest.mark.parametrize("scale", ["plain", "unskewed"])
def test_families_that_say_so_learn_quantiles(name, scale):
    from workbench.pipelines.scaled import fit_fold

    assert family(name).quantiles and not family("random_forest").quantiles
    X, y = uneven()
    rows = np.arange(2000)
    derived = tuple(Derived(letter, letter, "number") for letter in "abc")
    prepared = Prepared(X.astype(np.float32), derived)
    fold = Fold(prepared, y, None, rows[rows % 4 > 0], rows[rows % 4 == 0], Task.REGRESSION, 0, "pinball@0.8")
    found = fit_fold(family(name), fold, {"quantile": 0.8, "rounds": 200, "target_scale": scale}, seed=0)
    assert np.mean(y[fold.test] <= found.prediction) == pytest.approx(0.8, abs=0.06)


@pytest.mark.parametrize(
    ("name", "quantile"), [("pinball@0.9", 0.9), ("pinball@1", None), ("pinball@x", None), ("rmse", None)]
)
def test_names_of_quantiles(name, quantile):
    assert quantile_of(name) == quantile
