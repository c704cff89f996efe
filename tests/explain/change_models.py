"""Models whose answer is a formula over raw rows, and tables with levers: the smallest change is known by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline

from workbench.contracts import Column, Kind, Lever, Model, Role, Table, Task

Formula = Callable[[pd.DataFrame], Any]
NEVER_SAID = ("go with", "goes with", "the model says", "cause", "because", "leads to", "effect of", "would become")
"""A prediction is no effect: words that none of the sentences may hold."""


class ByFormula(BaseEstimator):
    """Predicts by ``formula``: numbers, or probabilities of shape (rows, classes); keeps how many rows it was asked."""

    def __init__(self, formula: Formula) -> None:
        self.formula = formula
        self.calls: list[int] = []

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def fit(self, X: pd.DataFrame, y: Any = None) -> ByFormula:
        return self

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        self.calls.append(len(X))
        return np.asarray(self.formula(X), dtype=float)

    predict_proba = predict


def by_formula(table: Table, formula: Formula, classes: Sequence[object] = (), **options: Any) -> Model:
    """A model over the table's features."""
    columns = tuple(str(name) for name in table.features.columns)
    pipeline = Pipeline([("model", ByFormula(formula))])
    return Model(pipeline, table.task, str(table.target), columns, tuple(classes), "test", {}, **options)


def calls_of(model: Model) -> list[int]:
    """Rows of each call of a model by formula."""
    calls: list[int] = model.pipeline[-1].calls
    return calls


def yes(rows: Any) -> np.ndarray:
    """Probabilities of no and yes, .9 for the one that a rule gives."""
    share = np.where(np.asarray(rows), 0.9, 0.1)
    return np.column_stack([1 - share, share])


def lever_table(
    frame: pd.DataFrame, levers: Sequence[str] = (), task: Task = Task.BINARY, texts: Sequence[str] = ()
) -> Table:
    """A table of features; a column named ``y`` is the target."""

    def kind(name: str) -> Kind:
        dtype = frame[name].dtype
        if name in texts:
            return Kind.TEXT
        if pd.api.types.is_bool_dtype(dtype):
            return Kind.BOOLEAN
        if pd.api.types.is_datetime64_any_dtype(dtype):
            return Kind.DATE
        return Kind.NUMBER if pd.api.types.is_numeric_dtype(dtype) else Kind.CATEGORY

    columns = tuple(
        Column(
            name=str(name),
            kind=kind(str(name)),
            role=Role.TARGET if name == "y" else Role.TEXT if name in texts else Role.FEATURE,
            reason="test",
            missing=int(frame[name].isna().sum()),
            distinct=int(frame[name].nunique()),
            lever=Lever.CONTROLLABLE if name in levers else Lever.UNKNOWN,
        )
        for name in frame.columns
    )
    return Table("customers", frame.reset_index(drop=True), columns, (), (), task, "y", "0" * 64)


def free_rows(rows: int = 400, seed: int = 0, **highest: int) -> pd.DataFrame:
    """Independent whole numbers from 0 to ``highest``, by column."""
    random = np.random.default_rng(seed)
    return pd.DataFrame({name: random.integers(0, high + 1, rows) for name, high in highest.items()})
