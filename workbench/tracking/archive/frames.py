"""Frames, series and arrays as files: Parquet with numbered columns, so that no name or mixture is too strange."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from workbench.tracking.archive.nodes import from_json, to_json
from workbench.tracking.archive.scalars import decode_scalar, encode_scalar

_GROUP_ROWS = 1 << 17


def write_frame(frame: pd.DataFrame, path: Path) -> dict[str, Any]:
    """Write a frame of any columns and index; returns what ``read_frame`` needs beside the file."""
    arrays: list[pa.Array] = []
    columns = [_encode_column(frame.iloc[:, position], arrays) for position in range(frame.shape[1])]
    index = _encode_index(frame.index, arrays)
    if arrays:
        table = pa.Table.from_arrays(arrays, names=[str(number) for number in range(len(arrays))])
        # numbers with decimals hardly repeat; small groups, as a whole one is held beside the table
        words = [field.name for field in table.schema if not pa.types.is_floating(field.type)]
        pq.write_table(table, path, compression="zstd", use_dictionary=words, row_group_size=_GROUP_ROWS)
    return {
        "rows": len(frame),
        "file": path.name if arrays else None,
        "columns": columns,
        "index": index,
        "names": _encode_labels(frame.columns),
    }


def read_frame(spec: dict[str, Any], folder: Path) -> pd.DataFrame:
    """The frame that ``write_frame`` wrote."""
    table = pq.read_table(folder / spec["file"]) if spec["file"] else None
    index = _decode_index(spec["index"], table)
    names = _decode_labels(spec["names"])
    data = {number: _decode_column(column, table, index) for number, column in enumerate(spec["columns"])}
    frame = pd.DataFrame(data, index=index)
    frame.columns = names
    return frame


def write_array(array: np.ndarray, path: Path) -> dict[str, Any]:
    """Write an array without any pickle; arrays of objects become JSON nodes."""
    if array.dtype == object:
        return {"shape": list(array.shape), "nodes": [encode_scalar(value) for value in array.ravel().tolist()]}
    np.save(path, array, allow_pickle=False)
    return {"file": path.name}


def read_array(spec: dict[str, Any], folder: Path) -> np.ndarray:
    """The array that ``write_array`` wrote."""
    if "file" in spec:
        return np.asarray(np.load(folder / spec["file"], allow_pickle=False))
    flat = np.empty(len(spec["nodes"]), dtype=object)
    flat[:] = [_scalar(node) for node in spec["nodes"]]
    return flat.reshape(spec["shape"])


def _scalar(node: Any) -> Any:
    return decode_scalar(node) if isinstance(node, dict) else node


def _encode_column(series: pd.Series, arrays: list[pa.Array]) -> dict[str, Any]:
    """Append the column's values to ``arrays``; the node says how to make them the same column again."""
    spec = {"at": len(arrays)}
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        arrays.append(pa.array(series.cat.codes.to_numpy()))
        return {**spec, "as": "category", "labels": _encode_labels(dtype.categories), "ordered": bool(dtype.ordered)}
    if isinstance(dtype, pd.DatetimeTZDtype) or dtype.kind in "mM":
        times: Any = series.array
        zone = str(dtype.tz) if isinstance(dtype, pd.DatetimeTZDtype) else None
        unit = times.unit
        arrays.append(pa.array(times.asi8))
        return {**spec, "as": "time", "kind": dtype.kind, "unit": unit, "tz": zone}
    if isinstance(dtype, np.dtype) and dtype.kind in "biuf":
        arrays.append(pa.array(series.to_numpy()))
        return {**spec, "as": "number", "dtype": dtype.str}
    if isinstance(dtype, pd.StringDtype | pd.ArrowDtype) or pd.api.types.is_extension_array_dtype(dtype):
        try:
            arrays.append(_arrow(series))
            return {**spec, "as": "extension", "dtype": str(dtype)}
        except (pa.ArrowException, TypeError, ValueError, UnicodeError):
            pass  # periods, intervals, broken Unicode: cell by cell below
    arrays.append(pa.array([to_json(encode_scalar(value)) for value in series.tolist()], type=pa.large_string()))
    return {**spec, "as": "cells", "dtype": str(dtype)}


def _arrow(series: pd.Series) -> pa.Array:
    dtype = series.dtype
    if not isinstance(dtype, pd.StringDtype | pd.ArrowDtype) and not pd.api.types.is_numeric_dtype(dtype):
        raise TypeError(str(dtype))
    array = pa.array(series, type=pa.large_string()) if isinstance(dtype, pd.StringDtype) else pa.array(series)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _decode_column(spec: dict[str, Any], table: pa.Table, index: pd.Index | None) -> pd.Series:
    array = table.column(spec["at"])
    kind = spec["as"]
    if kind == "category":
        codes = array.to_numpy()
        values: Any = pd.Categorical.from_codes(
            codes, dtype=pd.CategoricalDtype(_decode_labels(spec["labels"]), ordered=spec["ordered"])
        )
    elif kind == "time":
        values = pd.Series(array.to_numpy().view(f"{spec['kind']}8[{spec['unit']}]"))
        if spec["tz"] is not None:
            values = values.dt.tz_localize("UTC").dt.tz_convert(spec["tz"])
        values = values.array
    elif kind == "number":
        values = array.to_numpy().astype(np.dtype(spec["dtype"]), copy=False)
    elif kind == "extension":
        values = _decode_extension(array, spec["dtype"])
    else:
        cells = [_scalar(from_json(text)) for text in array.to_pylist()]
        column: Any = pd.Series(cells, index=index, dtype=object)  # object is said, or pandas would guess text
        same: pd.Series = column if spec["dtype"] == "object" else column.astype(spec["dtype"])
        return same
    return pd.Series(values, index=index)


def _decode_extension(array: pa.ChunkedArray, dtype: str) -> Any:
    if dtype.endswith("[pyarrow]") and dtype != "string[pyarrow]":
        return pd.arrays.ArrowExtensionArray(array)
    if dtype in ("str", "string", "string[python]", "string[pyarrow]"):
        return pd.array(array.to_pylist(), dtype=dtype)
    return pd.Series(pd.arrays.ArrowExtensionArray(array)).astype(pd.api.types.pandas_dtype(dtype)).array


def _encode_index(index: pd.Index, arrays: list[pa.Array]) -> dict[str, Any]:
    if isinstance(index, pd.RangeIndex):
        return {"range": [index.start, index.stop, index.step], "name": encode_scalar(index.name)}
    levels = [index.get_level_values(level) for level in range(index.nlevels)]
    names = [_encode_name(name) for name in index.names]
    nodes = [_encode_column(pd.Series(level.array), arrays) for level in levels]
    return {"levels": nodes, "names": names, "multi": isinstance(index, pd.MultiIndex)}


def _encode_name(name: Any) -> Any:
    return {"tuple": [encode_scalar(part) for part in name]} if isinstance(name, tuple) else encode_scalar(name)


def _decode_name(node: Any) -> Any:
    if isinstance(node, dict) and "tuple" in node:
        return tuple(_scalar(part) for part in node["tuple"])
    return _scalar(node)


def _decode_index(spec: dict[str, Any], table: pa.Table) -> pd.Index:
    if "range" in spec:
        start, stop, step = spec["range"]
        return pd.RangeIndex(start, stop, step, name=_scalar(spec["name"]))
    levels = [_decode_column(node, table, None) for node in spec["levels"]]
    names = [_decode_name(name) for name in spec["names"]]
    if spec["multi"]:
        return pd.MultiIndex.from_arrays([level.array for level in levels], names=names)
    index: pd.Index = pd.Index(levels[0].array, name=names[0])
    return index


def _encode_labels(labels: pd.Index) -> dict[str, Any]:
    """Column names or categories, as nodes: there are few of them and they may be anything."""
    return {
        "values": [_encode_name(label) for label in labels.tolist()],
        "dtype": str(labels.dtype),
        "range": [labels.start, labels.stop, labels.step] if isinstance(labels, pd.RangeIndex) else None,
        "names": [_encode_name(name) for name in labels.names],
        "multi": isinstance(labels, pd.MultiIndex),
    }


def _decode_labels(spec: dict[str, Any]) -> pd.Index:
    names = [_decode_name(name) for name in spec["names"]]
    if spec["range"] is not None:
        start, stop, step = spec["range"]
        return pd.RangeIndex(start, stop, step, name=names[0])
    values = [_decode_name(node) for node in spec["values"]]
    if spec["multi"]:
        return pd.MultiIndex.from_tuples(values, names=names)
    dtype = spec["dtype"]
    index: pd.Index = pd.Index(values, dtype=object, name=names[0], tupleize_cols=False)
    return index if dtype == "object" else index.astype(dtype)
