"""Shares led to what came, and answers at a threshold, as part of a pipeline."""

from __future__ import annotations

import cloudpickle
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression

from workbench.pipelines import inner_model
from workbench.pipelines.calibration import Stretched, step, stretch
from workbench.pipelines.finished import FinishedClassifier


def drawn(rows: int = 4000, slope: float = 2.0, shift: float = 0.7, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Shares that are too timid by ``slope`` and too low by ``shift``, and classes that came."""
    rng = np.random.default_rng(seed)
    odds = rng.normal(0, 1, rows)
    came = (rng.random(rows) < 1 / (1 + np.exp(-(slope * odds + shift)))).astype(int)
    share = 1 / (1 + np.exp(-odds))
    return np.column_stack([1 - share, share]), came


def test_a_line_on_the_log_odds_is_found():
    found = stretch(*drawn(40_000), None, shifted=True)
    assert found.slope == pytest.approx(2.0, abs=0.1)
    assert found.shift[1] - found.shift[0] == pytest.approx(0.7, abs=0.08)
    assert found.shift[0] == 0.0
    temperature = stretch(*drawn(40_000, shift=0.0), None, shifted=False)
    assert temperature.slope == pytest.approx(2.0, abs=0.1) and not temperature.shift.any()


def test_rows_without_weight_count_nothing():
    shares, came = drawn(6000)
    weight = np.repeat([1.0, 0.0], 3000)
    spoilt = np.where(weight > 0, came, 1 - came)
    for fit in (step, lambda *rows: stretch(*rows, shifted=True)):
        one, two = fit(shares, spoilt, weight), fit(shares[:3000], came[:3000], None)
        np.testing.assert_allclose(one(shares), two(shares), atol=1e-3)


def test_a_rising_curve_rises_and_is_never_certain():
    shares, came = drawn(500)
    found = step(shares, came, None)
    said = found(shares)
    assert ((said > 0) & (said < 1)).all()
    order = np.argsort(shares[:, 1])
    assert (np.diff(said[order, 1]) >= -1e-12).all()
    np.testing.assert_allclose(said.sum(axis=1), 1)


@pytest.mark.parametrize("shares", [[[1.0, 0.0], [0.0, 1.0]], [[0.5, 0.5], [1e-300, 1.0]]])
def test_certainty_and_nothing_at_all_stay_finite(shares):
    said = Stretched(1.7, np.array([0.0, 0.3]))(np.array(shares))
    assert np.isfinite(said).all()
    np.testing.assert_allclose(said.sum(axis=1), 1)


def test_the_last_step_answers_at_its_threshold_and_survives():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 2))
    y = np.where(X[:, 0] + rng.normal(size=300) > 0, "yes", "no")
    fitted = LogisticRegression().fit(X, y)
    plain = FinishedClassifier.around(fitted)
    np.testing.assert_array_equal(plain.predict(X), fitted.predict(X))
    np.testing.assert_array_equal(plain.predict_proba(X), fitted.predict_proba(X))
    assert inner_model(plain) is fitted
    calm = Stretched(0.5, np.array([0.0, -0.2]))
    for positive in (0, 1):
        model = FinishedClassifier.around(fitted, calibrator=calm, threshold=0.3, positive=positive)
        shares = model.predict_proba(X)
        np.testing.assert_allclose(shares, calm(fitted.predict_proba(X)))
        label = ("no", "yes")[positive]
        np.testing.assert_array_equal(model.predict(X) == label, shares[:, positive] >= 0.3)
        copy = cloudpickle.loads(cloudpickle.dumps(model))
        np.testing.assert_array_equal(copy.predict(X), model.predict(X))
        again = clone(model).fit(X, y)
        np.testing.assert_allclose(again.predict_proba(X), shares)
