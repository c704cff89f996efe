"""Pairs of categories as what the target was for each combination of their levels."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from workbench.contracts.table import Task
from workbench.pipelines.blocks._base import Block
from workbench.pipelines.blocks.level_means import LevelMeans
from workbench.pipelines.blocks.scout import Scout
from workbench.pipelines.blocks.target_encoding import MOST_CLASSES
from workbench.pipelines.derived import Derived, Prepared

MOST_COLUMNS = 6
_CATEGORIES = 7
_ROWS_PER_LEVEL = 10
"""Combinations may be so many that on average each has this many rows."""


class Crosses(Block):
    """The mean target of the combinations of two categories, for the pairs that add most."""

    name = "crosses"

    @classmethod
    def suits(cls, prepared: Prepared, task: Task, classes: int) -> bool:
        """Whether there are two categories."""
        return classes <= MOST_CLASSES and len(_places(prepared.derived)) > 1

    def fit_transform(self, prepared: Prepared, scout: Scout) -> np.ndarray:
        """Means of other rows for each row."""
        useful = scout.most_useful(_places(prepared.derived), _CATEGORIES)
        widths = {place: max(2, len(prepared.derived[place].levels)) + 1 for place in useful}
        pairs = [
            pair
            for pair in combinations(useful, 2)
            if widths[pair[0]] * widths[pair[1]] * _ROWS_PER_LEVEL <= len(prepared)
        ]
        codes = _crossed(prepared, pairs)
        means = LevelMeans(scout.task)
        values = means.fit_transform(codes, scout.target, scout.parts, scout.weight)
        wide = len(means.suffixes)
        best = scout.best_of(values[scout.rows], MOST_COLUMNS * wide)
        # a pair counts by the best of its classes
        self._pairs = [pairs[place] for place in dict.fromkeys(column // wide for column in best)][:MOST_COLUMNS]
        kept = [pairs.index(pair) for pair in self._pairs]
        self._means = LevelMeans(scout.task)
        values = self._means.fit_transform(codes[:, kept], scout.target, scout.parts, scout.weight)
        self.derived = tuple(
            Derived(f"{_pair_name(prepared, pair)} · {suffix}", _sources(prepared, pair), "number")
            for pair in self._pairs
            for suffix in self._means.suffixes
        )
        return values

    def transform(self, prepared: Prepared) -> np.ndarray:
        """Means of all rows that were learnt from."""
        return self._means.transform(_crossed(prepared, self._pairs))


def _places(derived: tuple[Derived, ...]) -> list[int]:
    return [place for place, column in enumerate(derived) if column.kind in ("category", "boolean")]


def _crossed(prepared: Prepared, pairs: list[tuple[int, int]]) -> np.ndarray:
    """A code per combination; missing is a level like the others."""
    table = np.empty((len(prepared), len(pairs)), dtype=np.float64)
    for column, (one, other) in enumerate(pairs):
        width = max(2, len(prepared.derived[other].levels)) + 1
        left, right = (np.nan_to_num(prepared.matrix[:, place].astype(np.float64), nan=-1.0) for place in (one, other))
        table[:, column] = (left + 1) * width + right + 1
    return table


def _pair_name(prepared: Prepared, pair: tuple[int, int]) -> str:
    return " & ".join(prepared.derived[place].name for place in pair)


def _sources(prepared: Prepared, pair: tuple[int, int]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for place in pair for name in prepared.derived[place].sources))
