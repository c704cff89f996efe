"""Models whose answer is a formula that a test writes down: what they say of a column is known by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline

from workbench.contracts import Column, Kind, Model, Role, Table, Task

Formula = Callable[[pd.DataFrame], Any]


class Written(BaseEstimator):
    """Says what ``formula`` gives for raw rows: numbers, or class shares of shape (rows, classes)."""

    def __init__(self, formula: Formula) -> None:
        self.formula = formula
        self.calls: list[int] = []

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def fit(self, X: pd.DataFrame, y: Any = None) -> Written:
        return self

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        self.calls.append(len(X))
        return np.asarray(self.formula(X), dtype=float)

    predict_proba = predict


def written(formula: Formula, columns: Sequence[str], classes: Sequence[object] = ()) -> Model:
    """A model that says ``formula``; for classes the formula gives a share per class."""
    task = Task.REGRESSION if not classes else Task.BINARY if len(classes) == 2 else Task.MULTICLASS
    pipeline = Pipeline([("model", Written(formula))])
    return Model(pipeline, task, "y", tuple(columns), tuple(classes), "test", {})


def calls_of(model: Model) -> list[int]:
    """Rows of each call of the model."""
    calls: list[int] = model.pipeline[-1].calls
    return calls


def plain_table(frame: pd.DataFrame, task: Task = Task.REGRESSION, target: str = "y") -> Table:
    """A table of features and a target."""
    columns = tuple(
        Column(
            name=str(name),
            kind=Kind.NUMBER if pd.api.types.is_numeric_dtype(frame[name]) else Kind.CATEGORY,
            role=Role.TARGET if name == target else Role.FEATURE,
            reason="test",
            missing=int(frame[name].isna().sum()),
            distinct=int(frame[name].nunique()),
        )
        for name in frame.columns
    )
    return Table("plain", frame.reset_index(drop=True), columns, (), (), task, target, "0" * 64)


def shares(first: np.ndarray) -> np.ndarray:
    """Shares of two classes from the first one's."""
    return np.column_stack([first, 1 - first])
