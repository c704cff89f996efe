"""What segments are judged by: the outcome in its own unit, and the goal that a tree is grown for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.contracts import Role, Table, Task
from workbench.segments.reading import Floats, Integers, as_numbers, as_text

MAX_CLASSES = 20


@dataclass(frozen=True)
class Goal:
    """What a goal-guided tree is grown for.

    Attributes:
        name: of the column.
        classes: labels as text, empty for a number.
        values: shape (rows, 1) for a number, (rows, classes) of 0 and 1 otherwise; NaN rows have no goal.
    """

    name: str
    classes: tuple[str, ...]
    values: Floats

    @property
    def known(self) -> np.ndarray:
        """Rows with a goal, as flags."""
        return np.asarray(np.isfinite(self.values).all(axis=1))


def classes_of(series: pd.Series) -> tuple[str, ...]:
    """The different labels as text, in the order in which scikit-learn puts them: numbers by value, else by text."""
    present = series.dropna()
    ordered = sorted(present.unique(), key=str)
    numbers = pd.to_numeric(pd.Series(ordered, dtype=object), errors="coerce")
    if numbers.notna().all():
        ordered = [ordered[place] for place in np.argsort(numbers.to_numpy(dtype=float), kind="stable")]
    texts = as_text(pd.Series(ordered, dtype=object)).dropna()
    return tuple(dict.fromkeys(texts))


def goal_of(table: Table) -> Goal | None:
    """The target, else the outcome; ``None`` when there is neither or it does not vary."""
    if table.target is not None and table.task in (Task.BINARY, Task.MULTICLASS):
        series = table.frame[table.target]
        classes = classes_of(series)
        if not 2 <= len(classes) <= MAX_CLASSES:
            return None
        return Goal(table.target, classes, one_hot(series, classes))
    name = table.target if table.target is not None else table.outcome
    if name is None:
        return None
    values = as_numbers(table.frame[name])
    known = values[np.isfinite(values)]
    return Goal(name, (), values.reshape(-1, 1)) if len(known) and np.ptp(known) > 0 else None


def one_hot(series: pd.Series, classes: tuple[str, ...]) -> Floats:
    """0 and 1 per class, shape (rows, classes); NaN where there is no label."""
    texts = as_text(series).to_numpy(dtype=object)
    hot = np.stack([texts == name for name in classes], axis=1).astype(np.float64)
    hot[pd.isna(texts)] = np.nan
    return hot


def outcome_of(table: Table) -> tuple[str, Floats] | None:
    """Name and values of what a customer is worth: the outcome, a numeric target, or the second class's 0/1.

    Returns:
        ``None`` when the table has nothing of the kind, or it does not vary.
    """
    name = table.outcome
    if name is None and table.target is not None and table.task is Task.REGRESSION:
        name = table.target
    if name is not None:
        values = as_numbers(table.frame[name])
    elif table.target is not None and table.task is Task.BINARY:
        name = table.target
        classes = classes_of(table.frame[name])
        if len(classes) != 2:
            return None
        values = one_hot(table.frame[name], classes)[:, 1]
    else:
        return None
    known = values[np.isfinite(values)]
    return (name, values) if len(known) and np.ptp(known) > 0 else None


def codes_of(goal: Goal) -> Integers:
    """The class position of every row, −1 without one."""
    return np.where(goal.known, np.nan_to_num(goal.values).argmax(axis=1), -1).astype(np.int64)


def hidden(table: Table) -> frozenset[str]:
    """Columns that no descriptive segment may see, whatever their role says."""
    named = {name for name in (table.target, table.outcome) if name is not None}
    return frozenset(named | set(table.names(Role.TARGET, Role.OUTCOME)))
