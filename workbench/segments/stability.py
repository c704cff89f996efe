"""Would the same segments come out of other customers of the same kind? Bootstrap Jaccard, after Hennig (2007)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from workbench.segments.reading import Floats, Integers

DRAW_ROWS = 6_000
"""A draw takes no more rows than this: with fewer than all, segments are held to be less stable, never more."""

Refit = Callable[[npt.NDArray[np.intp], int], Integers]
"""Fits again on the given rows (with repeats) under a seed, and says the labels of *all* rows."""


def bootstrap_jaccard(
    labels: Integers,
    refit: Refit,
    *,
    segments: int,
    draws: int,
    seed: int,
    enough: Callable[[], bool] = lambda: False,
    least: int = 1,
) -> Floats:
    """Stability of each segment: the mean, over bootstrap draws, of its best Jaccard match among the new segments.

    Customers are drawn with replacement, the segments are found again on them, and each old segment (its drawn
    members) is compared with the new one most like it. Hennig, C. (2007), Cluster-wise assessment of cluster
    stability, CSDA 52: ≥ 0.75 stable, 0.6 to 0.75 a pattern, below 0.6 dissolved.

    Args:
        labels: 0 … segments−1, shape (rows,).
        draws: how many; at least one is made.
        enough: asked after each draw; ``True`` ends early.
        least: draws that are made in any case.

    Returns:
        shape (segments,), 0 to 1.
    """
    generator = np.random.default_rng([seed, 7])
    total = np.zeros(segments)
    done = 0
    for draw in range(max(1, draws)):
        rows = generator.integers(0, len(labels), min(len(labels), DRAW_ROWS))
        again = refit(rows, seed + 1 + draw)
        seen = np.unique(rows)
        total += best_jaccard(labels[seen], again[seen], segments)
        done += 1
        if done >= least and enough():
            break
    return total / done


def best_jaccard(old: Integers, new: Integers, segments: int) -> Floats:
    """For each old segment the Jaccard similarity with the most similar new one, shape (segments,)."""
    shared = np.zeros((segments, int(new.max()) + 1))
    np.add.at(shared, (old, new), 1.0)
    either = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0, keepdims=True) - shared
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.nan_to_num(shared / either).max(axis=1), dtype=np.float64)
