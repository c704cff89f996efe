"""One raw row with the types of its table, and new values read in a column's own type."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

from workbench.contracts import Model, Table
from workbench.errors import InputError

TRUE, FALSE = ("true", "yes", "1"), ("false", "no", "0")


def row_frame(row: pd.Series, typed: pd.DataFrame) -> pd.DataFrame:
    """One row with the types of a table: a row taken as a series has lost them.

    Args:
        row: raw values by column name, as ``Table.frame.iloc[i]`` gives them.
        typed: has the columns and types that are wanted; its rows are not looked at.

    Returns:
        shape (1, columns of ``typed``).

    Raises:
        InputError: the row lacks one of the columns, or a value can't be held in its column's type.
    """
    absent = [name for name in typed.columns if name not in row.index]
    if absent:
        raise InputError(f"The row has no column '{absent[0]}', which the model needs; add it, empty if unknown.")
    columns = {name: _cell(str(name), row[name], typed[name].dtype) for name in typed.columns}
    return pd.DataFrame(columns, columns=list(typed.columns))


def model_row(model: Model, table: Table, row: int | pd.Series) -> tuple[int | None, pd.DataFrame]:
    """The row of a question: one of the table by position, or one that is not in it.

    Returns:
        position (``None`` for a row that was given as values) and the model's columns, shape (1, columns).

    Raises:
        InputError: no such row, or the table or the row lacks a column of the model.
    """
    absent = [name for name in model.columns if name not in table.frame.columns]
    if absent:
        raise InputError(f"{table.name} has no column '{absent[0]}', which the model needs; add it, empty if unknown.")
    columns = list(model.columns)
    if isinstance(row, pd.Series):
        return None, row_frame(row, table.frame.iloc[:0].loc[:, columns])
    rows = len(table.frame)
    if not 0 <= row < rows:
        has = f"choose one from 0 to {rows - 1:,}" if rows else "it is empty"
        raise InputError(f"There is no row {row} in {table.name}; {has}.")
    return int(row), table.frame.iloc[[row]].loc[:, columns]


def read_value(name: str, value: object, typed: pd.DataFrame) -> object:
    """A new value of one column in the column's own type; empty text and ``None`` mean missing.

    Raises:
        InputError: there is no such column in ``typed``, or the value can't be read in its type.
    """
    if name not in typed.columns:
        raise InputError(f"The model uses no column '{name}', so a change of it changes nothing; choose another.")
    dtype = typed[name].dtype
    if value is None or (isinstance(value, str) and not value.strip()):
        return pd.NaT if types.is_datetime64_any_dtype(dtype) else np.nan
    if types.is_datetime64_any_dtype(dtype):
        moment = pd.to_datetime(value, errors="coerce")  # type: ignore[call-overload]
        if moment is pd.NaT:
            raise InputError(f"'{value}' is not a date for '{name}'; write it as 2024-12-31.")
        zone = getattr(dtype, "tz", None)
        return moment.tz_localize(zone) if zone is not None and moment.tzinfo is None else moment
    if types.is_bool_dtype(dtype):
        return _yes_or_no(name, value)
    if types.is_numeric_dtype(dtype):
        return _number(name, value)
    return value


def plain_cell(value: object) -> object:
    """A cell without numpy's types, ``None`` where it is missing."""
    if types.is_scalar(value) and pd.isna(value):  # type: ignore[call-overload]
        return None
    return value.item() if isinstance(value, np.generic) else value


def _cell(name: str, value: object, dtype: Any) -> pd.Series:
    try:
        return _as_type(pd.Series([value], dtype=object), dtype)
    except (ValueError, TypeError, OverflowError):
        raise InputError(f"'{value}' can't be a value of '{name}', which holds {dtype}; correct the row.") from None


def _as_type(cell: pd.Series, dtype: Any) -> pd.Series:
    missing = bool(cell.isna().iloc[0])
    if isinstance(dtype, pd.CategoricalDtype) and not missing and cell.iloc[0] not in dtype.categories:
        return cell  # a level that the type does not know stays a plain value
    if missing and (types.is_bool_dtype(dtype) or types.is_integer_dtype(dtype)) and isinstance(dtype, np.dtype):
        return pd.Series([np.nan])  # such columns can't hold a gap
    if not missing and types.is_integer_dtype(dtype) and float(cell.iloc[0]) != int(cell.iloc[0]):
        return cell.astype(float)
    return cell.astype(dtype)


def _yes_or_no(name: str, value: object) -> bool:
    word = str(value).strip().lower()
    if word in TRUE or word in FALSE:
        return word in TRUE
    raise InputError(f"'{value}' is not yes or no for '{name}'; write true or false.")


def _number(name: str, value: object) -> float:
    try:
        number = float(str(value).strip())
    except ValueError:
        number = float("nan")
    if not np.isfinite(number):
        raise InputError(f"'{value}' is not a number for '{name}'; write it as 1234.5, or leave it empty for missing.")
    return number
