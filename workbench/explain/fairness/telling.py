"""How well the raw value of one column tells who is in a group, on rows that the telling was not learnt from."""

from __future__ import annotations

import numpy as np

from workbench.explain.columns import Reading
from workbench.explain.sampling.resampling import fold_of

FOLDS = 5
BINS = 16
"""That more distinct numbers are cut into, at quantiles."""
LEVELS, LEAST_ROWS = 200, 5
"""Most frequent levels that stand alone, if they have so many rows; the others are one."""
PRIOR = 2.0
"""Rows of the average that are added to each bin: a level seen once tells little."""


class Telling:
    """Cross-fitted areas under the ROC curve of single columns, one group against all other rows.

    In four fifths of the rows, each bin of a column's value gets its share of the group; in the rest, this share ranks
    the rows. So a value in the middle can tell as well as a high one, and a level as well as a number. 0.5 is chance.

    Args:
        codes: group of each row, shape (rows,); −1 for none that is asked for.
        groups: number of groups.
        seed: of the folds.
    """

    def __init__(self, codes: np.ndarray, groups: int, seed: int) -> None:
        self._codes = np.where(codes < 0, groups, codes)
        self._groups = groups
        self._fold = fold_of(self._codes, FOLDS, np.random.default_rng([seed, 104_729]))

    def areas(self, reading: Reading) -> np.ndarray:
        """The area for each group, shape (groups,), mean over the folds; NaN where no fold holds two kinds of rows."""
        bins = _bins(reading)
        width = int(bins.max(initial=0)) + 1
        kinds = self._groups + 1
        cells = (self._fold * width + bins) * kinds + self._codes
        counts = np.bincount(cells, minlength=FOLDS * width * kinds).reshape(FOLDS, width, kinds).astype(np.float64)
        learnt = counts.sum(axis=0) - counts
        average = learnt.sum(axis=1, keepdims=True) / np.maximum(1.0, learnt.sum(axis=(1, 2), keepdims=True))
        shares = (learnt + PRIOR * average) / (learnt.sum(axis=2, keepdims=True) + PRIOR)
        found = np.full((FOLDS, self._groups), np.nan)
        for fold in range(FOLDS):
            for group in range(self._groups):
                inside = counts[fold, :, group]
                found[fold, group] = _area(shares[fold, :, group], inside, counts[fold].sum(axis=1) - inside)
        known = np.isfinite(found)
        total = np.where(known, found, 0.0).sum(axis=0)
        return np.where(known.any(axis=0), total / np.maximum(1, known.sum(axis=0)), np.nan)


def _area(score: np.ndarray, inside: np.ndarray, outside: np.ndarray) -> float:
    """The area under the ROC curve of bins by their counts; bins of equal score count half."""
    if inside.sum() == 0 or outside.sum() == 0:
        return float("nan")
    ranks, place = np.unique(score, return_inverse=True)
    own = np.bincount(place, weights=inside, minlength=len(ranks))
    other = np.bincount(place, weights=outside, minlength=len(ranks))
    return float(own @ (np.cumsum(other) - other / 2) / (own.sum() * other.sum()))


def _bins(reading: Reading) -> np.ndarray:
    """Bin of each row, shape (rows,); 0 for missing values, whose absence may tell as much."""
    bins = np.zeros(len(reading.values), dtype=int)
    present = np.isfinite(reading.values)
    values = reading.values[present]
    if not values.size:
        return bins
    if not reading.ordered:
        # the most frequent come first
        alone = min(LEVELS, int((np.bincount(values.astype(int)) >= LEAST_ROWS).sum()))
        bins[present] = 1 + np.minimum(values, alone).astype(int)
        return bins
    distinct = np.unique(values)
    if len(distinct) > BINS:
        distinct = np.unique(np.quantile(values, np.arange(1, BINS) / BINS, method="inverted_cdf"))
    bins[present] = 1 + np.searchsorted(distinct, values, side="left")
    return bins
