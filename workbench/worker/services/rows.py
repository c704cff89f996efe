"""The rows as a file that a face can page through: sorted, filtered, and with cells that are safe to draw.

The face maps the file into memory; however many rows there are, no message grows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from workbench.contracts import Table
from workbench.errors import InputError
from workbench.worker.dispatch import service
from workbench.worker.filters import Term, parse
from workbench.worker.session import Session
from workbench.worker.views import RowsView

CELL_SIGNS = 120
"""Signs of a text that are drawn in a table; the whole cell is asked for with ``data.cell``."""
NARROWEST, WIDEST = 5, 24
MEASURED_ROWS = 400
COLUMNS_FIRST = 10
_UNSAFE = r"[\x00-\x1f\x7f]|\x{200e}|\x{200f}|[\x{2028}-\x{202e}]|[\x{2066}-\x{2069}]|\x{feff}"


@service("data.rows")
def rows(session: Session, sort: str | None = None, descending: bool = False, filter: str = "") -> RowsView:
    """The open table's rows, sorted and filtered."""
    opened = session.table()
    frame = opened.table.frame
    if sort is not None and sort not in frame.columns:
        raise InputError(f"There is no column '{sort}' to sort by.")
    order = np.flatnonzero(_mask(frame, parse(filter, frame.columns)))
    if sort is not None:
        key = frame[sort].iloc[order].reset_index(drop=True)
        if isinstance(key.dtype, pd.CategoricalDtype) or key.dtype == object:
            key = key.astype("str")
        order = order[key.sort_values(ascending=not descending, kind="stable", na_position="last").index.to_numpy()]
    opened.order = order
    return write_rows(session, sort=sort, descending=descending, filter=filter)


@service("data.cell")
def cell(session: Session, row: int, column: str) -> dict[str, Any]:
    """A whole cell as text; ``row`` counts the rows as they are shown."""
    opened = session.table()
    frame = opened.table.frame
    if column not in frame.columns:
        raise InputError(f"There is no column '{column}'.")
    place = int(opened.order[row]) if opened.order is not None else row
    value = frame[column].iloc[place]
    return {"text": "(missing)" if pd.isna(value) else str(value)}


def write_rows(session: Session, *, sort: str | None = None, descending: bool = False, filter: str = "") -> RowsView:
    """Write the rows in their present order; the file before is removed."""
    opened = session.table()
    frame = opened.table.frame
    shown = frame if opened.order is None else frame.iloc[opened.order]
    table = pa.table({name: _display(shown[name]) for name in frame.columns})
    if opened.rows_file is not None:
        opened.rows_file.unlink(missing_ok=True)
    opened.rows_file = path = session.new_file(".arrow")
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return {
        "path": str(path),
        "shown": len(shown),
        "total": len(frame),
        "columns": _first_columns(opened.table),
        "widths": [_width(name, table.column(at)) for at, name in enumerate(frame.columns)],
        "sort": sort,
        "descending": descending,
        "filter": filter,
    }


def _first_columns(table: Table) -> list[str]:
    """Id and target first: what one looks for; then the others in their order."""
    first = [name for name in (table.id_column, table.target) if name is not None]
    return [*first, *(column.name for column in table.columns if column.name not in first)][:COLUMNS_FIRST]


def _display(column: pd.Series) -> pa.Array | pa.ChunkedArray:
    """A column whose cells can be drawn: texts are shortened and freed of control signs, the rest stays as it is."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype("str")
    elif column.dtype == object:
        column = column.map(lambda value: None if pd.isna(value) else str(value)).astype("str")
    array = pa.array(column, from_pandas=True)
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        array = pc.utf8_slice_codeunits(array, 0, CELL_SIGNS)
        array = pc.replace_substring_regex(array, pattern=_UNSAFE, replacement=" ")
    elif pa.types.is_timestamp(array.type):
        whole_days = not pc.any(pc.not_equal(array, pc.floor_temporal(array, unit="day"))).as_py()
        array = pc.strftime(array, format="%Y-%m-%d" if whole_days else "%Y-%m-%d %H:%M")
    elif pa.types.is_boolean(array.type):
        array = pc.if_else(array, "yes", "no")
    return array


def _width(name: str, column: pa.ChunkedArray) -> int:
    from rich.cells import cell_len

    sample = column.slice(0, MEASURED_ROWS)
    texts = [
        f"{value:n}" if isinstance(value, float) else str(value) for value in sample.to_pylist() if value is not None
    ]
    widest = max((cell_len(text[:WIDEST]) for text in texts), default=0)
    return max(NARROWEST, min(WIDEST, max(widest, cell_len(name[:WIDEST]))))


def _mask(frame: pd.DataFrame, terms: tuple[Term, ...]) -> np.ndarray:
    keep = np.ones(len(frame), dtype=bool)
    for term in terms:
        keep &= _term(frame, term)
    return keep


def _term(frame: pd.DataFrame, term: Term) -> np.ndarray:
    if term.column is None:
        found = np.zeros(len(frame), dtype=bool)
        for name in frame.columns:
            found |= _contains(frame[name], term.value)
        return found
    column = frame[term.column]
    if term.operator == "~":
        return _contains(column, term.value)
    if pd.api.types.is_bool_dtype(column.dtype):
        column = column.map({True: "yes", False: "no"}).astype("str")
    if pd.api.types.is_numeric_dtype(column.dtype) and term.number is not None:
        return _compare(column, term.operator, term.number)
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        try:
            return _compare(column, term.operator, pd.Timestamp(term.value))
        except ValueError:
            raise InputError(f"'{term.value}' is not a date: write 2024-12-31.") from None
    return _compare(column.astype("str").str.casefold().where(column.notna()), term.operator, term.value.casefold())


def _compare(column: pd.Series, operator: str, value: Any) -> np.ndarray:
    methods = {"=": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
    result = getattr(column, methods[operator])(value)
    found: np.ndarray = result.fillna(False).to_numpy(dtype=bool)
    return found | column.isna().to_numpy() if operator == "!=" else found & column.notna().to_numpy()


def _contains(column: pd.Series, text: str) -> np.ndarray:
    cells = column.astype("str").where(column.notna())
    found: np.ndarray = cells.str.contains(text, case=False, regex=False).fillna(False).to_numpy(dtype=bool)
    return found
