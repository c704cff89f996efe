"""Excel workbooks (.xlsx, .xlsm): the first sheet that holds anything."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa

from workbench.contracts import Check
from workbench.data._base import Raw
from workbench.data.findings import rows_of, warning
from workbench.errors import InputError

MOST_TITLES = 5
"""Lines above a header that may be its title."""
_ERRORS = ("#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!")


class ExcelReader:
    """Office Open XML workbooks by openpyxl; formulas give their last computed value. See ``Reader``."""

    format = "excel"
    suffixes = (".xlsx", ".xlsm")

    def read(self, path: Path, content: bytes) -> Raw:
        """See ``Reader.read``; ``details`` tell the sheet."""
        import openpyxl
        from openpyxl.utils.exceptions import InvalidFileException

        try:
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheets = [(sheet.title, _rows(sheet)) for sheet in book.worksheets]
        except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, EOFError,
                AttributeError, SyntaxError) as error:  # fmt: skip
            # openpyxl lets through whatever its parsers raise for a damaged or password-protected workbook.
            raise InputError(f"{path} is not a readable Excel workbook; save it again as .xlsx or as CSV.") from error
        filled = [(title, rows) for title, rows in sheets if rows]
        if not filled:
            raise InputError(f"{path} has no filled sheet; choose a workbook with a header and rows.")
        # A cover sheet holds a line or two; a table has a header and rows.
        title, rows = next((sheet for sheet in filled if len(sheet[1]) > 1 and _width(sheet[1]) > 1), filled[0])
        rows, checks = _without_title(rows)
        if len(filled) > 1:
            others = ", ".join(f"'{name}'" for name, _ in filled[:6] if name != title)
            checks.append(
                warning(
                    "sheets",
                    None,
                    0,
                    f"Only the first sheet with a table, '{title}', was read, not {others}.",
                    "save another sheet as a file of its own to use it",
                )
            )
        names, columns = _table(rows)
        return Raw([_array(column) for column in columns], names, {"sheet": title}, checks, typed=False)


def _rows(sheet: Any) -> list[tuple[Any, ...]]:
    """Rows from the first that holds something to the last that does."""
    rows = [tuple(row) for row in sheet.iter_rows(values_only=True)]
    filled = [position for position, row in enumerate(rows) if any(cell is not None for cell in row)]
    return rows[filled[0] : filled[-1] + 1] if filled else []


def _width(rows: list[tuple[Any, ...]]) -> int:
    """How many columns hold anything."""
    width = max(len(row) for row in rows)
    return sum(any(position < len(row) and row[position] is not None for row in rows) for position in range(width))


def _without_title(rows: list[tuple[Any, ...]]) -> tuple[list[tuple[Any, ...]], list[Check]]:
    """The rows from the header on: a line or two above it with a single filled cell are a title, often merged."""
    width = _width(rows)
    titles = 0
    while titles < min(MOST_TITLES, len(rows) - 2) and sum(cell is not None for cell in rows[titles]) <= 1 < width:
        titles += 1
    names = [cell for cell in rows[titles] if isinstance(cell, str)]
    if not titles or len(names) < width:  # no header follows: the line above may be one, with gaps
        return rows, []
    told = warning("title-rows", None, titles, f"Above the header: {rows_of(titles)} with a title.", "left out")
    return rows[titles:], [told]


def _table(rows: list[tuple[Any, ...]]) -> tuple[list[str], list[list[Any]]]:
    width = max(len(row) for row in rows)
    columns = [[row[position] if position < len(row) else None for row in rows] for position in range(width)]
    kept = [column for column in columns if any(cell is not None for cell in column)]
    return ["" if column[0] is None else str(column[0]) for column in kept], [column[1:] for column in kept]


def _array(cells: list[Any]) -> Any:
    """One Arrow array: typed where all cells agree, text where they do not."""
    cells = [None if cell is None or (isinstance(cell, str) and cell in _ERRORS) else cell for cell in cells]
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds == {bool}:
        return _chunked(cells, pa.bool_())
    if kinds and kinds <= {int, float}:
        whole = all(cell is None or (float(cell).is_integer() and abs(cell) < 2**53) for cell in cells)
        return _chunked(cells, pa.int64()) if whole else _chunked(cells, pa.float64())
    if kinds and kinds <= {dt.datetime, dt.date}:
        return _chunked([_instant(cell) for cell in cells], pa.timestamp("us"))
    return _chunked([None if cell is None else _text(cell) for cell in cells], pa.large_string())


def _chunked(cells: list[Any], kind: Any) -> Any:
    if pa.types.is_integer(kind):
        cells = [None if cell is None else int(cell) for cell in cells]
    elif pa.types.is_floating(kind):
        cells = [None if cell is None else float(cell) for cell in cells]
    return pa.chunked_array([pa.array(cells, kind)])


def _instant(cell: dt.date | None) -> dt.datetime | None:
    return dt.datetime(cell.year, cell.month, cell.day) if type(cell) is dt.date else cell  # type: ignore[return-value]


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat(sep=" ") if isinstance(cell, dt.datetime) else str(cell)
