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
        threshold: share of the positive class from which it is the answer, where costs were given.
        positive: position of the positive class.
        emphasis: what the share of each class is multiplied by before the highest is the answer, where the metric is
            one of answers, such as f1, and no costs were given.
    """

    pipeline: Pipeline
    task: Task
    target: str
    columns: tuple[str, ...]
    classes: tuple[object, ...]
    family: str
    params: dict[str, object]
    threshold: float | None = None
    positive: int = 1
    emphasis: tuple[float, ...] | None = None

    def predict(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Predictions for raw rows.

        Returns:
            shape (rows, classes) of probabilities, a column per class named as the class (as text); for
            regression shape (rows, 1) with the column ``prediction`` in the target's unit. The index is ``frame``'s.
        """
        said = self.pipeline.predict if self.task is Task.REGRESSION else self.pipeline.predict_proba
        # in blocks, as the columns that a row becomes on its way can be many times its own; none for no rows, which
        # some of scikit-learn's steps refuse
        blocks = [
            np.asarray(said(frame.iloc[start : start + _BLOCK_ROWS].loc[:, list(self.columns)]), dtype=float)
            for start in range(0, len(frame), _BLOCK_ROWS)
        ]
        nothing = np.empty(0 if self.task is Task.REGRESSION else (0, len(self.classes)))
        shares = np.concatenate(blocks) if blocks else nothing
        if self.task is Task.REGRESSION:
            return pd.DataFrame({"prediction": shares}, index=frame.index)
        return pd.DataFrame(shares, columns=[str(label) for label in self.classes], index=frame.index)

    @property
    def decision_column(self) -> str | None:
        """The column of ``scores`` with the answer; ``None`` where neither costs nor a metric of answers were given."""
        if self.threshold is None and self.emphasis is None:
            return None
        taken = {str(label) for label in self.classes}
        return next(name for name in ("decision", "decision (2)", "decision (3)") if name not in taken)

    def scores(self, frame: pd.DataFrame) -> pd.DataFrame:
        """``predict``, and a column with the answer: the class that costs least, or that the metric asks for."""
        shares = self.predict(frame)
        if self.decision_column is None:
            return shares
        labels = np.array([str(label) for label in self.classes], dtype=object)
        if self.threshold is None:
            said = (shares.to_numpy() * (self.emphasis or 1.0)).argmax(axis=1)
        else:
            positive = shares.iloc[:, self.positive].to_numpy() >= self.threshold
            said = np.where(positive, self.positive, 1 - self.positive)
        return shares.assign(**{self.decision_column: labels[said]})
