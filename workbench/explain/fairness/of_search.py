"""The figures by group of the model that a search found, from its predictions of rows that it was not fitted on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.contracts import Kind, Model, SearchResult, Table, Task
from workbench.errors import InputError
from workbench.explain.fairness._base import GroupMetrics
from workbench.explain.fairness.metrics import group_metrics
from workbench.explain.fairness.outcomes import PREDICTION


def group_of(table: Table, column: str) -> pd.Series:
    """A column whose groups are compared, shape (rows,): numbers that the table knows as codes come as a category.

    Raises:
        InputError: there is no such column, or it is the target.
    """
    coded = table.column(column).kind in (Kind.CATEGORY, Kind.BOOLEAN)
    if column == table.target:
        raise InputError(f"'{column}' is what the model predicts: name a column whose groups are to be compared.")
    group = table.frame[column]
    return group.astype("category") if coded else group


def compared_groups(table: Table, search: SearchResult, group: pd.Series, *, seed: int = 0) -> GroupMetrics:
    """``group_metrics`` of the champion, by its out-of-fold predictions and the decision that it makes from them.

    Args:
        group: as ``group_of`` gives it.

    Raises:
        InputError: the search keeps no predictions of held-out rows.
    """
    model = search.champion
    said = held_out(search)
    if len(said) != len(table.frame) or not np.isfinite(said.to_numpy()).any():
        raise InputError(f"The search on {table.name} keeps no predictions of held-out rows to compare groups by.")
    two = len(model.classes) == 2
    return group_metrics(
        group,
        table.frame[model.target].to_numpy(),
        said,
        search.task,
        positive=str(model.classes[model.positive]) if two else None,
        threshold=threshold_of(model),
        emphasis=None if two else model.emphasis,
        seed=seed,
    )


def held_out(search: SearchResult) -> pd.DataFrame:
    """The champion's out-of-fold predictions: a column per class, or ``prediction``; a row per row of the table."""
    said = np.asarray(search.out_of_fold, dtype=np.float64)
    if search.task is Task.REGRESSION:
        return pd.DataFrame({PREDICTION: said.ravel()})
    return pd.DataFrame(said, columns=[str(label) for label in search.champion.classes])


def threshold_of(model: Model) -> float:
    """The share of the positive of two classes from which it is the model's answer."""
    if model.threshold is not None:
        return float(model.threshold)
    if model.emphasis is not None and len(model.emphasis) == 2:
        # the answer is the class whose share times its factor is the highest
        other, own = model.emphasis[1 - model.positive], model.emphasis[model.positive]
        return float(other / (own + other))
    return 0.5
