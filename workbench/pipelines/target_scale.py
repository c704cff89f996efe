"""Targets with a long tail on a scale where they have none, and the way back to a mean in their own unit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

BINS = 60
"""Residuals that a spread keeps of one fold: means of as many groups of sorted residuals."""
_GRID = 512
_POWER_ROWS = 5_000
_LEAST_UNIT = 1e-9
"""Per largest value: what is smaller still counts as nothing."""
_LEAST_SKEWNESS = 1.0
_LEFT_OVER = 0.5


@dataclass(frozen=True)
class TargetScale:
    """log(1 + y / unit) for amounts, the transformation of Yeo and Johnson (2000) for numbers of both signs.

    Attributes:
        unit: what counts as one, in the target's unit: 1, or less where amounts are small.
        power: of Yeo and Johnson, from 0 to 2, where its inverse is defined everywhere; ``None`` for the logarithm.
        low, high: range of the scaled values that it was made of. Predictions are kept inside: a straight line that
            goes on where no row was would be raised to a power.
    """

    unit: float
    power: float | None
    low: float
    high: float

    @classmethod
    def of(cls, y: np.ndarray) -> Self:
        """The scale of these values, shape (rows,), finite."""
        largest = float(np.abs(y).max())
        if y.min() >= 0:
            positive = y[y > 0]
            unit = min(1.0, float(np.quantile(positive, 0.05))) if positive.size else 1.0
            found = cls(max(unit, _LEAST_UNIT * largest), None, 0.0, 0.0)
        else:
            unit = max(float(np.median(np.abs(y[y != 0]))), _LEAST_UNIT * largest)
            found = cls(unit, _likeliest_power(y[:: max(1, y.size // _POWER_ROWS)] / unit), 0.0, 0.0)
        z = found.forth(y)
        return replace(found, low=float(z.min()), high=float(z.max()))

    def forth(self, y: np.ndarray) -> np.ndarray:
        """From the target's unit; what lies below zero counts as zero where the scale is a logarithm."""
        if self.power is None:
            return np.asarray(np.log1p(np.maximum(y, 0.0) / self.unit))
        from scipy.stats import yeojohnson

        return np.asarray(yeojohnson(np.asarray(y, dtype=np.float64) / self.unit, lmbda=self.power))

    def back(self, z: np.ndarray) -> np.ndarray:
        """To the target's unit."""
        if self.power is None:
            return np.asarray(np.expm1(z) * self.unit)
        above, below = np.maximum(z, 0.0), np.minimum(z, 0.0)
        return np.asarray(self.unit * (_grown(above, self.power) - _grown(-below, 2.0 - self.power)))

    def named(self, target: str) -> str:
        """What the scaled target is called: where explanations of a model on this scale add up."""
        within = target if self.unit == 1.0 else f"{target} / {self.unit:.3g}"
        return f"log(1 + {within})" if self.power is None else f"Yeo-Johnson({within}, {self.power:.2f})"


def _likeliest_power(y: np.ndarray) -> float:
    """The power under which values are most like a normal distribution, of 41 from 0 to 2."""
    from scipy.stats import yeojohnson_llf

    powers = np.linspace(0.0, 2.0, 41)
    with np.errstate(all="ignore"):
        likelihoods = np.array([yeojohnson_llf(power, y) for power in powers])
    known = np.isfinite(likelihoods)
    return float(powers[np.where(known, likelihoods, -np.inf).argmax()]) if known.any() else 1.0


def _grown(z: np.ndarray, power: float) -> np.ndarray:
    """The inverse of ((y + 1)^power − 1) / power, for z ≥ 0."""
    return np.expm1(z) if power < 1e-8 else np.expm1(np.log1p(power * z) / power)


@dataclass(frozen=True, eq=False)
class MeanCurve:
    """The mean of the target, in its own unit, for each prediction on a scale.

    The way back of a mean is not the mean: exp of a mean of logarithms is too small. Duan (1983), "Smearing
    estimate: a nonparametric retransformation method": the mean, over the residuals, of the way back of prediction
    plus residual. Residuals are of rows that the model was not fitted on, since those of its own rows are too small.
    They are centred: their spread is learnt and never their level, which in a later period would be a look ahead.

    Attributes:
        grid, means: the curve, between whose points lines are drawn; both of shape (points,).
    """

    grid: np.ndarray
    means: np.ndarray

    @classmethod
    def of(cls, scale: TargetScale, residuals: np.ndarray) -> Self:
        """The curve of a scale; without residuals it is the plain way back, which keeps medians and quantiles."""
        grid = np.linspace(scale.low, scale.high, _GRID)
        if not residuals.size:
            return cls(grid, scale.back(grid))
        centred = residuals - residuals.mean()
        return cls(grid, scale.back(grid[:, None] + centred[None, :]).mean(axis=1))

    def __call__(self, z: np.ndarray) -> np.ndarray:
        """Predictions in the target's unit, shape (rows,)."""
        return np.asarray(np.interp(z, self.grid, self.means), dtype=np.float64)


def spread_of(residuals: np.ndarray) -> np.ndarray:
    """At most ``BINS`` residuals that stand for all: means of groups of equal size, lowest first."""
    ordered = np.sort(residuals)
    if ordered.size <= BINS:
        return ordered
    return np.array([part.mean() for part in np.array_split(ordered, BINS)])


def has_tail(y: np.ndarray) -> bool:
    """Whether a target looks heavy-tailed: its skewness is above 1, either way."""
    from scipy.stats import skew

    return abs(float(skew(y))) > _LEAST_SKEWNESS


def is_skewed(y: np.ndarray) -> bool:
    """Whether a target has a tail, and its scale takes at least half of the skewness away."""
    from scipy.stats import skew

    return has_tail(y) and abs(float(skew(TargetScale.of(y).forth(y)))) < _LEFT_OVER * abs(float(skew(y)))
