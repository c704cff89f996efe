"""Features of any kind as one matrix of numbers that LightGBM takes, without their names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api import types

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_LEVELS = 50
"""Rarer levels of a category become one: a quantile in a group of a handful of customers is noise."""


@dataclass(frozen=True)
class Matrix:
    """Features as numbers.

    Attributes:
        values: shape (rows, columns), missing as NaN.
        categorical: positions of the columns that hold codes of categories.
        names: of the columns, as the customer knows them.
    """

    values: Floats
    categorical: tuple[int, ...]
    names: tuple[str, ...]

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.names)

    def without(self, names: set[str]) -> Matrix:
        """The same matrix less the named columns."""
        kept = [i for i, name in enumerate(self.names) if name not in names]
        return Matrix(
            values=self.values[:, kept],
            categorical=tuple(new for new, old in enumerate(kept) if old in self.categorical),
            names=tuple(self.names[i] for i in kept),
        )

    def rows(self, which: npt.NDArray[np.bool_]) -> Matrix:
        """The flagged rows only."""
        return Matrix(self.values[which], self.categorical, self.names)

    def shuffled(self, rng: np.random.Generator) -> Matrix:
        """The same rows in another order: features that no longer belong to their customers (a placebo)."""
        return Matrix(self.values[rng.permutation(len(self.values))], self.categorical, self.names)


def to_matrix(frame: pd.DataFrame) -> Matrix:
    """Numbers, flags, dates (in days) and categories (as codes by frequency) of ``frame``; empty columns are left out.

    Infinite values become missing. Names are never handed to LightGBM, so they may hold any character.
    """
    columns: list[Floats] = []
    categorical: list[int] = []
    names: list[str] = []
    for position, name in enumerate(frame.columns):
        series = frame.iloc[:, position]
        if types.is_bool_dtype(series.dtype) or types.is_numeric_dtype(series.dtype):
            values = finite(series)
        elif types.is_datetime64_any_dtype(series.dtype):
            values = (series - series.min()) / pd.Timedelta(days=1)
            values = finite(values)
        else:
            values = _codes(series)
            categorical.append(len(columns))
        if np.isnan(values).all():
            if categorical and categorical[-1] == len(columns):
                categorical.pop()
            continue
        columns.append(values)
        names.append(str(name))
    matrix = np.column_stack(columns) if columns else np.empty((len(frame), 0))
    return Matrix(np.ascontiguousarray(matrix, dtype=np.float64), tuple(categorical), tuple(names))


def finite(series: pd.Series) -> Floats:
    """The numbers of a series as float64; what is no finite number becomes NaN."""
    values = pd.to_numeric(series, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def _codes(series: pd.Series) -> Floats:
    """Codes by falling frequency; missing as NaN, levels beyond the fiftieth as one."""
    text = series.astype("object").where(series.notna(), None).map(str, na_action="ignore")
    codes = {level: min(code, _LEVELS) for code, level in enumerate(text.value_counts().index)}
    return text.map(codes).to_numpy(dtype=np.float64, na_value=np.nan)
