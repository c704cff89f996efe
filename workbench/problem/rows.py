"""The learning problem in a table: which rows, which target, what a model may see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.contracts import Column, Role, Table, Task
from workbench.contracts.table import MODEL_ROLES
from workbench.errors import InputError
from workbench.pipelines.row_facts import RowFacts

LEAST_ROWS = 10
_ORDERS = "orders the rows in time"
"""How ``workbench.data`` gives the reason of the role of a time column; other dates are ordinary features."""


@dataclass(frozen=True, eq=False)
class Problem:
    """Rows with a known target, ready to be divided.

    Attributes:
        rows: positions of the rows in ``table.frame``.
        target: class codes 0 … classes − 1, or float64.
        labels: the target as a model is fitted on it: class labels, or float64.
        classes: class labels in the order of the codes; empty for regression.
        weight: not negative with a mean of 1, ``None`` when all rows count alike.
        groups: code per row of what stays together, ``None`` with fewer than two groups.
        moments: position in time per row, ``None`` unless the table is ordered.
        notices: sentences on what was left out.
    """

    table: Table
    task: Task
    columns: tuple[Column, ...]
    rows: np.ndarray
    target: np.ndarray
    labels: np.ndarray
    classes: tuple[object, ...]
    weight: np.ndarray | None
    groups: np.ndarray | None
    moments: np.ndarray | None
    notices: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def facts(self) -> RowFacts:
        """Weights and groups."""
        return RowFacts(self.weight, self.groups)

    @property
    def frame(self) -> pd.DataFrame:
        """Raw columns of these rows, the model's among them; a copy where rows were left out, so it isn't kept."""
        frame = self.table.frame
        return frame if len(self.rows) == len(frame) else frame.iloc[self.rows]

    @property
    def fold_task(self) -> Task:
        """The task as the classes make it: two classes are a binary problem, whatever it was called."""
        if self.task is Task.REGRESSION:
            return self.task
        return Task.BINARY if len(self.classes) == 2 else Task.MULTICLASS


def problem_of(table: Table) -> Problem:
    """Find the learning problem.

    Raises:
        InputError: there is no target, nothing to learn from, too few rows, or the target doesn't vary enough.
    """
    if table.target is None or table.task is Task.SEGMENTS:
        raise InputError(f"{table.name} has no target to search a model for; name one with --target.")
    columns = tuple(column for column in table.columns if column.role in MODEL_ROLES and column.name != table.target)
    if not columns:
        raise InputError(
            f"{table.name} has no column to predict '{table.target}' from; check the roles of its columns."
        )
    raw = table.frame[table.target]
    notices = []
    known = _numbers(raw) if table.task is Task.REGRESSION else raw.notna().to_numpy()
    weight = row_weights(table)
    if weight is not None:
        known = known & (weight > 0)
    if not known.all():
        notices.append(f"{int((~known).sum()):,} rows have no usable '{table.target}' or no weight and were left out.")
    rows = np.flatnonzero(known)
    if rows.size < LEAST_ROWS:
        raise InputError(
            f"Only {rows.size} rows of {table.name} have a value in '{table.target}'; {LEAST_ROWS} are needed at least."
        )
    target, labels, classes = _target(table, raw.iloc[rows])
    if weight is not None:
        weight = weight[rows] / weight[rows].mean()
    groups = row_groups(table, rows)
    if groups is not None and not groups.any():
        name = table.names(Role.GROUP)[0]
        notices.append(f"'{name}' is the same in every row that can be used, so there are no groups to keep together.")
        groups = None
    return Problem(
        table=table,
        task=table.task,
        columns=columns,
        rows=rows,
        target=target,
        labels=labels,
        classes=classes,
        weight=weight,
        groups=groups,
        moments=_moments(table, rows),
        notices=tuple(notices),
    )


def _numbers(raw: pd.Series) -> np.ndarray:
    values = pd.to_numeric(raw, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.asarray(np.isfinite(values))


def _target(table: Table, raw: pd.Series) -> tuple[np.ndarray, np.ndarray, tuple[object, ...]]:
    if table.task is Task.REGRESSION:
        values = pd.to_numeric(raw, errors="coerce").to_numpy(dtype=np.float64)
        if np.ptp(values) == 0:
            raise InputError(f"'{table.target}' is {values[0]:g} in every row; there is nothing to predict.")
        return values, values, ()
    if isinstance(raw.dtype, pd.StringDtype):
        # equal labels share one string: a million of their own would be slow to sort and large
        codes, distinct = pd.factorize(raw)
        words, places = np.unique(np.array([str(word) for word in distinct], dtype=object), return_inverse=True)
        labels = words[places[codes]]
    else:
        labels = raw.astype(object).to_numpy()
    if len({type(label) for label in labels}) > 1:
        labels = np.array([str(label) for label in labels], dtype=object)
    classes, codes = np.unique(labels, return_inverse=True)
    if classes.dtype == object and not isinstance(classes[0], str):
        # numbers and booleans that came as objects: scikit-learn wants them in their own type
        labels = np.array(labels.tolist())
        classes, codes = np.unique(labels, return_inverse=True)
    if len(classes) < 2:
        raise InputError(f"'{table.target}' is '{classes[0]}' in every row; there is nothing to predict.")
    counts = np.bincount(codes)
    if len(classes) == 2 and counts.min() < 2:
        rare = classes[int(counts.argmin())]
        raise InputError(
            f"Only one row has '{table.target}' = '{rare}'; at least two are needed to learn and to check."
        )
    if (counts >= 2).sum() < 2:
        raise InputError(f"'{table.target}' has no two classes with at least two rows each; is it an id or a number?")
    return codes.astype(np.int64), labels, tuple(classes.tolist())


def row_weights(table: Table) -> np.ndarray | None:
    """The weight of each row of a table, 0 where it is no positive number; ``None`` where all rows count alike."""
    name = next(iter(table.names(Role.WEIGHT)), None)
    if name is None:
        return None
    values = pd.to_numeric(table.frame[name], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(values) & (values > 0), values, 0.0)


def row_groups(table: Table, rows: np.ndarray) -> np.ndarray | None:
    """Code per row of what stays together, shape (rows,); ``None`` where no two rows do."""
    name = next(iter(table.names(Role.GROUP)), None)
    if name is None:
        return None
    codes, _ = pd.factorize(table.frame[name].iloc[rows])
    # rows without a group stand alone
    lonely = codes < 0
    codes = codes.astype(np.int64)
    codes[lonely] = codes.max(initial=-1) + 1 + np.arange(int(lonely.sum()))
    return codes if np.unique(codes).size < codes.size else None


def _moments(table: Table, rows: np.ndarray) -> np.ndarray | None:
    name = next((c.name for c in table.columns if c.role is Role.DATE and c.reason.startswith(_ORDERS)), None)
    if name is None:
        return None
    column = table.frame[name].iloc[rows]
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        moments = column.astype("int64").to_numpy(dtype=np.float64)
        moments[column.isna().to_numpy()] = -np.inf
        return moments
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    if np.isnan(values).all():
        dates = pd.to_datetime(column, errors="coerce", format="mixed", utc=True)
        return np.where(dates.isna(), -np.inf, dates.astype("int64").to_numpy(dtype=np.float64))
    # rows without a moment come first: they are only ever learnt from
    return np.where(np.isnan(values), -np.inf, values)
