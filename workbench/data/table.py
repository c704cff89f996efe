"""From a frame to a described, checked customer table: the seam that every face and stage uses."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.contracts import (
    Check,
    Lever,
    PurchaseHistory,
    Role,
    Severity,
    Source,
    Table,
    Task,
)
from workbench.contracts.table import MODEL_ROLES
from workbench.data.entities import entity_checks
from workbench.data.findings import info, rows_of
from workbench.data.frames import canonical, fingerprint
from workbench.data.leakage import leakage_checks
from workbench.data.ordinal import ordinal_checks
from workbench.data.quality import quality_checks
from workbench.data.roles import Given, describe_columns
from workbench.data.source import read_source
from workbench.data.target import (
    FEWEST_ROWS,
    check_task,
    find_column,
    infer_task,
    rows_with_target,
    usable_classes,
    whole_labels,
)
from workbench.errors import InputError


def load(
    location: str | Path,
    *,
    target: str | None,
    task: Task | None = None,
    roles: dict[str, Role] | None = None,
    time: str | None = None,
    group: str | None = None,
    name: str | None = None,
    outcome: str | None = None,
    currency: str = "",
) -> Table:
    """Read a file and describe it: ``read_source`` and ``describe`` in one. Raises ``InputError`` as they do."""
    frame, source, checks = read_source(location, name=name)
    return describe(
        frame,
        [source],
        target=target,
        task=task,
        roles=roles,
        time=time,
        group=group,
        checks=checks,
        name=source.name,
        outcome=outcome,
        currency=currency,
    )


def describe(
    frame: pd.DataFrame,
    sources: Sequence[Source],
    *,
    target: str | None,
    task: Task | None = None,
    roles: dict[str, Role] | None = None,
    time: str | None = None,
    group: str | None = None,
    checks: Sequence[Check] = (),
    name: str,
    outcome: str | None = None,
    currency: str = "",
    cut_off: pd.Timestamp | None = None,
    horizon_days: int | None = None,
    history: PurchaseHistory | None = None,
    meanings: Mapping[str, tuple[str, str, Lever]] | None = None,
) -> Table:
    """Say what each column is for, which task the target makes, and what is wrong with the data.

    Rows without a target, and classes with a single row, are left out and told. Suspected leaks are told, never
    removed: leave such a column out with the role ``ignore``.

    Args:
        frame: shape (rows, columns); a named index becomes a column.
        target: column to predict; ``None`` makes ``Task.SEGMENTS``.
        task: ``None`` infers it from the target. With ``Task.SEGMENTS`` a named target is kept as an outcome.
        roles: roles that are set, by column; they win over what is inferred.
        time: column that orders the rows: dates or numbers.
        group: column whose rows stay together.
        checks: what was already found, for example while reading.
        outcome: numeric column that says what a customer is worth; the target of a regression by default.
        meanings: by column, a sentence for people, the unit, and whether the business can change it.

    Raises:
        InputError: a named column is absent; the target is constant, empty or has unusable classes; no column is left
            to learn from; fewer than ten rows are usable.
    """
    frame, repaired = canonical(frame)
    told = [*checks, *repaired]
    roles = {find_column(frame, column, "a role"): role for column, role in (roles or {}).items()}
    target = _target(frame, target, roles)
    roles = {column: role for column, role in roles.items() if role is not Role.TARGET}
    roles.pop(target or "", None)
    time = _ordering(frame, time)
    group = find_column(frame, group, "the group") if group else None
    for what, column in (("time", time), ("group", group)):
        if column is not None and column == target:
            raise InputError(f"The target '{target}' can't be the {what} column as well; name another column.")
    outcome = _outcome(frame, outcome)
    if target is None or task is Task.SEGMENTS:
        frame, emptied = _rows_with_values(frame)
        told += emptied
        if target is not None:
            numeric = pd.api.types.is_numeric_dtype(frame[target].dtype)
            roles[target] = Role.OUTCOME if numeric else Role.IGNORE
            outcome = outcome or (target if numeric else None)
        target, task = None, Task.SEGMENTS
    else:
        frame, task, found = _learnable(frame, target, task)
        told += found
        if outcome is None and task is Task.REGRESSION:
            outcome = target
    given = Given(target, time, group, roles, outcome, meanings or {})
    columns = describe_columns(frame, given)
    if not any(column.role in MODEL_ROLES for column in columns):
        raise InputError(
            f"The table {name} has no column to learn from beside "
            + (f"the target '{target}'" if target else "ids and columns that are left out")
            + "; add columns or change roles."
        )
    with np.errstate(over="ignore", invalid="ignore"):  # enormous numbers: what overflows here makes no finding
        told += quality_checks(frame, columns, target)
        if target is not None:
            told += leakage_checks(frame, columns, target, task)
            told += entity_checks(frame, columns)
            told += ordinal_checks(frame, target, task)
    content = "".join([fingerprint(frame), str(target), *(source.fingerprint for source in sources)])
    return Table(
        name=name,
        frame=frame,
        columns=columns,
        sources=tuple(sources),
        checks=_worst_first(told),
        task=task,
        target=target,
        fingerprint=hashlib.sha256(content.encode()).hexdigest(),
        cut_off=cut_off,
        horizon_days=horizon_days,
        outcome=outcome,
        currency=currency,
        history=history,
    )


def _target(frame: pd.DataFrame, target: str | None, roles: dict[str, Role]) -> str | None:
    named = [column for column, role in roles.items() if role is Role.TARGET]
    if target is not None:
        return find_column(frame, target, "the target")
    if len(named) > 1:
        raise InputError(f"Two columns are called target, '{named[0]}' and '{named[1]}'; choose one.")
    return named[0] if named else None


def _ordering(frame: pd.DataFrame, time: str | None) -> str | None:
    if time is None:
        return None
    time = find_column(frame, time, "the time")
    if not (
        pd.api.types.is_datetime64_any_dtype(frame[time].dtype) or pd.api.types.is_numeric_dtype(frame[time].dtype)
    ):
        raise InputError(f"The time column '{time}' holds neither dates nor numbers; write dates as 2024-12-31.")
    return time


def _outcome(frame: pd.DataFrame, outcome: str | None) -> str | None:
    if outcome is None:
        return None
    outcome = find_column(frame, outcome, "the outcome")
    if not pd.api.types.is_numeric_dtype(frame[outcome].dtype):
        raise InputError(f"The outcome '{outcome}' holds no numbers; choose one that says what a customer is worth.")
    return outcome


def _rows_with_values(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Check]]:
    empty = frame.isna().all(axis=1).to_numpy(dtype=bool)
    checks = []
    if empty.any():
        gone = int(empty.sum())
        checks.append(info("empty-rows", None, gone, f"Empty: {rows_of(gone)}.", "left out"))
        frame = frame[~empty].reset_index(drop=True)
    if len(frame) < FEWEST_ROWS:
        raise InputError(f"The table has only {rows_of(len(frame))}; at least {FEWEST_ROWS} are needed to find groups.")
    return frame, checks


def _learnable(frame: pd.DataFrame, target: str, task: Task | None) -> tuple[pd.DataFrame, Task, list[Check]]:
    """The rows that can be learnt from, the task, and what was left out."""
    if frame.shape[1] < 2:
        raise InputError(f"The table holds nothing but the target '{target}'; add columns to learn from.")
    frame, checks = rows_with_target(frame, target)
    found = check_task(task, frame[target], target) if task else infer_task(frame[target], target)
    if found is not Task.REGRESSION:
        frame = frame.copy(deep=False)
        frame[target] = whole_labels(frame[target])
        frame, classes = usable_classes(frame, target)
        checks += classes
        if frame[target].nunique() == 2:
            found = Task.BINARY
    elif not np.isfinite(frame[target].to_numpy(dtype=float)).all():
        raise InputError(f"The target '{target}' holds values that are no numbers; mend or remove them.")
    return frame, found, checks


_ORDER = {Severity.ALARM: 0, Severity.WARNING: 1, Severity.INFO: 2}


def _worst_first(checks: Sequence[Check]) -> tuple[Check, ...]:
    return tuple(sorted(checks, key=lambda check: _ORDER[check.severity]))
