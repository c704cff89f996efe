"""A LightGBM booster that was trained on a fold, with the face of a fitted estimator."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.contracts.table import Task


class FoldBooster:
    """Predicts with the best rounds only, and is stored with no more than those.

    Args:
        booster: as ``lightgbm.train`` gives it.
        rounds: how many of its rounds count.
    """

    def __init__(self, booster: Any, rounds: int, task: Task, classes: int) -> None:
        self._booster = booster
        self._text = ""
        self.rounds = rounds
        self.task = task
        self.classes_ = np.arange(classes)

    @property
    def booster(self) -> Any:
        """The booster; read from its text when it is first asked for after loading."""
        if self._booster is None:
            import lightgbm

            self._booster = lightgbm.Booster(model_str=self._text)
        return self._booster

    def raw(self, matrix: np.ndarray) -> np.ndarray:
        """What the objective makes of the sum over the trees: numbers, or shares."""
        return np.asarray(self.booster.predict(matrix, num_iteration=self.rounds), dtype=np.float64)

    def predict(self, matrix: np.ndarray) -> np.ndarray:
        """Numbers for regression, else class codes; shape (rows,)."""
        return self.raw(matrix) if self.task is Task.REGRESSION else self.predict_proba(matrix).argmax(axis=1)

    def predict_proba(self, matrix: np.ndarray) -> np.ndarray:
        """Shape (rows, classes)."""
        raw = self.raw(matrix)
        return np.column_stack([1.0 - raw, raw]) if raw.ndim == 1 else raw

    def __getstate__(self) -> dict[str, Any]:
        state = dict(self.__dict__)
        state["_text"] = self._text or self._booster.model_to_string(num_iteration=self.rounds)
        state["_booster"] = None
        return state
