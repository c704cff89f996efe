"""Smoothed means of the target per level, of other rows for the rows that they are learnt from."""

from __future__ import annotations

import warnings

import numpy as np
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.preprocessing import TargetEncoder

from workbench.contracts.table import Task

_KIND = {Task.REGRESSION: "continuous", Task.BINARY: "binary", Task.MULTICLASS: "multiclass"}
_PARTS = 5


class LevelMeans:
    """Means shrunk towards the overall mean by as much as their levels are small (Micci-Barreca 2001).

    The rows that are learnt from get means of the four fifths that they are not in. A level that wasn't seen gets the
    overall mean.

    Attributes:
        suffixes: for the names of the columns that one category becomes: one, or one per class.
    """

    def __init__(self, task: Task, seed: int) -> None:
        self._task = task
        self._seed = seed
        self.suffixes: tuple[str, ...] = ("mean target",)

    def fit_transform(self, codes: np.ndarray, target: np.ndarray) -> np.ndarray:
        """Means for the rows learnt from.

        Args:
            codes: shape (rows, categories), NaN for missing, which is a level of its own.
            target: numbers, or class codes.

        Returns:
            float32, shape (rows, categories · len(suffixes)).
        """
        rare = 0 if self._task is Task.REGRESSION else int(np.bincount(target.astype(np.intp)).min())
        kind = _KIND[self._task]
        parts = KFold if self._task is Task.REGRESSION else StratifiedKFold
        self._encoder = TargetEncoder(
            target_type=kind, smooth="auto", cv=parts(_PARTS, shuffle=True, random_state=self._seed)
        )
        if self._task is Task.MULTICLASS:
            self.suffixes = tuple(f"share of class {place + 1}" for place in range(int(target.max()) + 1))
        with warnings.catch_warnings():
            if rare < _PARTS:  # a class too small for each part to have a row of it is no reason to fail
                warnings.simplefilter("ignore", UserWarning)
            if not codes.shape[1]:
                return np.empty((len(codes), 0), dtype=np.float32)
            return np.asarray(self._encoder.fit_transform(codes, target), dtype=np.float32)

    def transform(self, codes: np.ndarray) -> np.ndarray:
        """Means for other rows."""
        if not codes.shape[1]:
            return np.empty((len(codes), 0), dtype=np.float32)
        return np.asarray(self._encoder.transform(codes), dtype=np.float32)
