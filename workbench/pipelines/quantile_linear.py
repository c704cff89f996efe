"""A straight line through a quantile: what a given share of rows lies below."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.linear_model._base import LinearModel

_MOST_ROUNDS = 300
_LEAST_SMOOTH = 0.02


class QuantileRidge(LinearModel):  # type: ignore[misc]
    """Linear quantile regression with a squared penalty.

    The corner of the pinball loss is rounded off by a logistic kernel, whose width falls with the rows (Fernandes,
    Guerre & Horta 2021, "Smoothing quantile regressions"): a smooth problem takes milliseconds where scikit-learn's
    linear program takes minutes. Afterwards the line is moved so that it covers its share of the training rows.

    Args:
        quantile: share of rows that shall lie at or below, between 0 and 1.
        alpha: weight of the sum of squared coefficients, as in ``Ridge``.
    """

    def __init__(self, quantile: float = 0.5, *, alpha: float = 1.0) -> None:
        self.quantile = quantile
        self.alpha = alpha

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit; ``X`` has shape (rows, columns) and no missing values."""
        from scipy.optimize import minimize

        matrix, target = np.asarray(X, dtype=np.float64), np.asarray(y, dtype=np.float64)
        rows, columns = matrix.shape
        weight = np.ones(rows) if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
        middle = weighted_quantile(target, weight, self.quantile)
        scale = float(np.mean(np.abs(target - middle))) or 1.0
        z, share = (target - middle) / scale, weight / weight.sum()
        width = max(_LEAST_SMOOTH, ((np.log(rows) + columns) / rows) ** 0.4 / 2)

        def loss(free: np.ndarray) -> tuple[float, np.ndarray]:
            off = (z - matrix @ free[:-1] - free[-1]) / width
            rounded = self.quantile * off + np.logaddexp(0.0, -off)
            slope = -(self.quantile - 1.0 / (1.0 + np.exp(np.clip(off, -700, 700)))) * share
            penalty = self.alpha / rows * free[:-1]
            gradient = np.append(matrix.T @ slope + penalty, slope.sum())
            return width * float(share @ rounded) + 0.5 * float(penalty @ free[:-1]), gradient

        found = minimize(loss, np.zeros(columns + 1), jac=True, method="L-BFGS-B", options={"maxiter": _MOST_ROUNDS})
        self.coef_ = found.x[:-1] * scale
        self.intercept_ = weighted_quantile(target - matrix @ self.coef_, weight, self.quantile)
        self.n_features_in_ = columns
        return self


def weighted_quantile(values: np.ndarray, weight: np.ndarray | None, quantile: float) -> float:
    """The smallest value at or below which this share of the weight lies."""
    if weight is None:
        weight = np.ones(values.size)
    order = np.argsort(values, kind="stable")
    passed = np.cumsum(weight[order])
    place = int(np.searchsorted(passed, quantile * passed[-1] * (1 - 1e-12)))
    return float(values[order][min(place, values.size - 1)])
