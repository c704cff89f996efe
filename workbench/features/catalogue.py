"""What each computed column means: a sentence, a unit, whether the business can change it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.contracts import Lever

_NOT_WORD = re.compile(r"\W+", re.UNICODE)


@dataclass(frozen=True)
class Entry:
    """One column of a customer table.

    Attributes:
        unit: "currency", "days", "share" …; empty for plain counts without a unit.
        level: whether it tells the customer's own spend level, see ``PurchaseHistory.level_features``.
    """

    name: str
    meaning: str
    unit: str
    lever: Lever
    level: bool = False


class Sheet:
    """Columns of a customer table together with their entries, in the order in which they were added."""

    def __init__(self, index: pd.Index) -> None:
        self.index = index
        self._columns: dict[str, np.ndarray] = {}
        self._entries: dict[str, Entry] = {}

    def add(
        self,
        name: str,
        values: np.ndarray,
        meaning: str,
        unit: str = "",
        lever: Lever = Lever.FIXED,
        *,
        level: bool = False,
    ) -> None:
        """Add one column; a name that is taken gets a number, so that nothing is overwritten."""
        free = unique_name(name, self._columns)
        self._columns[free] = values
        self._entries[free] = Entry(free, meaning, unit, lever, level)

    def frame(self) -> pd.DataFrame:
        """The columns, shape (entities, columns)."""
        return pd.DataFrame(self._columns, index=self.index)

    @property
    def catalogue(self) -> dict[str, Entry]:
        """The entries by name, in the order of the columns."""
        return dict(self._entries)

    def __iter__(self) -> Iterator[str]:
        """Names in order."""
        return iter(self._columns)


def slug(text: str) -> str:
    """A readable part of a column name: lower case, words joined by ``_``; letters of any script stay."""
    return _NOT_WORD.sub("_", text.casefold()).strip("_") or "unnamed"


def unique_name(name: str, taken: Iterable[str]) -> str:
    """``name``, or the first of ``name_2``, ``name_3`` … that is not taken."""
    used = set(taken)
    if name not in used:
        return name
    number = 2
    while f"{name}_{number}" in used:
        number += 1
    return f"{name}_{number}"


def ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """``above / below``, NaN where ``below`` is not positive."""
    top, bottom = np.asarray(above, dtype=float), np.asarray(below, dtype=float)
    result = np.full(top.shape, np.nan)
    np.divide(top, bottom, out=result, where=bottom > 0)
    return result
