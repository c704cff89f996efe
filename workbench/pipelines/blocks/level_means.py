"""Smoothed means of the target per level, of other rows for the rows that they are learnt from."""

from __future__ import annotations

import numpy as np
from sklearn.preprocessing import TargetEncoder

from workbench.contracts.table import Task
from workbench.pipelines.blocks.parts import Parts

_KIND = {Task.REGRESSION: "continuous", Task.BINARY: "binary", Task.MULTICLASS: "multiclass"}


class LevelMeans:
    """Means shrunk towards the overall mean by as much as their levels are small (Micci-Barreca 2001).

    The rows that are learnt from get means of the four fifths that they are not in. A level that wasn't seen gets the
    overall mean.

    Attributes:
        suffixes: for the names of the columns that one category becomes: one, or one per class.
    """

    def __init__(self, task: Task) -> None:
        self._task = task
        self.suffixes: tuple[str, ...] = ("mean target",)

    def fit_transform(self, codes: np.ndarray, target: np.ndarray, parts: Parts) -> np.ndarray:
        """Means for the rows learnt from.

        Args:
            codes: shape (rows, categories), NaN for missing, which is a level of its own.
            target: numbers, or class codes.
            parts: rows that are left out together.

        Returns:
            float32, shape (rows, categories · len(suffixes)).
        """
        self._encoder = TargetEncoder(target_type=_KIND[self._task], smooth="auto", cv=parts)
        if self._task is Task.MULTICLASS:
            self.suffixes = tuple(f"share of class {place + 1}" for place in range(int(target.max()) + 1))
        if not codes.shape[1]:
            return np.empty((len(codes), 0), dtype=np.float32)
        return np.asarray(self._encoder.fit_transform(codes, target), dtype=np.float32)

    def transform(self, codes: np.ndarray) -> np.ndarray:
        """Means for other rows."""
        if not codes.shape[1]:
            return np.empty((len(codes), 0), dtype=np.float32)
        return np.asarray(self._encoder.transform(codes), dtype=np.float32)
