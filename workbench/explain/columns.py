"""Raw column values as numbers or levels: one reading for directions, dependences, drawings and words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from pandas.api import types

Scale = Literal["number", "date", "category"]

NUMERIC_SHARE = 0.95
"""A text column is numeric when at least this share of its values reads as numbers."""
MISSING = "missing"


@dataclass(frozen=True)
class Reading:
    """A column read as numbers or levels.

    Attributes:
        scale: what ``values`` are: numbers, days since 1970-01-01, or positions in ``levels``.
        values: shape (rows,), float, NaN where missing.
        levels: level names as text, most frequent first; empty unless ``scale`` is ``category``.
        boolean: whether the levels are our own words for true and false, and not the customer's.
    """

    scale: Scale
    values: np.ndarray
    levels: tuple[str, ...] = ()
    boolean: bool = False

    @property
    def ordered(self) -> bool:
        """Whether larger and smaller mean something."""
        return self.scale != "category"


def read_column(series: pd.Series) -> Reading:
    """Read one raw column; never fails, whatever the cells hold."""
    if types.is_datetime64_any_dtype(series.dtype):
        return Reading("date", _days(series))
    if types.is_bool_dtype(series.dtype) or isinstance(series.dtype, pd.CategoricalDtype):
        return _levels(series)
    if types.is_numeric_dtype(series.dtype) and not types.is_complex_dtype(series.dtype):
        return Reading("number", _finite(series.to_numpy(dtype=np.float64, na_value=np.nan)))
    present = series.notna()
    if not present.any():
        return Reading("number", np.full(len(series), np.nan))
    cells = series.astype(object).map(str).where(present)  # any object has a text, bytes that are no UTF-8 as well
    numbers = pd.to_numeric(cells, errors="coerce")
    if numbers.notna().sum() >= NUMERIC_SHARE * present.sum():
        return Reading("number", _finite(numbers.to_numpy(dtype=np.float64, na_value=np.nan)))
    return _levels(series)


def cell_text(value: object, width: int = 40) -> str:
    """A cell as one short line of plain text; ``missing`` where there is none."""
    if (
        value is None
        or value is pd.NaT
        or value is pd.NA
        or (isinstance(value, float | np.floating) and np.isnan(value))
    ):
        return MISSING
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d" if value == value.normalize() else "%Y-%m-%d %H:%M")
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | np.integer):
        return str(int(value))  # no thousands separators: it may be an id or a year
    if isinstance(value, float | np.floating):
        return f"{value:.15g}" if float(value).is_integer() else f"{value:.6g}"
    line = " ".join(str(value).split())
    return line if len(line) <= width else f"{line[: width - 1]}…"


def number_text(value: float, *, signed: bool = False) -> str:
    """Three significant digits, thousands separated, no exponent in the usual range."""
    if not np.isfinite(value):
        return str(value)
    sign = "+" if signed else ""
    size = abs(value)
    if size == 0:
        return "0"
    if size >= 1e12 or size < 1e-4:
        return f"{value:{sign}.2e}"
    decimals = max(0, 2 - int(np.floor(np.log10(size))))
    return f"{value:{sign},.{decimals}f}"


def _finite(values: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(values), values, np.nan)


def _days(series: pd.Series) -> np.ndarray:
    moments = series.dt.tz_localize(None) if getattr(series.dt, "tz", None) is not None else series
    days = (moments - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)
    return days.to_numpy(dtype=np.float64, na_value=np.nan)


def _levels(series: pd.Series) -> Reading:
    """Levels keep their whole text: two that begin alike are two."""
    names = series.astype(object).map(_level_name, na_action="ignore")
    counts = names.value_counts(sort=False)
    order = sorted(counts.index, key=lambda name: (-int(counts[name]), name))
    places = {name: place for place, name in enumerate(order)}
    codes = names.map(places).to_numpy(dtype=np.float64, na_value=np.nan)
    boolean = 0 < len(order) <= 2 and all(isinstance(cell, bool | np.bool_) for cell in series.dropna())
    return Reading("category", codes, tuple(order), boolean)


def _level_name(cell: object) -> str:
    return cell if isinstance(cell, str) else cell_text(cell)
