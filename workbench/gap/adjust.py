"""What a customer was to be expected to spend anyway, given her past: regression to the mean, taken out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from workbench.gap.matrix import Floats, Ints, Matrix
from workbench.gap.quantile import train

_TREES: dict[str, Any] = {
    "objective": "regression",
    "learning_rate": 0.05,
    "num_leaves": 8,
    "feature_fraction": 1.0,
}


def expected_future(future: Floats, known: Floats, *, folds: Ints, seed: int, tick: Callable[[], None]) -> Floats:
    """Out-of-fold forecast of ``future``, shape (customers,), from ``known``, shape (customers, columns).

    A straight line first, because trees can't follow big spenders beyond the data; then small trees on what the line
    leaves, because mean reversion is not straight. Neither sees the fold that it forecasts.
    """
    spread = known.std(axis=0)
    scaled = (known - known.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    matrix = Matrix(known, (), tuple(str(column) for column in range(known.shape[1])))
    design = np.column_stack([np.ones(len(future)), scaled])
    out = np.empty(len(future))
    for fold in np.unique(folds):
        inside = folds == fold
        weights = np.linalg.lstsq(design[~inside], future[~inside], rcond=1e-8)[0]
        line = design @ weights
        trees = train(matrix, future - line, np.flatnonzero(~inside), seed=seed, tick=tick, rounds=60, **_TREES)
        out[inside] = line[inside] + trees(matrix.values[inside])
    return out


def explained(actual: Floats, forecast: Floats) -> float:
    """R², the share of the variance that a forecast explains; NaN when nothing varies."""
    total = float(np.sum((actual - actual.mean()) ** 2))
    return 1 - float(np.sum((actual - forecast) ** 2)) / total if total > 0 else float("nan")
