"""Conditional quantiles out of fold, moved so that they cover what they say they cover."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from workbench.gap.matrix import Floats, Ints, Matrix

LEVELS = (0.8, 0.9, 0.95)
"""Low, middle and high reading of what "nearly the full wallet" means; the middle one is the potential."""
MIDDLE = 1

_ROUNDS = 120
TRAINING_ROWS = 20_000
"""More would only cost time for models of so few leaves."""
FEW_ROWS = 5_000
"""For when time is short."""
_SETTINGS: dict[str, object] = {
    "learning_rate": 0.07,
    "num_leaves": 12,
    "min_data_in_leaf": 30,
    "min_data_per_group": 30,
    "feature_fraction": 0.8,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}


@dataclass(frozen=True)
class Quantiles:
    """Out-of-fold quantiles.

    Attributes:
        values: shape (rows, levels), in the outcome's unit, never falling from one level to the next.
        coverage: share of outcomes at or below each quantile, shape (levels,).
        raw_coverage: the same before the conformal correction.
    """

    values: Floats
    coverage: Floats
    raw_coverage: Floats


@dataclass(frozen=True)
class Scale:
    """asinh of the outcome over its typical size: a correction then acts in proportion, and returns may be negative."""

    unit: float

    @classmethod
    def of(cls, y: Floats) -> Scale:
        """The scale of these outcomes."""
        sizes = np.abs(y[y != 0])
        return cls(float(np.median(sizes)) if len(sizes) else 1.0)

    def forth(self, y: Floats) -> Floats:
        """From the outcome's unit."""
        return np.arcsinh(y / self.unit)

    def back(self, z: Floats) -> Floats:
        """To the outcome's unit."""
        return np.sinh(z) * self.unit


def folds_by(groups: Ints, rng: np.random.Generator, *, folds: int = 5) -> Ints:
    """A fold number for each row; rows of one group (one customer) share it."""
    names, codes = np.unique(groups, return_inverse=True)
    numbers = np.arange(len(names)) % folds
    rng.shuffle(numbers)
    return numbers[codes].astype(np.int64)


def conditional_quantiles(
    X: Matrix,
    y: Floats,
    levels: tuple[float, ...],
    folds: Ints,
    *,
    seed: int,
    tick: Callable[[], None],
    most_rows: int = TRAINING_ROWS,
) -> Quantiles:
    """Quantiles of ``y`` given ``X``, each row judged by a model that has not seen its fold.

    LightGBM's pinball loss alone covers too little (0.88 for 0.90 on the bundled data), so each fold is moved by the
    quantile of the *other* folds' residuals: split-conformal correction (Romano, Patterson and Candès 2019, in the
    cross-fitted form), which leaves ``coverage`` an honest figure.

    Args:
        X: shape (rows, columns), at least one column.
        y: outcomes, shape (rows,), finite.
        levels: rising, each between 0 and 1.
        folds: fold number of each row.
        seed: of LightGBM and of the sample that it is trained on.
        tick: called between fits.
        most_rows: each model is trained on a sample of at most so many rows.
    """
    scale = Scale.of(y)
    z = scale.forth(y)
    corrected = np.empty((len(y), len(levels)))
    raw = np.empty_like(corrected)
    for column, level in enumerate(levels):
        raw[:, column] = out_of_fold(
            X, z, folds, seed=seed, tick=tick, most_rows=most_rows, objective="quantile", alpha=level
        )
        residual = z - raw[:, column]
        for fold in np.unique(folds):
            inside = folds == fold
            corrected[inside, column] = raw[inside, column] + _conformal(residual[~inside], level)
    corrected = np.sort(corrected, axis=1)
    return Quantiles(
        values=scale.back(corrected),
        coverage=np.mean(z[:, None] <= corrected + 1e-9, axis=0),
        raw_coverage=np.mean(z[:, None] <= raw + 1e-9, axis=0),
    )


def _conformal(residual: Floats, level: float) -> float:
    """The shift that makes ``level`` of the calibration rows fall at or below, with the finite-sample correction."""
    rank = min(1.0, level * (1 + 1 / len(residual)))
    return float(np.quantile(residual, rank, method="higher"))


def out_of_fold(
    X: Matrix,
    y: Floats,
    folds: Ints,
    *,
    seed: int,
    tick: Callable[[], None],
    rounds: int = _ROUNDS,
    most_rows: int = TRAINING_ROWS,
    **objective: object,
) -> Floats:
    """Predictions of small LightGBM models for rows of folds that they have not seen, shape (rows,)."""
    out = np.empty(len(y))
    for fold in np.unique(folds):
        inside = folds == fold
        model = train(
            X, y, np.flatnonzero(~inside), seed=seed, tick=tick, rounds=rounds, most_rows=most_rows, **objective
        )
        out[inside] = model(X.values[inside])
    return out


def train(
    X: Matrix,
    y: Floats,
    rows: Ints,
    *,
    seed: int,
    tick: Callable[[], None],
    rounds: int,
    most_rows: int = TRAINING_ROWS,
    **objective: object,
) -> Callable[[Floats], Floats]:
    """A small LightGBM model of (a sample of) the given rows, as a function from feature rows to predictions."""
    import lightgbm as lgb

    tick()
    if len(rows) > most_rows:
        rows = np.sort(np.random.default_rng(seed).choice(rows, most_rows, replace=False))
    settings = {**_SETTINGS, "seed": seed, "min_data_in_leaf": max(2, min(30, len(rows) // 20)), **objective}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        data = lgb.Dataset(X.values[rows], y[rows], categorical_feature=list(X.categorical), params=settings)
        model = lgb.train(settings, data, num_boost_round=rounds)

    def predict(values: Floats) -> Floats:
        return np.asarray(model.predict(values, num_threads=1), dtype=np.float64)

    return predict
