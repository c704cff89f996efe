"""One file as it comes: opened, read by the reader for its format, names repaired, cells typed, fingerprint taken."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from workbench.contracts import Check, Source
from workbench.data._base import Raw, Reader
from workbench.data.delimited import DelimitedReader
from workbench.data.excel import ExcelReader
from workbench.data.findings import info
from workbench.data.names import repair_names
from workbench.data.parquet import ParquetReader
from workbench.data.values import type_columns
from workbench.errors import InputError

READERS: tuple[Reader, ...] = (DelimitedReader(), ParquetReader(), ExcelReader())
"""Every format that can be read."""


def read_source(location: str | Path, *, name: str | None = None) -> tuple[pd.DataFrame, Source, list[Check]]:
    """Read a table from a file: CSV, TSV, TXT (also ``.gz``), Parquet or Excel.

    Rows come in the file's order and none is dropped, so that predictions can be laid beside them.

    Args:
        location: the file.
        name: what the table is called; the file's name without its ending by default.

    Returns:
        the frame, shape (rows, columns), with a ``RangeIndex``, unique non-empty names and only the column types
        of ``workbench.data._base``; what is known about the file; what was repaired.

    Raises:
        InputError: the file is missing, a folder, empty, damaged, of an unknown format, or has no rows.
    """
    path = Path(location).expanduser()
    reader = _reader_for(path)
    # the reader lets go of the content as soon as it can, so nobody else holds it
    digest = _digest(path)
    raw = reader.read(path, _content(path))
    if not raw.columns:
        raise InputError(f"{path} has no columns; choose a table with a header and rows.")
    if not len(raw.columns[0]):
        raise InputError(f"{path} has a header but no rows; choose a table with rows.")
    raw = _without_hollow(raw)
    names, renamed = repair_names(raw.names)
    columns, typed, details = type_columns(raw, names)
    told, details = [*raw.checks, *renamed, *typed], {**raw.details, **details}
    del raw
    frame = _frame(columns, names)
    source = Source(
        name=name or _stem(path, reader),
        location=str(location),
        format=reader.format,
        rows=len(frame),
        columns=frame.shape[1],
        fingerprint=digest,
        details=details,
    )
    return frame, source, told


def _frame(columns: list[Any], names: list[str]) -> pd.DataFrame:
    """The columns as a frame; ``columns`` is emptied, and each is let go as it is converted."""
    table = pa.table(columns, names=[str(position) for position in range(len(names))])
    columns.clear()
    frame: pd.DataFrame = table.to_pandas(split_blocks=True, self_destruct=True)
    del table
    pa.default_memory_pool().release_unused()
    frame.columns = pd.Index(names, dtype="str")
    return frame


def _reader_for(path: Path) -> Reader:
    if re.match(r"^[a-z][a-z0-9+.-]*:/", str(path)) and not path.exists():
        raise InputError("Only files can be read so far, not addresses: export the table as CSV, Parquet or Excel.")
    if path.is_dir():
        raise InputError(f"{path} is a folder; name one file in it.")
    if not path.exists():
        raise InputError(f"There is no file {path}; check the name.")
    for reader in READERS:
        if path.name.lower().endswith(reader.suffixes):
            return reader
    known = ", ".join(suffix for reader in READERS for suffix in reader.suffixes)
    raise InputError(f"The ending of {path} is not one that can be read; use one of {known}.")


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(f"Can't read {path}: {error.strerror or error}; check its permissions.")


def _content(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error
    if not content:
        raise InputError(f"{path} is empty; choose a table with a header and rows.")
    return content


def _stem(path: Path, reader: Reader) -> str:
    suffix = next(suffix for suffix in reader.suffixes if path.name.lower().endswith(suffix))
    return path.name[: -len(suffix)] or path.name


def _without_hollow(raw: Raw) -> Raw:
    """Without columns that have neither a name nor a value: what a separator at the end of each line leaves."""
    kept = [
        position
        for position, (name, column) in enumerate(zip(raw.names, raw.columns, strict=True))
        if name.strip() or not _hollow(column)
    ]
    if len(kept) == len(raw.names) or not kept:
        return raw
    gone = len(raw.names) - len(kept)
    told = info("columns-left-out", None, 0, f"{gone} columns have neither a name nor a value.", "left out")
    return Raw(
        [raw.columns[position] for position in kept],
        [raw.names[position] for position in kept],
        raw.details,
        [*raw.checks, told],
        raw.typed,
    )


def _hollow(column: pa.ChunkedArray) -> bool:
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return bool(column.null_count == len(column))
    filled = pc.and_(pc.is_valid(column), pc.not_equal(pc.utf8_trim_whitespace(column), ""))
    return not pc.any(filled).as_py()
