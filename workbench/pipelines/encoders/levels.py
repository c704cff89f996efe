"""Category codes as indicator columns, rare levels taken together."""

from __future__ import annotations

import numpy as np

from workbench.pipelines.derived import Derived

RARE = "(rare)"


class Indicators:
    """One column of zeros and ones per frequent level, one for all rare ones.

    Args:
        least: rows that a level needs for a column of its own.
        most: columns at most; the most frequent levels get them.
    """

    def __init__(self, least: int, most: int) -> None:
        self.least = least
        self.most = most

    def fit(self, codes: np.ndarray, column: Derived) -> Indicators:
        """Count the levels in ``codes``, shape (rows,), NaN for none."""
        known = codes[~np.isnan(codes)].astype(np.intp)
        counts = np.bincount(known, minlength=len(column.levels))
        by_frequency = np.argsort(-counts, kind="stable")
        frequent = [level for level in by_frequency[: self.most] if counts[level] >= self.least]
        frequent = sorted(int(level) for level in frequent)
        self._places = np.full(len(column.levels) + 1, -1, dtype=np.intp)
        self._places[frequent] = np.arange(len(frequent))
        self.names = [f"{column.name} = {column.levels[level]}" for level in frequent]
        if int(counts.sum()) > int(counts[frequent].sum()):
            # a level that was never counted here is rare as well; the last place is for codes that aren't known
            rare = self._places[:-1] < 0
            self._places[:-1][rare] = len(frequent)
            self.names.append(f"{column.name} = {RARE}")
        self.width = len(self.names)
        return self

    def transform(self, codes: np.ndarray) -> np.ndarray:
        """Shape (rows, width); all zeros where the level is unknown."""
        table = np.zeros((codes.size, self.width))
        inside = ~np.isnan(codes) & (codes >= 0) & (codes < self._places.size - 1)
        places = self._places[np.where(inside, codes, self._places.size - 1).astype(np.intp)]
        rows = np.flatnonzero(places >= 0)
        table[rows, places[rows]] = 1.0
        return table
