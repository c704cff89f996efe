"""Smoothed means of the target per level, of other rows for the rows that they are learnt from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.contracts.table import Task
from workbench.pipelines.blocks.parts import Parts


class LevelMeans:
    """Means shrunk towards the overall mean by as much as their levels are small (Micci-Barreca 2001).

    As scikit-learn's ``TargetEncoder`` with ``smooth="auto"``, which knows no weights: the share of a level's own mean
    is n·v / (n·v + w) for its n rows, the target's variance v and its variance w within the level. The rows that are
    learnt from get means of the parts that they are not in. A level that wasn't seen gets the overall mean.

    Attributes:
        suffixes: for the names of the columns that one category becomes: one, or one per class.
    """

    def __init__(self, task: Task) -> None:
        self._task = task
        self.suffixes: tuple[str, ...] = ("mean target",)

    def fit_transform(
        self, codes: np.ndarray, target: np.ndarray, parts: Parts, weight: np.ndarray | None = None
    ) -> np.ndarray:
        """Means for the rows learnt from.

        Args:
            codes: shape (rows, categories), NaN for missing, which is a level of its own.
            target: numbers, or class codes.
            parts: rows that are left out together.
            weight: by which rows count, with a mean of about 1.

        Returns:
            float32, shape (rows, categories · len(suffixes)).
        """
        outputs = np.asarray(target, dtype=np.float64)[:, None]
        if self._task is Task.MULTICLASS:
            count = int(target.max()) + 1
            self.suffixes = tuple(f"share of class {place + 1}" for place in range(count))
            outputs = (outputs == np.arange(count)).astype(np.float64)
        rows = np.ones(len(outputs)) if weight is None else np.asarray(weight, dtype=np.float64)
        whole = np.arange(len(outputs))
        self._levels: list[_Levels] = []
        columns = []
        for place in range(codes.shape[1]):
            places = _places(codes[:, place])
            said = np.empty(outputs.shape, dtype=np.float32)
            for learnt, left_out in parts:
                said[left_out] = _learnt(places, outputs, rows, learnt).means(places[left_out])
            columns.append(said)
            self._levels.append(_learnt(places, outputs, rows, whole))
        return _beside(columns, len(codes))

    def transform(self, codes: np.ndarray) -> np.ndarray:
        """Means for other rows."""
        columns = [levels.means(_places(codes[:, place])) for place, levels in enumerate(self._levels)]
        return _beside(columns, len(codes))


@dataclass(frozen=True, eq=False)
class _Levels:
    """Means by place, shape (levels, outputs), the overall ones behind the last."""

    table: np.ndarray

    def means(self, places: np.ndarray) -> np.ndarray:
        """Means for rows at some places, shape (rows, outputs)."""
        return np.asarray(self.table[np.minimum(places, len(self.table) - 1)], dtype=np.float32)


def _learnt(places: np.ndarray, outputs: np.ndarray, weight: np.ndarray, rows: np.ndarray) -> _Levels:
    """Shrunk means of the levels of some rows."""
    places, outputs, weight = places[rows], outputs[rows], weight[rows]
    count = np.bincount(places, weight)
    seen, total = count > 0, max(float(weight.sum()), 1e-300)
    divisor = np.where(seen, count, 1.0)
    table = np.empty((count.size + 1, outputs.shape[1]))
    for column, values in enumerate(outputs.T):
        overall = float(weight @ values) / total
        variance = float(weight @ (values - overall) ** 2) / total
        means = np.bincount(places, weight * values) / divisor
        within = np.bincount(places, weight * (values - means[places]) ** 2) / divisor
        known = variance * count
        share = np.divide(known, known + within, out=np.zeros_like(known), where=seen & (known + within > 0))
        table[:-1, column] = share * means + (1 - share) * overall
        table[-1, column] = overall
    return _Levels(table)


def _places(codes: np.ndarray) -> np.ndarray:
    """Levels from 1, missing ones at 0."""
    return np.asarray(np.nan_to_num(codes, nan=-1.0).astype(np.intp) + 1)


def _beside(columns: list[np.ndarray], rows: int) -> np.ndarray:
    return np.hstack(columns) if columns else np.empty((rows, 0), dtype=np.float32)
