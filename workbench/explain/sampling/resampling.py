"""Intervals of figures over rows, for a fixed model: Wilson's for shares, drawing rows again for the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from scipy import stats

LEVEL = 0.95
DRAWS, LEAST_DRAWS = 500, 100
_CELLS = 3_000_000
"""Weights (draws × rows) that are drawn at most for one figure; large groups get fewer draws, and need fewer."""
_BLOCK = 2_000_000
"""Weights that are held at once."""

Figure = Callable[[np.ndarray], np.ndarray]
"""Weights, shape (draws, rows), to figures, shape (draws, figures); NaN where a figure is not defined."""


def draws_for(rows: int, *, most: int = DRAWS, least: int = LEAST_DRAWS) -> int:
    """How many draws so many rows get."""
    return int(np.clip(_CELLS // max(1, rows), least, most))


def drawn(random: np.random.Generator, rows: int, draws: int, figure: Figure) -> np.ndarray:
    """``figure`` under ``draws`` bootstrap samples of the rows, shape (draws, figures)."""
    return np.concatenate([figure(weights) for weights in _weights(random, rows, draws)])


def drawn_means(random: np.random.Generator, values: np.ndarray, draws: int) -> np.ndarray:
    """Means of the columns of ``values``, shape (rows, columns), under bootstrap samples, shape (draws, columns)."""
    return drawn(random, len(values), draws, lambda weights: weights @ values / len(values))


def _weights(random: np.random.Generator, rows: int, draws: int) -> Iterator[np.ndarray]:
    """How often each row was drawn, in blocks of shape (some draws, rows)."""
    step = max(1, _BLOCK // max(1, rows))
    for start in range(0, draws, step):
        count = min(step, draws - start)
        places = random.integers(rows, size=(count, rows)) + rows * np.arange(count)[:, None]
        yield np.bincount(places.ravel(), minlength=count * rows).reshape(count, rows).astype(np.float64)


def wilson(hits: float, rows: float, level: float = LEVEL) -> tuple[float, float]:
    """Wilson's score interval of a share (Wilson 1927); NaN without rows."""
    if rows <= 0:
        return float("nan"), float("nan")
    z = normal_quantile(level)
    share = hits / rows
    centre = (share + z**2 / (2 * rows)) / (1 + z**2 / rows)
    half = z / (1 + z**2 / rows) * np.sqrt(share * (1 - share) / rows + z**2 / (4 * rows**2))
    # the ends are exact there, which rounding would miss
    low = 0.0 if hits <= 0 else max(0.0, float(centre - half))
    return low, 1.0 if hits >= rows else min(1.0, float(centre + half))


def expanded_interval(draws: np.ndarray, rows: int, level: float = LEVEL) -> tuple[float, float]:
    """Expanded percentile interval (Hesterberg 2015, "What teachers should know about the bootstrap", section 5).

    The plain percentile interval of few rows is too narrow, as Student's t knows and the draws don't; its tails are
    moved out by as much. NaN where the figure did not vary: draws that all agree know nothing of what other rows say.

    Args:
        draws: shape (draws,); those that are not defined don't count.
        rows: that the figure rests on; of two samples the smaller.
    """
    known = draws[np.isfinite(draws)]
    if rows < 2 or known.size < 2 or np.ptp(known) == 0:
        return float("nan"), float("nan")
    tail = stats.norm.cdf(-np.sqrt(rows / (rows - 1)) * stats.t.ppf((1 + level) / 2, rows - 1))
    low, high = np.quantile(known, [tail, 1 - tail])
    return float(low), float(high)


def spread(draws: np.ndarray, rows: int) -> float:
    """Standard error by the bootstrap, made unbiased for few rows; NaN where the figure did not vary."""
    known = draws[np.isfinite(draws)]
    if rows < 2 or known.size < 2 or np.ptp(known) == 0:
        return float("nan")
    return float(known.std(ddof=1) * np.sqrt(rows / (rows - 1)))


def normal_quantile(level: float) -> float:
    """How many standard errors a two-sided interval of this level reaches to each side."""
    return float(stats.norm.ppf((1 + level) / 2))


def student_quantile(level: float, rows: int) -> float:
    """The same for few rows."""
    return float(stats.t.ppf((1 + level) / 2, max(1, rows - 1)))


def auc_of(score: np.ndarray, positive: np.ndarray) -> Figure:
    """The area under the ROC curve under row weights; ties count half.

    Args:
        score: shape (rows,).
        positive: flags, shape (rows,).

    Returns:
        a function of weights, shape (draws, rows), that gives shape (draws, 1).
    """
    order = np.argsort(score, kind="stable")
    ordered, flags = score[order], positive[order].astype(np.float64)
    starts = np.flatnonzero(np.r_[True, np.diff(ordered) != 0])

    def figure(weights: np.ndarray) -> np.ndarray:
        own = weights[:, order]
        above = np.add.reduceat(own * flags, starts, axis=1)
        below = np.add.reduceat(own * (1 - flags), starts, axis=1)
        beaten = np.cumsum(below, axis=1) - below / 2
        with np.errstate(invalid="ignore", divide="ignore"):
            area = (above * beaten).sum(axis=1) / (above.sum(axis=1) * below.sum(axis=1))
        return np.asarray(area[:, None])

    return figure


def auc(score: np.ndarray, positive: np.ndarray) -> float:
    """The area under the ROC curve; NaN where one of the two classes has no rows."""
    if not len(score):
        return float("nan")
    return float(auc_of(score, positive)(np.ones((1, len(score))))[0, 0])


def fold_of(codes: np.ndarray, folds: int, random: np.random.Generator) -> np.ndarray:
    """Which fold each row is held out in, shape (rows,), with about equal shares of each code in every fold."""
    shuffled = random.permutation(len(codes))
    order = shuffled[np.argsort(codes[shuffled], kind="stable")]
    fold = np.empty(len(codes), dtype=int)
    fold[order] = np.arange(len(codes)) % folds
    return fold
