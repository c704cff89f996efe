"""What a model answers for raw rows: its figures, and for classes which one it decides for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.contracts import Model, Task


@dataclass(frozen=True)
class Answers:
    """Predictions of some rows.

    Attributes:
        names: class labels as text, or ``prediction``.
        values: probabilities by class, or one column in the target's unit, shape (rows, names).
        outcome: position of the class that the model decides for, shape (rows,); zeros for regression.
        classes: whether there are any: ``False`` for regression.
    """

    names: tuple[str, ...]
    values: np.ndarray
    outcome: np.ndarray
    classes: bool

    def __len__(self) -> int:
        return len(self.outcome)

    def figures(self, row: int) -> dict[str, float]:
        """One row's prediction by class, or under ``prediction``."""
        return {name: float(value) for name, value in zip(self.names, self.values[row], strict=True)}

    def said(self, row: int) -> str | float:
        """One row's answer: the class as text, or the number."""
        return self.names[int(self.outcome[row])] if self.classes else float(self.values[row, 0])


def answers(model: Model, frame: pd.DataFrame) -> Answers:
    """Ask the model once for all rows; costs or a metric of answers decide for a class where the model has them."""
    said = model.scores(frame)
    if model.task is Task.REGRESSION:
        return Answers(("prediction",), said.to_numpy(dtype=float), np.zeros(len(frame), dtype=int), classes=False)
    names = tuple(str(label) for label in model.classes)
    shares = said.iloc[:, : len(names)].to_numpy(dtype=float)
    if model.decision_column is None:
        return Answers(names, shares, shares.argmax(axis=1), classes=True)
    places = {name: place for place, name in enumerate(names)}
    decided = said[model.decision_column].map(places).to_numpy(dtype=int)
    return Answers(names, shares, decided, classes=True)


def leaning(model: Model, shares: np.ndarray) -> np.ndarray:
    """Figures by class of which the highest is the model's decision, so that their differences tell how near it is.

    Args:
        shares: probabilities by class, shape (rows, classes).
    """
    if model.threshold is not None:
        above = shares[:, model.positive] - model.threshold
        leans = np.repeat(-above[:, None], 2, axis=1)
        leans[:, model.positive] = above
        return leans
    weighted: np.ndarray = shares * (1.0 if model.emphasis is None else np.asarray(model.emphasis, dtype=float))
    return weighted
