"""Numeric columns for models that add up: standardised, as normal scores, or as splines."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from scipy.special import ndtri

"""How a number enters a linear model."""

_CLIP = 8.0
"""Standard deviations beyond which a value counts as this far away: one wild cell must not move a prediction."""
_QUANTILES = 200
_KNOTS = 6


class NumericShape(ABC):
    """Learnt on the known values of one column, shape (rows,), float64 without NaN."""

    @abstractmethod
    def fit(self, values: np.ndarray) -> NumericShape:
        """Learn the shape."""

    @abstractmethod
    def transform(self, values: np.ndarray) -> np.ndarray:
        """Shape (rows, columns of the shape)."""

    width = 1


class Standard(NumericShape):
    """Mean 0, standard deviation 1, clipped."""

    def fit(self, values: np.ndarray) -> Standard:
        """Learn centre and scale."""
        self._mean = float(values.mean())
        deviation = float(values.std())
        self._scale = deviation if deviation > 0 and np.isfinite(deviation) else 1.0
        return self

    def transform(self, values: np.ndarray) -> np.ndarray:
        """Shape (rows, 1)."""
        scaled: np.ndarray = np.clip((values - self._mean) / self._scale, -_CLIP, _CLIP)
        return scaled.reshape(-1, 1)


class Quantile(NumericShape):
    """Normal scores of the ranks: what is skewed becomes bell-shaped and no outlier is left."""

    def fit(self, values: np.ndarray) -> Quantile:
        """Learn the quantiles; tied values share their middle rank."""
        levels = np.linspace(0.0, 1.0, min(_QUANTILES, max(2, values.size)))
        points = np.quantile(values, levels)
        self._points, places = np.unique(points, return_inverse=True)
        middle = np.bincount(places, weights=levels) / np.bincount(places)
        scores = ndtri(np.clip(middle, 1e-3, 1 - 1e-3))
        mapped = np.interp(values, self._points, scores)
        spread = float(mapped.std())
        self._scores = (scores - mapped.mean()) / (spread if spread > 0 else 1.0)
        return self

    def transform(self, values: np.ndarray) -> np.ndarray:
        """Shape (rows, 1)."""
        scores: np.ndarray = np.interp(values, self._points, self._scores)
        return scores.reshape(-1, 1)


class Spline(NumericShape):
    """Cubic B-splines on quantile knots (Eilers & Marx 1996): a smooth curve that is still a sum.

    Columns with few distinct values stay straight lines; values beyond the fit are held at its ends.
    """

    def fit(self, values: np.ndarray) -> Spline:
        """Place the knots."""
        from sklearn.preprocessing import SplineTransformer

        knots = np.unique(np.quantile(values, np.linspace(0.0, 1.0, _KNOTS)))
        self._line = Standard().fit(values)
        self._spline = None
        self.width = 1
        if knots.size >= 4:
            spline = SplineTransformer(
                degree=3, knots=knots.reshape(-1, 1), include_bias=False, extrapolation="constant"
            )
            basis = spline.fit_transform(values.reshape(-1, 1))
            deviation = basis.std(axis=0)
            self._scale = np.where(deviation > 1e-9, deviation, 1.0)
            self._centre = basis.mean(axis=0)
            self._spline = spline
            self.width = 1 + basis.shape[1]
        return self

    def transform(self, values: np.ndarray) -> np.ndarray:
        """Shape (rows, width): the straight line, then the bends."""
        line = self._line.transform(values)
        if self._spline is None:
            return line
        bends = (self._spline.transform(values.reshape(-1, 1)) - self._centre) / self._scale
        return np.hstack([line, bends])


def numeric_shape(name: str) -> NumericShape:
    """The shape called ``name``, ``standard``, ``quantile`` or ``spline``."""
    kinds: dict[str, type[NumericShape]] = {"standard": Standard, "quantile": Quantile, "spline": Spline}
    return kinds[name]()
