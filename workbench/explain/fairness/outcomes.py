"""What came and what was said about it, as arrays, for the rows that have both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.contracts import Task
from workbench.errors import InputError

PREDICTION = "prediction"


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Rows with a prediction and a known target.

    Attributes:
        rows: their positions, shape (kept,).
        truth: class positions or numbers, shape (kept,).
        said: shares, shape (kept, classes), or predictions, shape (kept, 1).
        names: of the classes, as text; empty for regression.
    """

    rows: np.ndarray
    truth: np.ndarray
    said: np.ndarray
    names: tuple[str, ...]


def read_outcomes(truth: np.ndarray, prediction: pd.DataFrame, task: Task) -> Outcomes:
    """Leave out rows that lack a prediction or a target.

    Raises:
        InputError: lengths differ, columns are not those of the task, or the target holds a class that has none.
    """
    if task is Task.SEGMENTS:
        raise InputError("Segments have no target, so there are no predictions to compare by group.")
    if len(truth) != len(prediction):
        raise InputError(
            f"There are {len(truth):,} values of the target but {len(prediction):,} predictions; "
            "both need a row for each row of the table."
        )
    names = tuple(str(name) for name in prediction.columns)
    if task is Task.REGRESSION and names != (PREDICTION,):
        raise InputError(f"Predictions of a number need the one column '{PREDICTION}', not {_listed(names)}.")
    if task is Task.BINARY and len(names) != 2:
        raise InputError(f"Predictions of two classes need a column for each of them, not {_listed(names)}.")
    if task is Task.MULTICLASS and len(names) < 2:
        raise InputError(f"Predictions of classes need a column for each of them, not {_listed(names)}.")
    said = prediction.to_numpy(dtype=np.float64, na_value=np.nan)
    came = pd.Series(truth)
    if task is Task.REGRESSION:
        values = pd.to_numeric(came, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
        names = ()
    else:
        values = _positions(came, names)
    rows = np.flatnonzero(np.isfinite(said).all(axis=1) & np.isfinite(values))
    kept = values[rows]
    return Outcomes(rows, kept if task is Task.REGRESSION else kept.astype(int), said[rows], names)


def position_of(positive: object | None, names: Sequence[str]) -> int:
    """Which of two classes is the positive one; without a wish the second, as everywhere.

    Raises:
        InputError: there is no such class.
    """
    if positive is None:
        return len(names) - 1
    if str(positive) not in names:
        raise InputError(f"There is no class '{positive}' among the predictions; choose from {_listed(names)}.")
    return list(names).index(str(positive))


def _positions(came: pd.Series, names: Sequence[str]) -> np.ndarray:
    """Class position of each row, NaN for missing; a class is called by its text, as ``Model.predict`` does."""
    levels = {level: _place(level, names) for level in came.dropna().unique()}
    return came.astype(object).map(levels, na_action="ignore").to_numpy(dtype=np.float64, na_value=np.nan)


def _place(level: object, names: Sequence[str]) -> int:
    texts = [str(level)]
    if isinstance(level, float) and level.is_integer():
        texts.append(str(int(level)))  # whole numbers become floats where a column has gaps
    for text in texts:
        if text in names:
            return list(names).index(text)
    raise InputError(
        f"The target holds '{level}', for which the predictions have no column; they have {_listed(names)}."
    )


def _listed(names: Sequence[str], most: int = 5) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:most]) or "none"
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
