"""The target: which column it could be, what task it makes, and which rows can be learnt from."""

from __future__ import annotations

import difflib

import numpy as np
import pandas as pd

from workbench.contracts import Check, Kind, Task
from workbench.data import words
from workbench.data.findings import info, rows_of, shown, warning
from workbench.data.frames import distinct_count
from workbench.data.roles import kind_of
from workbench.errors import InputError

MOST_CLASSES = 100
"""Classes that a text target may have."""
_MOST_INTEGER_CLASSES = 20
FEWEST_ROWS = 10
"""Rows with a target that are needed to learn anything."""


def guess_target(frame: pd.DataFrame) -> str | None:
    """The column that is likely the target, by its name, else the last one if it holds a few words or two values.

    A guess is to be shown and confirmed, never used silently. ``None`` when nothing is plausible.
    """
    usable = [str(name) for name in frame.columns if _plausible(frame[name])]
    by_name = {words.plain(name): name for name in usable}
    for wanted in words.TARGETS:
        if wanted in by_name:
            return by_name[wanted]
    marked = [name for name in usable if words.plain(name).startswith(("target ", "label ", "is churn", "是否"))
              or words.plain(name).endswith((" target", " label", " churn", " flag y"))]  # fmt: skip
    if marked:
        return marked[-1]
    last = str(frame.columns[-1]) if len(frame.columns) else None
    if last in usable and not words.is_id_name(last):
        distinct = distinct_count(frame[last])
        number = pd.api.types.is_numeric_dtype(frame[last].dtype) and frame[last].dtype != np.dtype("bool")
        if distinct == 2 or (distinct <= 20 and not number and len(frame) >= 5 * distinct):
            return last
    return None


def _plausible(column: pd.Series) -> bool:
    if isinstance(column, pd.DataFrame):  # a repeated name
        return False
    distinct = distinct_count(column)
    if distinct < 2 or pd.api.types.is_datetime64_any_dtype(column.dtype):
        return False
    return pd.api.types.is_numeric_dtype(column.dtype) or distinct <= MOST_CLASSES


def find_column(frame: pd.DataFrame, name: str, what: str) -> str:
    """The column of that name; blanks at its ends and, where that is unmistakable, its case are forgiven.

    Raises:
        InputError: there is none; the sentence names the closest one.
    """
    names = [str(column) for column in frame.columns]
    if name in names:
        return name
    alike = [column for column in names if column.strip().lower() == name.strip().lower()]
    if len(alike) == 1:
        return alike[0]
    lowered = {column.lower(): column for column in names}
    close = difflib.get_close_matches(name.lower(), list(lowered), n=1, cutoff=0.5)
    hint = f"did you mean '{lowered[close[0]]}'?" if close else "it has " + _listed(names) + "."
    raise InputError(f"There is no column '{name}' to use as {what}: {hint}")


def _listed(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names[:8]) + (" …" if len(names) > 8 else "")


def rows_with_target(frame: pd.DataFrame, target: str) -> tuple[pd.DataFrame, list[Check]]:
    """The rows that have a target, and a check that tells how many had none.

    Raises:
        InputError: no row has a target, all have the same, or fewer than ``FEWEST_ROWS`` are left.
    """
    present = frame[target].notna()
    kept = int(present.sum())
    if not kept:
        raise InputError(f"The target '{target}' has no value in any row; choose another target.")
    checks = []
    if kept < len(frame):
        lost = len(frame) - kept
        frame = frame[present].reset_index(drop=True)
        checks.append(
            warning(
                "target-missing",
                target,
                lost,
                f"The target '{target}' has no value in {lost:,} of {lost + kept:,} rows.",
                "left out",
            )
        )
    if kept < FEWEST_ROWS:
        raise InputError(
            f"The target '{target}' has a value in only {rows_of(kept)}; "
            f"at least {FEWEST_ROWS} are needed to learn from."
        )
    if distinct_count(frame[target]) == 1:
        raise InputError(
            f"The target '{target}' is the same in every row, so there is nothing to learn; choose another."
        )
    return frame, checks


def infer_task(column: pd.Series, name: str) -> Task:
    """The task that a target makes.

    Two values: binary. Words or truth values, and whole numbers with up to 20 values that each come often: multiclass.
    Other numbers: regression.

    Raises:
        InputError: dates, free text or too many classes.
    """
    distinct = distinct_count(column)
    kind = kind_of(column, distinct)
    if kind is Kind.DATE:
        raise InputError(f"The target '{name}' holds dates; choose a number or a category, such as days until then.")
    if distinct == 2:
        return Task.BINARY
    if kind in (Kind.CATEGORY, Kind.TEXT):
        if distinct > MOST_CLASSES or kind is Kind.TEXT or distinct > 0.5 * len(column):
            raise InputError(
                f"The target '{name}' has {distinct:,} different words in {len(column):,} rows, too many for classes "
                f"(at most {MOST_CLASSES}); choose a target with fewer, or a number."
            )
        return Task.MULTICLASS
    if kind is Kind.INTEGER and distinct <= _MOST_INTEGER_CLASSES and len(column) >= 10 * distinct and _dense(column):
        return Task.MULTICLASS
    return Task.REGRESSION


def _dense(column: pd.Series) -> bool:
    """Whether whole numbers run without large gaps, as ratings and grades do and amounts don't."""
    values = np.unique(column.dropna().to_numpy())
    return bool(values[-1] - values[0] <= 2 * len(values))


def check_task(task: Task, column: pd.Series, name: str) -> Task:
    """The task that was asked for, if the target allows it; two classes are binary whatever was asked.

    Raises:
        InputError: the target has too many or too few classes, or is no number.
    """
    distinct = distinct_count(column)
    numeric = pd.api.types.is_numeric_dtype(column.dtype)
    if task is Task.REGRESSION and not numeric:
        raise InputError(
            f"The target '{name}' holds words, so it can't be a regression; use --task multiclass or auto."
        )
    if task is Task.BINARY and distinct != 2:
        raise InputError(f"The target '{name}' has {distinct:,} different values, but a binary task needs two.")
    if task is Task.MULTICLASS:
        if distinct == 2:
            return Task.BINARY
        if distinct > MOST_CLASSES or pd.api.types.is_datetime64_any_dtype(column.dtype):
            raise InputError(
                f"The target '{name}' has {distinct:,} different values, too many for classes "
                f"(at most {MOST_CLASSES}); use --task regression or another target."
            )
    return task


def usable_classes(frame: pd.DataFrame, target: str) -> tuple[pd.DataFrame, list[Check]]:
    """The rows of classes with at least two members, and checks about classes.

    Raises:
        InputError: fewer than two classes have two members.
    """
    counts = frame[target].value_counts()
    single = counts.index[counts < 2]
    checks = []
    if len(single):
        if len(counts) - len(single) < 2:
            raise InputError(
                f"The target '{target}' has fewer than two classes with at least two rows each, "
                "so there is nothing to compare; choose another target or add rows."
            )
        named = ", ".join(map(shown, list(single)[:5]))
        frame = frame[~frame[target].isin(single)].reset_index(drop=True)
        checks.append(
            warning(
                "single-member-class",
                target,
                len(single),
                f"{len(single)} classes of '{target}' have one row only ({named}).",
                "these rows were left out",
            )
        )
        counts = frame[target].value_counts()
    if len(frame) < FEWEST_ROWS:
        raise InputError(
            f"The target '{target}' has a usable class in only {rows_of(len(frame))}; "
            f"at least {FEWEST_ROWS} are needed."
        )
    small = counts[counts < 10]
    if len(small):
        checks.append(
            warning(
                "small-classes",
                target,
                int(small.sum()),
                f"{len(small)} classes of '{target}' have fewer than 10 rows, so figures about them are unsure.",
            )
        )
    shares = counts / counts.sum()
    listed = ", ".join(
        f"{shown(value)} {count:,} ({share:.1%})"
        for (value, count), share in zip(counts.head(8).items(), shares, strict=False)
    )
    checks.append(
        info(
            "class-counts",
            target,
            0,
            f"Classes of '{target}': {listed}{' …' if len(counts) > 8 else ''}.",
        )
    )
    if shares.iloc[-1] < 0.05:
        checks.append(
            info(
                "imbalance",
                target,
                int(counts.iloc[-1]),
                f"The rarest class of '{target}' has {shares.iloc[-1]:.2%} of the rows: accuracy says little here.",
                "judge by AUC or log loss",
            )
        )
    return frame, checks


def whole_labels(column: pd.Series) -> pd.Series:
    """Class labels ``1.0`` as ``1`` where all are whole: what gaps had made of them."""
    if column.dtype == np.dtype("float64") and kind_of(column, 2) is Kind.INTEGER:
        return column.astype("int64")
    return column
