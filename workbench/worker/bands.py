"""A column in a few named bands: quantiles of numbers and dates, the most frequent levels, missing values apart."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.explain import cell_text, number_text
from workbench.explain.columns import MISSING, Reading


@dataclass(frozen=True)
class Bands:
    """Rows by band.

    Attributes:
        codes: position in ``labels`` of each row, shape (rows,).
        labels: in the order of the values, or most frequent level first; missing values last, where there are any.
    """

    codes: np.ndarray
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)


def bands_of(reading: Reading, most: int) -> Bands:
    """At most ``most`` bands, and one more each for rarer levels and for missing values."""
    present = np.isfinite(reading.values)
    codes, labels = _of_levels(reading, present, most) if not reading.ordered else _of_values(reading, present, most)
    if not present.all():
        codes[~present] = len(labels)
        labels = [*labels, MISSING]
    return Bands(codes, tuple(labels))


def _of_levels(reading: Reading, present: np.ndarray, most: int) -> tuple[np.ndarray, list[str]]:
    codes = np.zeros(len(reading.values), dtype=int)
    if len(reading.levels) == most + 1:
        most += 1  # a single one needs no other name
    codes[present] = np.minimum(reading.values[present].astype(int), most)
    labels = [cell_text(level, 24) for level in reading.levels[:most]]
    others = len(reading.levels) - most
    return codes, [*labels, f"{others:,} other{'s' * (others > 1)}"] if others > 0 else labels


def _of_values(reading: Reading, present: np.ndarray, most: int) -> tuple[np.ndarray, list[str]]:
    codes = np.zeros(len(reading.values), dtype=int)
    values = reading.values[present]
    if not values.size:
        return codes, []
    distinct = np.unique(values)
    if len(distinct) <= most:
        codes[present] = np.searchsorted(distinct, values)
        return codes, [_text(reading, value) for value in distinct]
    # observed values as edges, so that no band is empty
    edges = np.unique(np.quantile(values, np.arange(1, most) / most, method="inverted_cdf"))
    edges = edges[edges < distinct[-1]]
    codes[present] = np.searchsorted(edges, values, side="left")
    tops = [_text(reading, edge) for edge in edges]
    between = [f"{low} … {high}" for low, high in itertools.pairwise(tops)]
    return codes, [f"to {tops[0]}", *between, f"over {tops[-1]}"]


def _text(reading: Reading, value: float) -> str:
    if reading.scale == "date":
        return cell_text(pd.Timestamp("1970-01-01") + pd.Timedelta(days=float(value)))
    return cell_text(float(value)) if float(value).is_integer() else number_text(float(value))
