"""Targets with a tail: scales lead back to where they came from, and means stay means."""

from __future__ import annotations

import cloudpickle
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.linear_model import LinearRegression

from workbench.contracts import Task
from workbench.pipelines import Derived, Fold, Prepared, family
from workbench.pipelines.scaled import ScaledRegressor, fit_fold
from workbench.pipelines.target_scale import MeanCurve, TargetScale, has_tail, is_skewed, spread_of

FINITE = st.floats(-1e9, 1e9, allow_nan=False)


def lognormal(rows: int, noise: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns, target, and the true mean given the columns."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rows, 2))
    centre = 3 + X[:, 0] - 0.5 * X[:, 1]
    return X, np.exp(centre + rng.normal(0, noise, rows)), np.exp(centre + noise**2 / 2)


@given(st.lists(FINITE, min_size=2, max_size=40))
def test_back_undoes_forth(values):
    y = np.array(values)
    scale = TargetScale.of(y)
    np.testing.assert_allclose(scale.back(scale.forth(y)), y, rtol=1e-6, atol=1e-6 * np.abs(y).max())
    assert np.isfinite(scale.forth(y)).all() and scale.low <= scale.high


def test_small_amounts_have_a_small_unit_and_say_so():
    assert TargetScale.of(np.array([0.0, 20.0, 900.0])).named("spend") == "log(1 + spend)"
    small = TargetScale.of(np.geomspace(1e-6, 1e-2, 50))
    assert small.unit < 1e-4 and small.named("share").startswith("log(1 + share / ")
    assert TargetScale.of(np.array([-5.0, 20.0, 900.0])).named("profit").startswith("Yeo-Johnson(profit")


def test_which_targets_have_a_tail():
    rng = np.random.default_rng(0)
    assert is_skewed(rng.lognormal(3, 1, 500)) and is_skewed(rng.lognormal(3, 1, 500) - 10)
    assert not has_tail(rng.normal(size=500)) and not has_tail(rng.uniform(size=500))
    assert has_tail(np.repeat([0.0, 100.0], [450, 50])) and not is_skewed(np.repeat([0.0, 100.0], [450, 50]))


def test_a_mean_is_led_back_as_a_mean_and_a_median_as_a_median():
    """Of a lognormal with spread 1 the way back of the mean logarithm is 39 % too small."""
    rng = np.random.default_rng(1)
    scale = TargetScale(1.0, None, 0.0, 20.0)
    residuals = rng.normal(0, 1.0, 20_000)
    mean = MeanCurve.of(scale, spread_of(residuals))(np.array([8.0]))
    assert mean == pytest.approx(np.exp(8.5), rel=0.03)
    assert MeanCurve.of(scale, np.empty(0))(np.array([8.0])) == pytest.approx(np.exp(8.0), rel=0.005)
    # the level of the residuals is not learnt: it would be what a later period brought
    np.testing.assert_allclose(MeanCurve.of(scale, residuals + 3).means, MeanCurve.of(scale, residuals).means)


def test_the_fitted_regressor_is_unbiased_where_the_plain_way_back_is_not():
    X, y, _ = lognormal(4000, 0.8)
    fresh, _, expected = lognormal(4000, 0.8, seed=1)
    residuals = np.random.default_rng(2).normal(0, 0.8, 500)
    model = ScaledRegressor(LinearRegression(), spread_of(residuals)).fit(X, y)
    naive = ScaledRegressor(LinearRegression()).fit(X, y)
    assert model.predict(fresh).mean() == pytest.approx(expected.mean(), rel=0.06)
    assert naive.predict(fresh).mean() < 0.8 * expected.mean()
    copy = cloudpickle.loads(cloudpickle.dumps(model))
    np.testing.assert_array_equal(copy.predict(fresh), model.predict(fresh))
    np.testing.assert_array_equal(clone(model).fit(X, y).predict(fresh), model.predict(fresh))
    # a line that goes on far beyond all rows is not raised to a power
    assert model.predict(np.array([[50.0, 0.0]]))[0] < 3 * y.max()


def fold_of(y: np.ndarray, X: np.ndarray, objective: str = "rmse") -> Fold:
    derived = tuple(Derived(name, name, "number") for name in "ab")
    rows = np.arange(len(y))
    train, test = rows[rows % 4 > 0], rows[rows % 4 == 0]
    return Fold(Prepared(X.astype(np.float32), derived), y, None, train, test, Task.REGRESSION, 0, objective)


@pytest.mark.parametrize("name", ["linear", "lightgbm", "random_forest"])
@pytest.mark.parametrize("objective", ["rmse", "mae"])
def test_a_fold_on_a_scale(name, objective):
    X, y, truth = lognormal(1200, 0.7)
    fold = fold_of(y, X, objective)
    params = {"target_scale": "unskewed", "trees": 40, "rounds": 80}
    found = fit_fold(family(name), fold, params, seed=0)
    assert found.prediction.shape == fold.test.shape and (found.prediction > 0).all()
    wanted = truth[fold.test] if objective == "rmse" else truth[fold.test] / np.exp(0.7**2 / 2)
    assert np.median(found.prediction / wanted) == pytest.approx(1, abs=0.12)
    assert len(found.estimator.spread) == (60 if objective == "rmse" else 0)
    # the plain target and the scaled one share nothing that was kept for the fold
    plain = fit_fold(family(name), fold, {**params, "target_scale": "plain"}, seed=0)
    alone = family(name).fit_fold(fold_of(y, X, objective), {"trees": 40, "rounds": 80}, seed=0)
    np.testing.assert_array_equal(plain.prediction, alone.prediction)


def test_no_row_helps_to_predict_itself():
    X, y, _ = lognormal(400, 0.7)
    one = fit_fold(family("linear"), fold_of(y, X), {"target_scale": "unskewed"}, seed=0)
    other = y.copy()
    other[0] *= 1e6  # of the test rows: its own prediction must not move, those of other parts may
    two = fit_fold(family("linear"), fold_of(other, X), {"target_scale": "unskewed"}, seed=0)
    assert one.prediction[0] == two.prediction[0]
    assert (one.prediction != two.prediction).any()
