"""Categories of many levels as what the target was for each level."""

from __future__ import annotations

import numpy as np

from workbench.contracts.table import Task
from workbench.pipelines.blocks._base import Block
from workbench.pipelines.blocks.level_means import LevelMeans
from workbench.pipelines.blocks.scout import Scout
from workbench.pipelines.derived import Derived, Prepared

MOST_COLUMNS = 8
LEAST_LEVELS = 10
"""Categories with fewer levels are split well enough as they are."""
MOST_CLASSES = 5
"""With more classes than these, a mean per class and level is too many columns."""


class TargetEncoding(Block):
    """For each category of more than ``LEAST_LEVELS`` levels: the mean target of the level, and its number of rows."""

    name = "target encoding"

    @classmethod
    def suits(cls, prepared: Prepared, task: Task, classes: int) -> bool:
        """Whether a category has many levels."""
        return classes <= MOST_CLASSES and bool(_places(prepared.derived))

    def fit_transform(self, prepared: Prepared, scout: Scout) -> np.ndarray:
        """Means of other rows for each row, and counts."""
        # a category of small levels may say much as means of the target although no tree can split it
        self._places = scout.most_useful(_places(prepared.derived), MOST_COLUMNS, least=-1.0)
        self._counts = [_counts(prepared.matrix[:, place]) for place in self._places]
        self._means = LevelMeans(scout.task)
        means = self._means.fit_transform(prepared.matrix[:, self._places], scout.target, scout.parts, scout.weight)
        self.derived = tuple(
            Derived(f"{prepared.derived[place].name} · {suffix}", prepared.derived[place].sources, "number")
            for suffixes in (self._means.suffixes, ("rows of its level",))
            for place in self._places
            for suffix in suffixes
        )
        return np.hstack([means, self._counted(prepared)])

    def transform(self, prepared: Prepared) -> np.ndarray:
        """Means and counts of all rows that were learnt from."""
        return np.hstack([self._means.transform(prepared.matrix[:, self._places]), self._counted(prepared)])

    def _counted(self, prepared: Prepared) -> np.ndarray:
        table = np.zeros((len(prepared), len(self._places)), dtype=np.float32)
        for column, (place, counts) in enumerate(zip(self._places, self._counts, strict=True)):
            codes = np.nan_to_num(prepared.matrix[:, place], nan=-1.0).astype(np.intp) + 1
            table[:, column] = np.where(codes < counts.size, counts[np.minimum(codes, counts.size - 1)], 0.0)
        return table


def _places(derived: tuple[Derived, ...]) -> list[int]:
    return [
        place for place, column in enumerate(derived) if column.kind == "category" and len(column.levels) > LEAST_LEVELS
    ]


def _counts(codes: np.ndarray) -> np.ndarray:
    """Rows of each code, behind those of the missing ones; logarithms, for their long tail."""
    return np.log1p(np.bincount(np.nan_to_num(codes, nan=-1.0).astype(np.intp) + 1)).astype(np.float32)
