"""Scores for a table: what `--predictions` and `workbench predict` write."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from workbench.contracts import Model
from workbench.data import check_sink, read_source, write_table
from workbench.errors import InputError

_ROWS = 20_000
"""Rows that are looked at for columns that can't be read."""


def predict_table(model: Model, location: str | Path) -> pd.DataFrame:
    """Predictions for the rows of a table, in their order.

    Returns:
        shape (rows, classes) or (rows, 1), and a column with the decision where costs were given; see
        ``Model.scores``.

    Raises:
        InputError: the table can't be read or lacks columns that the model needs.
    """
    return model.scores(_frame(model, location))


def _frame(model: Model, location: str | Path) -> pd.DataFrame:
    frame, _, _ = read_source(location)
    absent = [name for name in model.columns if name not in frame.columns]
    if absent:
        listed = ", ".join(f"'{name}'" for name in absent[:5]) + (" …" if len(absent) > 5 else "")
        raise InputError(f"{location} lacks {len(absent)} column(s) that the model needs: {listed}; add them.")
    return frame


def write_predictions(model: Model, location: str | Path, path: Path) -> tuple[str, ...]:
    """Write the predictions for a table; the format follows the ending of ``path`` (Parquet, CSV, Excel).

    Returns:
        sentences on columns most of whose values the model can't read.
    """
    check_sink(path, Path(location))
    frame = _frame(model, location)
    write_table(model.scores(frame), path)
    sample = frame if len(frame) <= _ROWS else frame.sample(_ROWS, random_state=0)
    look = getattr(model.pipeline[0], "unread", None)
    return tuple(look(sample)) if look is not None else ()
