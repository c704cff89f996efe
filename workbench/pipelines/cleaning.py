"""Raw cells to numbers, moments, yes/no and level names: the same reading when fitting and when predicting.

A model is used on raw tables: what was a number when it was fitted may come as text, a date as text, a code as 3
or "3.0". Everything here is by column, never fails on a cell, and gives missing where a cell can't be read.
"""

from __future__ import annotations

import re
from typing import Literal

import numpy as np
import pandas as pd
from pandas.api import types

Decimal = Literal[".", ","]

YES = frozenset({"true", "yes", "y", "t", "1", "1.0", "on", "ja", "oui", "si", "sí", "是", "有", "真"})
NO = frozenset({"false", "no", "n", "f", "0", "0.0", "off", "nein", "non", "否", "无", "假"})

_NOISE = re.compile(r"[\s\u00a0\u202f%€$£¥₹'’_]|USD|EUR|GBP|CNY|RMB|CHF")
_ACCOUNTING = re.compile(r"^\((.*)\)$")
_DATE_FORMATS = (
    "ISO8601",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%Y/%m/%d",
    "%d-%m-%Y",
    "%d.%m.%Y %H:%M",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%Y年%m月%d日",
    "%d %b %Y",
    "%b %d, %Y",
    "mixed",
)
_FORMAT_SAMPLE = 2_000
_FEW_CELLS = 1_000
LARGEST = 1e30
"""Trees of scikit-learn learn from float32 and sum columns in it to look for gaps: what is larger counts as this."""


def is_plain_number(series: pd.Series) -> bool:
    """Whether pandas already holds real numbers."""
    return (
        types.is_numeric_dtype(series.dtype)
        and not types.is_bool_dtype(series.dtype)
        and not types.is_complex_dtype(series.dtype)
    )


def texts(series: pd.Series) -> pd.Series:
    """Cells as stripped text, missing where blank; whole numbers lose their ``.0`` so that codes stay themselves.

    Returns:
        object dtype with ``str`` or ``None``, same index.
    """
    if types.is_bool_dtype(series.dtype):
        return series.map({True: "True", False: "False"}).astype(object).where(series.notna(), None)
    if isinstance(series.dtype, pd.CategoricalDtype):
        # the categories are named, not the cells: integers and truth values have no room for a gap
        named = np.array([*texts(pd.Series(series.cat.categories)), None], dtype=object)
        return pd.Series(named[series.cat.codes], index=series.index, dtype=object)
    if is_plain_number(series):
        values = series.to_numpy(dtype=np.float64, na_value=np.nan)
        distinct, places = np.unique(values, return_inverse=True)
        names = np.array([_number_name(value) for value in distinct], dtype=object)
        return pd.Series(names[places], index=series.index, dtype=object)
    if isinstance(series.dtype, pd.StringDtype) and len(series) > _FEW_CELLS:
        # each distinct cell is looked at once, and equal cells share one string
        codes, words = pd.factorize(series)
        named = np.array([*texts(pd.Series(words, dtype=object)), None], dtype=object)
        return pd.Series(named[codes], index=series.index, dtype=object)
    present = series.notna()
    cells = series.astype(object)
    kinds = {type(cell) for cell in cells.to_numpy()[present.to_numpy()]}
    if kinds - {str}:
        cells = cells.map(_cell_name, na_action="ignore")
    stripped = cells.where(present, "").astype(str).str.strip().astype(object)
    return stripped.where(stripped != "", None)


def _cell_name(cell: object) -> str:
    if isinstance(cell, int | float | np.number) and not isinstance(cell, bool | np.bool_):
        return _number_name(float(cell)) or ""
    return str(cell)


def _number_name(value: float) -> str | None:
    if np.isnan(value):
        return None
    return str(int(value)) if np.isfinite(value) and value == int(value) and abs(value) < 1e15 else repr(float(value))


def numbers(series: pd.Series, decimal: Decimal | None = None) -> tuple[np.ndarray, Decimal | None]:
    """Cells as float64, NaN where missing, infinite or unreadable; held to ±``LARGEST``.

    Args:
        decimal: decimal sign of numbers that come as text; ``None`` finds the one that reads more cells.

    Returns:
        values of shape (rows,), and the decimal sign used (``None`` when the cells were numbers already).
    """
    if types.is_datetime64_any_dtype(series.dtype):
        return moments(series)[0], None
    if types.is_bool_dtype(series.dtype) or is_plain_number(series):
        values = series.to_numpy(dtype=np.float64, na_value=np.nan)
        return _finite(values), None
    cells = texts(series).replace({"True": "1", "False": "0"})
    values = _parsed(cells)
    unread = np.isnan(values) & cells.notna().to_numpy()
    if unread.any() or decimal == ",":
        decimal = decimal or _decimal_sign(cells[unread])
        if decimal == ",":
            # "1.234" is a thousand where its neighbours say "1.234,50": all cells are read anew
            unread = cells.notna().to_numpy()
        values[unread] = _with_decimal(cells[unread], decimal)
    return _finite(values), decimal


def _finite(values: np.ndarray) -> np.ndarray:
    return np.clip(np.where(np.isfinite(values), values, np.nan), -LARGEST, LARGEST)


def _parsed(cells: pd.Series) -> np.ndarray:
    return pd.to_numeric(cells, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan, copy=True)


def _decimal_sign(cells: pd.Series) -> Decimal:
    """The sign that stands last and isn't followed by exactly three digits (those are thousands)."""
    bare = cells.str.replace(_NOISE, "", regex=True)
    comma = int(
        bare.str.contains(r",(?:\d{1,2}|\d{4,})$", regex=True).sum() + bare.str.contains(r"\..*,", regex=True).sum()
    )
    dot = int(
        bare.str.contains(r"\.(?:\d{1,2}|\d{4,})$", regex=True).sum() + bare.str.contains(r",.*\.", regex=True).sum()
    )
    return "," if comma > dot else "."


def _with_decimal(cells: pd.Series, decimal: str) -> np.ndarray:
    bare = cells.str.replace(_NOISE, "", regex=True).str.replace(_ACCOUNTING, r"-\1", regex=True)
    bare = bare.str.replace("," if decimal == "." else ".", "", regex=False)
    return _parsed(bare.str.replace(",", ".", regex=False) if decimal == "," else bare)


def booleans(series: pd.Series) -> np.ndarray:
    """Cells as 1.0 and 0.0, NaN where missing or neither yes nor no, shape (rows,)."""
    if types.is_bool_dtype(series.dtype) or is_plain_number(series):
        values = series.to_numpy(dtype=np.float64, na_value=np.nan)
        return np.where((values == 0) | (values == 1), values, np.nan)
    words = texts(series).map(str.lower, na_action="ignore")
    values = np.full(len(series), np.nan)
    values[words.isin(YES).to_numpy()] = 1.0
    values[words.isin(NO).to_numpy()] = 0.0
    return values


def moments(series: pd.Series, layout: str | None = None) -> tuple[np.ndarray, str | None]:
    """Cells as days since 1970-01-01 (float64, NaN where there is no date), shape (rows,).

    Args:
        layout: ``strptime`` format, ``ISO8601`` or ``mixed`` for dates that come as text; ``None`` finds the one
            that reads most cells.

    Returns:
        the days, and the format used (``None`` when the cells were dates already).
    """
    if not types.is_datetime64_any_dtype(series.dtype):
        cells = texts(series)
        layout = layout or _layout(cells)
        parsed = pd.to_datetime(cells, format=layout, errors="coerce", utc=True)
        if layout != "mixed" and bool((parsed.isna() & cells.notna()).any()):
            parsed = parsed.fillna(pd.to_datetime(cells, format="mixed", errors="coerce", utc=True))
        series = parsed
    if getattr(series.dt, "tz", None) is not None:
        series = series.dt.tz_convert("UTC").dt.tz_localize(None)
    days = (series - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)
    return days.to_numpy(dtype=np.float64, na_value=np.nan), layout


def _layout(cells: pd.Series) -> str:
    sample = cells.dropna().head(_FORMAT_SAMPLE)
    best, most = "mixed", -1
    for layout in _DATE_FORMATS:
        read = int(pd.to_datetime(sample, format=layout, errors="coerce", utc=True).notna().sum())
        if read > most:
            best, most = layout, read
        if read == len(sample):
            break
    return best
