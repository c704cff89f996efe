"""A fitted model with what is needed to use it on raw tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from workbench.contracts.table import Task

_BLOCK_ROWS = 100_000


@dataclass(frozen=True)
class Model:
    """A fitted scikit-learn pipeline over raw feature columns.

    Attributes:
        pipeline: takes a frame with ``columns`` as read from the source (strings, blanks and dates included) and
            has ``predict`` and, for classes, ``predict_proba``.
        columns: raw columns that the pipeline needs, by name.
        classes: class labels as they stand in the target column, in ``predict_proba`` order; empty for regression.
        family: name of the pipeline family, such as ``lightgbm``.
        params: hyperparameters as searched.
    """

    pipeline: Pipeline
    task: Task
    target: str
    columns: tuple[str, ...]
    classes: tuple[object, ...]
    family: str
    params: dict[str, object]

    def predict(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Predictions for raw rows.

        Returns:
            shape (rows, classes) of probabilities, a column per class named as the class (as text); for
            regression shape (rows, 1) with the column ``prediction`` in the target's unit. The index is ``frame``'s.
        """
        said = self.pipeline.predict if self.task is Task.REGRESSION else self.pipeline.predict_proba
        # in blocks, as the columns that a row becomes on its way can be many times its own
        blocks = [
            np.asarray(said(frame.iloc[start : start + _BLOCK_ROWS].loc[:, list(self.columns)]), dtype=float)
            for start in range(0, max(1, len(frame)), _BLOCK_ROWS)
        ]
        shares = np.concatenate(blocks)
        if self.task is Task.REGRESSION:
            return pd.DataFrame({"prediction": shares}, index=frame.index)
        return pd.DataFrame(shares, columns=[str(label) for label in self.classes], index=frame.index)
