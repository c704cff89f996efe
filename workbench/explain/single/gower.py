"""How far apart two raw rows are, whatever their columns hold, and which rows are compared at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.contracts import Kind, Table
from workbench.explain.columns import read_column

MOST_CELLS = 10_000_000
"""Cells that are kept at most as numbers: 80 MB."""
LOW, HIGH = 0.05, 0.95
"""Quantiles between which a column's range is measured: a few extreme values must not make all others equal."""


@dataclass(frozen=True)
class Gower:
    """Rows read as numbers, and the distance between them (after Gower 1971, Biometrics 27).

    A column's part of the distance is |difference| / range for numbers and dates, at most 1, where the range is that
    from the 5th to the 95th percentile (of all values where these two are equal); 0 or 1 for levels, yes/no and texts;
    1 where only one of two values is missing, 0 where both are. The distance is the weighted mean of the parts,
    so it is 0 … 1 without a unit.

    Attributes:
        values: shape (rows, columns), levels as positions, NaN where missing.
        ordered: whether larger and smaller mean something, shape (columns,).
        span: the range of ordered columns, shape (columns,), never 0.
        weights: shape (columns,), sum 1.
    """

    values: np.ndarray
    ordered: np.ndarray
    span: np.ndarray
    weights: np.ndarray

    @classmethod
    def of(cls, frame: pd.DataFrame, shares: Mapping[str, float] | None = None, codes: Collection[str] = ()) -> Gower:
        """Read raw rows.

        Args:
            frame: raw rows, those that are compared and those that they are compared to.
            shares: weight of each column; a column that is not named has none. ``None``, or no weight at all,
                counts all columns alike.
            codes: columns whose numbers are names, such as 1, 2, 3 for channels: equal or not.
        """
        values = np.empty(frame.shape)
        ordered = np.zeros(frame.shape[1], dtype=bool)
        span = np.ones(frame.shape[1])
        for j in range(frame.shape[1]):
            reading = read_column(frame.iloc[:, j])
            values[:, j], ordered[j] = reading.values, reading.ordered and frame.columns[j] not in codes
            if ordered[j]:
                span[j] = _span(reading.values)
        weights = np.array([shares.get(str(name), 0.0) if shares else 1.0 for name in frame.columns], dtype=float)
        if not weights.sum() > 0:
            weights = np.ones(frame.shape[1])
        return cls(values, ordered, span, weights / weights.sum())

    def part(self, column: int, first: np.ndarray, second: np.ndarray, *, capped: bool = True) -> np.ndarray:
        """One column's part of the distance, unweighted, for values as in ``values``; shapes as numpy broadcasts them.

        Args:
            column: position.
            capped: ``False`` lets differences of more than the range count for more than 1.
        """
        first, second = np.asarray(first), np.asarray(second)
        if self.ordered[column]:
            parts = np.abs(first - second) / self.span[column]
            if capped:
                parts = np.minimum(parts, 1.0)
        else:
            parts = (first != second).astype(float)
        one, other = np.isnan(first), np.isnan(second)
        parts = np.where(one | other, 1.0, parts)
        found: np.ndarray = np.where(one & other, 0.0, parts)
        return found

    def distances(self, row: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Distance of one row to several.

        Args:
            row: as in ``values``, shape (columns,).
            rows: shape (rows, columns).

        Returns:
            shape (rows,), each 0 … 1.
        """
        total = np.zeros(len(rows))
        for j in np.flatnonzero(self.weights > 0):
            total += self.weights[j] * self.part(int(j), row[j], rows[:, j])
        return total


def _span(values: np.ndarray) -> float:
    present = values[np.isfinite(values)]
    if not present.size:
        return 1.0
    low, high = np.quantile(present, [LOW, HIGH])
    span = float(high - low) or float(np.ptp(present))
    return span if span > 0 and np.isfinite(span) else 1.0


def code_columns(table: Table) -> set[str]:
    """Columns of which the table says that they hold levels, yes/no or texts, however they are written."""
    return {column.name for column in table.columns if column.kind in (Kind.CATEGORY, Kind.BOOLEAN, Kind.TEXT)}


def sampled_rows(total: int, columns: int, most: int, seed: int) -> np.ndarray:
    """Positions of rows that are compared, ascending: all, or as many at random as ``most`` and memory allow."""
    size = max(1, min(most, MOST_CELLS // max(1, columns)))
    if total <= size:
        return np.arange(total)
    return np.sort(np.random.default_rng(seed).choice(total, size=size, replace=False))
