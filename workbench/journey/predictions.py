"""Scores for a table: what `--predictions` and `workbench predict` write."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from workbench.contracts import Model
from workbench.data import read_source, write_table
from workbench.errors import InputError


def predict_table(model: Model, location: str | Path) -> pd.DataFrame:
    """Predictions for the rows of a table, in their order.

    Returns:
        shape (rows, classes) or (rows, 1), and a column with the decision where costs were given; see
        ``Model.scores``.

    Raises:
        InputError: the table can't be read or lacks columns that the model needs.
    """
    frame, _, _ = read_source(location)
    absent = [name for name in model.columns if name not in frame.columns]
    if absent:
        listed = ", ".join(f"'{name}'" for name in absent[:5]) + (" …" if len(absent) > 5 else "")
        raise InputError(f"{location} lacks {len(absent)} column(s) that the model needs: {listed}; add them.")
    return model.scores(frame)


def write_predictions(model: Model, location: str | Path, path: Path) -> None:
    """Write the predictions for a table; the format follows the ending of ``path`` (Parquet, CSV, Excel)."""
    write_table(predict_table(model, location), path)
