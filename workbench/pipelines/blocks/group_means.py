"""A number beside what is usual in its group, such as "income − mean of its city"."""

from __future__ import annotations

import numpy as np

from workbench.contracts.table import Task
from workbench.pipelines.blocks._base import Block, numeric_places
from workbench.pipelines.blocks.scout import Scout
from workbench.pipelines.derived import Derived, Prepared

MOST_COLUMNS = 6
_NUMBERS, _CATEGORIES = 5, 4
_SHRINK = 5.0
"""A group's mean is drawn towards the overall one as if it had so many rows more."""


class GroupMeans(Block):
    """Useful numbers less their mean in the level of a useful category; the target is looked at only in choosing."""

    name = "group means"

    @classmethod
    def suits(cls, prepared: Prepared, task: Task, classes: int) -> bool:
        """Whether there is a number and a category."""
        return bool(numeric_places(prepared.derived)) and bool(_categories(prepared.derived))

    def fit_transform(self, prepared: Prepared, scout: Scout) -> np.ndarray:
        """The differences for the rows that the means are of."""
        numbers = scout.most_useful(numeric_places(prepared.derived), _NUMBERS)
        categories = scout.most_useful(_categories(prepared.derived), _CATEGORIES)
        pairs = [(number, category) for category in categories for number in numbers]
        pairs = [pair for pair in pairs if not set(_of(prepared, pair[0])) & set(_of(prepared, pair[1]))]
        means = [_means(prepared, number, category, scout.weight) for number, category in pairs]
        best = scout.best_of(_differences(prepared.take(scout.rows), pairs, means), MOST_COLUMNS)
        self._pairs = [pairs[place] for place in best]
        self._means = [means[place] for place in best]
        self.derived = tuple(
            Derived(
                f"{prepared.derived[number].name} − mean of its {prepared.derived[category].name}",
                (*_of(prepared, number), *_of(prepared, category)),
                "number",
            )
            for number, category in self._pairs
        )
        return self.transform(prepared)

    def transform(self, prepared: Prepared) -> np.ndarray:
        """The differences for any rows."""
        return _differences(prepared, self._pairs, self._means)


def _categories(derived: tuple[Derived, ...]) -> list[int]:
    return [place for place, column in enumerate(derived) if column.kind in ("category", "boolean")]


def _of(prepared: Prepared, place: int) -> tuple[str, ...]:
    return prepared.derived[place].sources


def _codes(values: np.ndarray) -> np.ndarray:
    return np.asarray(np.nan_to_num(values, nan=-1.0).astype(np.intp) + 1)


def _means(prepared: Prepared, number: int, category: int, weight: np.ndarray | None) -> np.ndarray:
    """Mean of a number by code, the overall one behind the last."""
    values = prepared.matrix[:, number].astype(np.float64)
    codes = _codes(prepared.matrix[:, category])
    known = np.isfinite(values)
    rows = known.astype(np.float64) if weight is None else np.where(known, weight, 0.0)
    total, values = float(rows.sum()), np.where(known, values, 0.0)
    overall = float(rows @ values) / total if total > 0 else 0.0
    counts, sums = np.bincount(codes, rows), np.bincount(codes, rows * values)
    return np.append((sums + _SHRINK * overall) / (counts + _SHRINK), overall)


def _differences(prepared: Prepared, pairs: list[tuple[int, int]], means: list[np.ndarray]) -> np.ndarray:
    table = np.empty((len(prepared), len(pairs)), dtype=np.float32)
    for column, ((number, category), usual) in enumerate(zip(pairs, means, strict=True)):
        codes = np.minimum(_codes(prepared.matrix[:, category]), usual.size - 1)
        table[:, column] = prepared.matrix[:, number] - usual[codes]
    return table
