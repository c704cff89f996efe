"""Categories: level codes, with what is rare, missing or new put in its place."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from workbench.pipelines import cleaning
from workbench.pipelines.derived import Derived
from workbench.pipelines.parts._base import Part

MISSING = "(missing)"
OTHER = "(other)"
_FREQUENCY_FROM = 11
"""Categories with at least this many levels also tell how frequent the level is."""


class CategoryPart(Part):
    """Codes by natural order of the level names (so that "18-25" stands before "26-35" and "9" before "10").

    A level that is missing in some rows has a code of its own. Levels beyond ``max_levels`` and, in columns that
    have many, levels seen once share the code ``(other)``; so do levels never seen when fitting. Where there is no
    such code they are missing (NaN).
    """

    lacking = "are levels that the model never met"

    def __init__(self, source: str, max_levels: int) -> None:
        super().__init__(source)
        self.max_levels = max_levels

    def fit(self, series: pd.Series, seed: int) -> CategoryPart:
        """Choose and order the levels."""
        cells = cleaning.texts(series)
        counts = cells.value_counts()
        kept = counts
        if len(counts) > self.max_levels:
            kept = counts[counts > 1].head(self.max_levels)
            if kept.empty:
                self.notices.append(f"'{self.source}': nearly every row has a level of its own; it was left out.")
            else:
                rows = int(counts.sum() - kept.sum())
                self.notices.append(
                    f"'{self.source}': {len(counts):,} levels; the {len(kept):,} most frequent are kept and the "
                    f"others ({rows:,} rows) are taken together."
                )
        absent = int(cells.isna().sum())
        levels = sorted((str(level) for level in kept.index), key=_natural)
        self._codes = {level: code for code, level in enumerate(levels)}
        self._rest = len(levels) if len(kept) < len(counts) else None
        names = [*levels, OTHER] if self._rest is not None else levels
        self._absent = len(names) if absent else None
        names = [*names, MISSING] if self._absent is not None else names
        self._shares = (counts / max(1, len(cells))).to_dict() if len(counts) >= _FREQUENCY_FROM else None
        if kept.empty or len(names) < 2:
            self.derived = ()
        else:
            self.derived = (Derived(self.source, (self.source,), "category", tuple(names)),)
            if self._shares is not None:
                self._shares = {level: float(share) for level, share in self._shares.items() if level in self._codes}
                self._rare = float(counts.min() / max(1, len(cells)))
                self.derived += (Derived(f"{self.source} · frequency", (self.source,), "number"),)
        return self

    def transform(self, series: pd.Series) -> np.ndarray:
        """Shape (rows, 1), (rows, 2) with frequencies, or (rows, 0)."""
        if not self.derived:
            return np.empty((len(series), 0), dtype=np.float32)
        cells = cleaning.texts(series)
        places, distinct = pd.factorize(cells.to_numpy(dtype=object))
        unseen = np.nan if self._rest is None else float(self._rest)
        absent = np.nan if self._absent is None else float(self._absent)
        # one look-up per distinct level, not per row; place -1 is missing and lands on the last entry
        codes = np.array([*(self._codes.get(level, unseen) for level in distinct), absent], dtype=np.float32)
        if len(self.derived) == 1:
            return codes[places].reshape(-1, 1)
        assert self._shares is not None
        shares = [*(self._shares.get(level, self._rare) for level in distinct), np.nan]
        return np.column_stack([codes[places], np.array(shares, dtype=np.float32)[places]])

    def unread(self, series: pd.Series) -> tuple[int, int]:
        """Cells of levels that were not met; where the rare ones were taken together, none can be told from those."""
        cells = cleaning.texts(series).dropna()
        strange = ~cells.isin(list(self._codes)) if self._rest is None else np.zeros(len(cells), dtype=bool)
        return int(strange.sum()), len(cells)


def _natural(name: str) -> tuple[tuple[int, float, str], ...]:
    """Sorts digits in a name by their value."""
    pieces = re.split(r"(\d+)", name)
    return tuple((0, float(piece[:300]), "") if piece.isdecimal() else (1, 0.0, piece) for piece in pieces if piece)
