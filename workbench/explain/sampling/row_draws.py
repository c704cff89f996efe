"""Rows drawn again: weights that are shared by everything that is compared, so that differences are paired."""

from __future__ import annotations

import numpy as np

RESAMPLES, LEAST_RESAMPLES = 200, 50
CELLS = 20_000_000
"""Weights that are held at most (160 MB): many rows get fewer draws, and need fewer."""


def row_weights(rows: int, seed: int, draws: int = RESAMPLES) -> np.ndarray:
    """How often each row is drawn with replacement, shape (draws, rows); each draw sums to ``rows``.

    Args:
        draws: at most; from 100,000 rows on there are fewer.
    """
    draws = min(draws, max(LEAST_RESAMPLES, CELLS // max(1, rows)))
    random = np.random.default_rng(seed)
    drawn = np.empty((draws, rows))
    for draw in range(draws):
        drawn[draw] = np.bincount(random.integers(rows, size=rows), minlength=rows)
    return drawn


def interval(draws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The middle 95 % of the draws along the first axis."""
    low, high = np.percentile(draws, [2.5, 97.5], axis=0)
    return np.asarray(low), np.asarray(high)
