"""Predictions for raw rows of which one column holds the cells of other rows: what effects and permutation ask.

Cells are never made up: they are taken as they stand from the same column, so that type, time zone and spelling stay.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.contracts import Model, Table, Task
from workbench.errors import InputError

BATCH = 20_000
"""Rows in one call of the model: bounds memory, not the result."""


def model_frame(model: Model, rows: Table | pd.DataFrame) -> pd.DataFrame:
    """The columns that the model needs, shape (rows, columns), under a fresh ``RangeIndex``.

    Raises:
        InputError: there are no rows, or a column of the model is missing.
    """
    name, frame = (rows.name, rows.frame) if isinstance(rows, Table) else ("the given frame", rows)
    if len(frame) == 0:
        raise InputError(f"There are no rows in {name} to ask the model about; give it at least one.")
    absent = [column for column in model.columns if column not in frame.columns]
    if absent:
        raise InputError(
            f"There is no column '{absent[0]}' in {name}, which the model needs; add it, empty if unknown."
        )
    return frame.loc[:, list(model.columns)].reset_index(drop=True)


def check_column(model: Model, column: str) -> None:
    """Raise ``InputError`` where the model does not use ``column``."""
    if column not in model.columns:
        raise InputError(f"The model uses no column '{column}'; it uses {some_names(model.columns)}.")


def some_names(names: Sequence[str], most: int = 5) -> str:
    """The first names in quotes, and how many more there are."""
    named = ", ".join(f"'{name}'" for name in names[:most])
    return named if len(names) <= most else f"{named} and {len(names) - most} more"


def prediction_outputs(model: Model) -> tuple[tuple[str, int], ...]:
    """Name of each output and its column in ``Model.predict``: the outputs are those of ``Explanation``.

    The target for regression, the second class alone for two classes, every class for more.
    """
    if model.task is Task.REGRESSION:
        return ((model.target, 0),)
    named = tuple((str(label), place) for place, label in enumerate(model.classes))
    return named[1:] if len(named) == 2 else named


def prediction_space(model: Model) -> str:
    """``probability`` for classes, ``units of <target>`` for regression: what ``Model.predict`` gives."""
    return f"units of {model.target}" if model.task is Task.REGRESSION else "probability"


def sampled_positions(rows: int, most: int, seed: int) -> np.ndarray:
    """All positions, or ``most`` of them drawn without replacement, ascending.

    Raises:
        InputError: ``most`` is not positive.
    """
    if most < 1:
        raise InputError(f"{most} rows can't be looked at; choose at least one.")
    if rows <= most:
        return np.arange(rows)
    return np.sort(np.random.default_rng(seed).choice(rows, size=most, replace=False))


def predictions_with(model: Model, frame: pd.DataFrame, column: str, rows: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """What the model says of row ``rows[i]`` with the cell of ``column`` that stands in row ``cells[i]``.

    The blocks depend on the number of pairs alone, so that the same rows with the same cells get the same bits.

    Args:
        frame: as ``model_frame`` gives it.
        rows, cells: positions in ``frame``, shape (pairs,).

    Returns:
        shape (pairs, columns of ``Model.predict``).
    """
    source = frame[column]
    blocks = []
    for start in range(0, len(rows), BATCH):
        block = frame.iloc[rows[start : start + BATCH]].reset_index(drop=True)
        block[column] = source.iloc[cells[start : start + BATCH]].reset_index(drop=True)
        blocks.append(model.predict(block).to_numpy(dtype=np.float64))
    return np.concatenate(blocks)
