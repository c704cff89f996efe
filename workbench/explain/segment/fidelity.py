"""How faithfully a surrogate tells segments, from predictions that were made out of fold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.contracts import Score
from workbench.explain.sampling.resampling import auc, auc_of, drawn, draws_for, expanded_interval, wilson

LEAST_SKILL = 0.5
"""Share of the errors of always naming the largest segment that a faithful surrogate takes away."""
LEAST_F1, LEAST_AUC = 0.6, 0.8
"""F1, and lower end of the interval of the AUC, from which a segment is told well enough for drivers."""
FIDELITY = ["segment", "rows", "share", "f1", "f1_low", "f1_high", "auc", "auc_low", "auc_high", "enough"]
_STREAM = 67_867_967


def accuracy(codes: np.ndarray, shares: np.ndarray) -> tuple[Score, float]:
    """Share of rows whose segment is named, with Wilson's interval, and that of always naming the largest segment.

    Args:
        codes: segment positions, shape (rows,).
        shares: out of fold, shape (rows, segments).
    """
    right = int((shares.argmax(axis=1) == codes).sum())
    low, high = wilson(right, len(codes))
    return Score("accuracy", right / len(codes), low, high), float(np.bincount(codes).max() / len(codes))


def skill(value: float, baseline: float) -> float:
    """Share of the baseline's errors that are taken away: 1 is perfect, 0 no better, below zero worse."""
    return (value - baseline) / (1 - baseline) if baseline < 1 else 0.0


def by_segment(codes: np.ndarray, shares: np.ndarray, names: Sequence[str], seed: int) -> pd.DataFrame:
    """F1 and AUC of each segment against the rest, with 95 % bootstrap intervals; see ``Surrogate.fidelity``.

    A figure of exactly 1 does not vary in any draw; its lower end is then Wilson's for as many rows as the segment has.
    """
    rows = len(codes)
    random = np.random.default_rng([seed, _STREAM])
    flags = codes[:, None] == np.arange(len(names))
    named = shares.argmax(axis=1)[:, None] == np.arange(len(names))
    areas = [auc_of(shares[:, place], flags[:, place]) for place in range(len(names))]

    def figures(weights: np.ndarray) -> np.ndarray:
        """F1 of all segments, then AUC of all, shape (draws, 2 × segments)."""
        return np.column_stack([_f1(weights, flags, named), *(area(weights) for area in areas)])

    draws = drawn(random, rows, draws_for(rows * len(names)), figures)
    own = _f1(np.ones((1, rows)), flags, named)[0]
    found = []
    for place, name in enumerate(names):
        size = int(flags[:, place].sum())
        area = auc(shares[:, place], flags[:, place])
        f1_low, f1_high = _interval(float(own[place]), draws[:, place], size)
        low, high = _interval(area, draws[:, len(names) + place], size)
        enough = own[place] >= LEAST_F1 and low >= LEAST_AUC
        found.append((name, size, size / rows, own[place], f1_low, f1_high, area, low, high, enough))
    return pd.DataFrame(found, columns=FIDELITY).astype({"enough": bool})


def _f1(weights: np.ndarray, flags: np.ndarray, named: np.ndarray) -> np.ndarray:
    both = weights @ (flags & named).astype(np.float64)
    either = weights @ flags.astype(np.float64) + weights @ named.astype(np.float64)
    return np.asarray(np.divide(2 * both, either, out=np.zeros_like(both), where=either > 0))


def _interval(value: float, draws: np.ndarray, rows: int) -> tuple[float, float]:
    low, high = expanded_interval(draws, rows)
    if not np.isfinite(low):
        return (wilson(rows, rows)[0], 1.0) if value == 1 else (low, high)
    return low, high
