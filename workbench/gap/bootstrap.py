"""Intervals by drawing customers again."""

from __future__ import annotations

import numpy as np

from workbench.gap.matrix import Floats

_LARGE = 20_000
"""Above this, the bootstrap of a mean and its normal approximation are the same to the digits that are shown."""


def weights(rng: np.random.Generator, rows: int, draws: int) -> Floats:
    """How often each row is drawn, shape (draws, rows); shared by all scores, so that differences are paired."""
    return rng.multinomial(rows, np.full(rows, 1 / rows), size=draws).astype(np.float64)


def top_minus_rest(drawn: Floats, values: Floats, top: np.ndarray) -> Floats:
    """Mean of ``values`` where ``top`` minus the mean elsewhere, in each draw.

    Args:
        drawn: shape (draws, rows).
        values: shape (rows,).
        top: flags, shape (rows, scores).

    Returns:
        shape (draws, scores).
    """
    flags = top.astype(np.float64)
    count = drawn @ flags
    total = drawn @ (flags * values[:, None])
    everyone = drawn.sum(axis=1, keepdims=True)
    sum_of_all = (drawn @ values)[:, None]
    rest: Floats = (sum_of_all - total) / np.maximum(everyone - count, 1)
    return total / np.maximum(count, 1) - rest


def interval(samples: Floats) -> tuple[float, float]:
    """The middle 95 % of the draws."""
    low, high = np.quantile(samples, [0.025, 0.975])
    return float(low), float(high)


def total_interval(values: Floats, rng: np.random.Generator, *, draws: int = 1000) -> tuple[float, float]:
    """95 % interval of the sum of ``values``, shape (rows,), when its rows are drawn again."""
    rows = len(values)
    if rows == 0:
        return 0.0, 0.0
    if rows > _LARGE:
        half = 1.96 * float(values.std()) * np.sqrt(rows)
        return float(values.sum() - half), float(values.sum() + half)
    step = max(1, 4_000_000 // rows)
    sums = [
        values[rng.integers(0, rows, size=(min(step, draws - start), rows))].sum(axis=1)
        for start in range(0, draws, step)
    ]
    return interval(np.concatenate(sums))
