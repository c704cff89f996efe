"""Any pandas frame in the package's own column types, and what is counted of a column."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from workbench.contracts import Check
from workbench.data._base import Raw
from workbench.data.names import repair_names
from workbench.data.parquet import plain_column
from workbench.data.values import infinity_check, type_columns


def canonical(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Check]]:
    """The frame with a ``RangeIndex``, repaired names and only the column types of ``_base``.

    A named index becomes columns, so that a customer id in it is not lost.
    """
    if any(name is not None and name not in frame.columns for name in frame.index.names):
        frame = frame.reset_index()
    frame = frame.reset_index(drop=True)
    names, checks = repair_names([str(name) for name in frame.columns])
    columns: dict[str, Any] = {}
    for position, name in enumerate(names):
        column, found = _canonical_column(name, frame.iloc[:, position])
        columns[name] = column
        checks.extend(found)
    # columns stay where they are: nothing of a large table is held twice
    return pd.DataFrame(columns, index=frame.index, copy=False), checks


def _canonical_column(name: str, column: pd.Series) -> tuple[pd.Series, list[Check]]:
    kind = column.dtype
    if kind in (np.dtype("int64"), np.dtype("bool"), np.dtype("datetime64[us]")) or isinstance(kind, pd.StringDtype):
        plain = kind != "string"  # the other string type, which has pd.NA for missing cells
        return (column if plain else column.astype("str")), []
    if kind == np.dtype("float64"):
        infinite = np.isinf(column.to_numpy())
        if not infinite.any():
            return column, []
        return column.mask(infinite), [infinity_check(name, int(infinite.sum()))]
    try:
        array = pa.chunked_array([pa.array(column, from_pandas=True)])
        typed = True
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        text = [None if missing else str(cell) for cell, missing in zip(column, column.isna(), strict=True)]
        array, typed = pa.chunked_array([pa.array(text, pa.large_string())]), False
    raw_column = plain_column(array)
    if raw_column is None:
        raw_column = pa.chunked_array([pa.array([str(cell) for cell in column], pa.large_string())])
    columns, checks, _ = type_columns(Raw([raw_column], [name], typed=typed), [name])
    return pa.table(columns, names=["column"]).to_pandas()["column"].set_axis(column.index), checks


def arrow(column: pd.Series) -> Any:
    """The column as one Arrow array, missing values as nulls."""
    found = pa.array(column, from_pandas=True)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def distinct_count(column: pd.Series) -> int:
    """Different values, missing ones aside."""
    return int(pc.count_distinct(arrow(column), mode="only_valid").as_py())


def codes(column: pd.Series) -> np.ndarray:
    """A 64-bit number per cell, equal for equal cells; missing cells share one. Shape (rows,)."""
    if isinstance(column.dtype, pd.StringDtype):
        encoded = arrow(column).dictionary_encode()
        found = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
        return np.asarray(found.view(np.uint64))
    if column.dtype == np.dtype("float64"):
        values = column.to_numpy(copy=True) + 0.0  # -0.0 equals 0.0
        values[np.isnan(values)] = np.nan
        return values.view(np.uint64)
    return column.to_numpy().astype("int64").view(np.uint64)


def row_hashes(frame: pd.DataFrame) -> np.ndarray:
    """A 64-bit number per row, equal for equal rows. Shape (rows,)."""
    total = np.zeros(len(frame), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for position, name in enumerate(frame.columns):
            total ^= _mix(codes(frame[name]) + _mix(np.array([position + 1], dtype=np.uint64)))
            total = _mix(total)
    return total


def _mix(values: np.ndarray) -> np.ndarray:
    """The finaliser of splitmix64 (Steele, Lea & Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(values ^ (values >> np.uint64(31)))


def fingerprint(frame: pd.DataFrame) -> str:
    """SHA-256 of names, types and cells, in hexadecimal."""
    digest = hashlib.sha256()
    for name in frame.columns:
        column = frame[name]
        digest.update(f"{name}\x00{column.dtype}\x00{len(column)}\x00".encode("utf-8", "replace"))
        digest.update(codes(column).tobytes())
        if isinstance(column.dtype, pd.StringDtype):
            words = arrow(column).dictionary_encode().dictionary
            digest.update("\x00".join(str(word) for word in words.to_pylist()).encode("utf-8", "replace"))
    return digest.hexdigest()
