"""Parquet files: columns as they are typed there, with what has no plain type turned into text or left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from workbench.contracts import Check
from workbench.data._base import Raw
from workbench.data.findings import warning
from workbench.errors import InputError


class ParquetReader:
    """Apache Parquet. See ``Reader``."""

    format = "parquet"
    suffixes = (".parquet", ".pq")

    def read(self, path: Path, content: bytes) -> Raw:
        """See ``Reader.read``; nested cells become JSON text, undecodable binary columns are left out."""
        try:
            table = pa.parquet.read_table(pa.BufferReader(pa.py_buffer(content)))
        except (pa.ArrowException, OSError, ValueError) as error:
            raise InputError(f"{path} is not a whole Parquet file ({_first_line(error)}); write it again.") from error
        columns: list[Any] = []
        names: list[str] = []
        checks: list[Check] = []
        for name, column in zip(table.column_names, table.columns, strict=True):
            plain = plain_column(column)
            if plain is None:
                checks.append(
                    warning(
                        "column-left-out",
                        None,
                        table.num_rows,
                        f"The column '{name}' holds {column.type}, which can't be shown or learnt from.",
                        "left out",
                    )
                )
                continue
            columns.append(plain)
            names.append("index" if name.startswith("__index_level_") else name)
        return Raw(columns, names, {}, checks)


def plain_column(column: Any) -> Any | None:
    """The column as int64, float64, bool, text or timestamp; ``None`` where there is no sensible way."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return plain_column(pc.cast(column, kind.value_type))
    if pa.types.is_null(kind):
        return pc.cast(column, pa.large_string())
    if pa.types.is_boolean(kind):
        return column
    if pa.types.is_uint64(kind):
        fits = (pc.max(column).as_py() or 0) < 2**63
        return pc.cast(column, pa.int64() if fits else pa.large_string())
    if pa.types.is_integer(kind):
        return pc.cast(column, pa.int64())
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return pc.cast(column, pa.float64(), safe=False)
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return pc.cast(column, pa.timestamp("us", tz=getattr(kind, "tz", None)), safe=False)
    if pa.types.is_duration(kind):
        seconds = pc.cast(pc.cast(column, pa.duration("us"), safe=False), pa.int64())
        return pc.divide(pc.cast(seconds, pa.float64()), 1e6)
    if pa.types.is_nested(kind):
        return pa.chunked_array(
            [
                pa.array(
                    [
                        None if cell is None else json.dumps(cell, ensure_ascii=False, default=str)
                        for cell in column.to_pylist()
                    ],
                    pa.large_string(),
                )
            ]
        )
    try:
        return pc.cast(column, pa.large_string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
