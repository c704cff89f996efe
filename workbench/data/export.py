"""Tables to files: CSV, Parquet or Excel by the path's ending, whole or not at all."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from workbench.atomic import replacing
from workbench.errors import InputError, StoreError

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_ENDINGS = (".parquet", ".pq", ".csv", ".tsv", ".xlsx")
_EXCEL_ROWS = 1_048_575


def write_table(frame: pd.DataFrame, path: str | Path) -> None:
    """Write a table without its index.

    Text cells and names that a spreadsheet would run as a formula (they begin with ``=``, ``+``, ``-``, ``@``, a tab or
    a line end) get a leading ``'`` in CSV and Excel files; Parquet keeps all as it is.

    Raises:
        InputError: the ending is unknown, or the table has more rows than an Excel sheet.
        StoreError: the place can't be written to.
    """
    path = Path(path)
    check_sink(path)
    suffix = path.suffix.lower()
    if suffix in (".parquet", ".pq"):
        with replacing(path) as temporary:
            frame.to_parquet(temporary, index=False)
    elif suffix in (".csv", ".tsv"):
        with replacing(path) as temporary:
            separator = "\t" if suffix == ".tsv" else ","
            # All text in quotes: the csv module leaves a lone carriage return bare, which would end the row.
            harmless(frame).to_csv(
                temporary, index=False, sep=separator, encoding="utf-8", quoting=csv.QUOTE_NONNUMERIC
            )
    else:
        if len(frame) > _EXCEL_ROWS:
            raise InputError(
                f"An Excel sheet holds {_EXCEL_ROWS:,} rows, this table has {len(frame):,}; write Parquet or CSV."
            )
        with replacing(path) as temporary, temporary.open("wb") as sink:
            _printable(harmless(frame)).to_excel(sink, index=False, engine="openpyxl")


def check_sink(path: Path, source: Path | None = None) -> None:
    """Whether a table can be written as this.

    Args:
        source: what it is made from, which it must not replace.

    Raises:
        StoreError: it is a folder.
        InputError: the ending is unknown, or it is the source.
    """
    if source is not None and path.exists() and source.exists() and path.samefile(source):
        raise InputError(f"{path} would replace the rows that it is made from; choose another name.")
    if path.is_dir():
        raise StoreError(f"{path} is a folder; name a file.")
    if path.suffix.lower() not in _ENDINGS:
        raise InputError(f"Can't write a table as '{path.name}'; use the ending .csv, .parquet or .xlsx.")


def harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with no text cell or column name that a spreadsheet would run as a formula."""
    return _mapped(frame, _disarmed)


def _mapped(frame: pd.DataFrame, change: Callable[[object], object]) -> pd.DataFrame:
    """A copy with every text cell and every name changed."""
    result = frame.copy()
    for position, kind in enumerate(frame.dtypes):
        if isinstance(kind, (pd.StringDtype, pd.CategoricalDtype)) or pd.api.types.is_object_dtype(kind):
            cells = frame.iloc[:, position].astype(object).map(change, na_action="ignore")
            result.isetitem(position, cells.array)
    result.columns = pd.Index([change(str(name)) for name in frame.columns], dtype=object)
    return result


def _disarmed(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _printable(frame: pd.DataFrame) -> pd.DataFrame:
    """Without the control characters that the Excel format forbids."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    def clean(cell: object) -> object:
        return ILLEGAL_CHARACTERS_RE.sub("", cell) if isinstance(cell, str) else cell

    return _mapped(frame, clean)
