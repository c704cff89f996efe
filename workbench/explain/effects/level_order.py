"""An order of levels in which neighbours are alike in all other columns, so that a step between them is a small one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.explain.columns import Reading, read_column

QUANTILES = 100
MOST_LEVELS = 50
"""Levels of another column that are told apart; the others are taken together."""


def similar_levels(frame: pd.DataFrame, column: str, places: np.ndarray, count: int) -> np.ndarray:
    """The order of the first ``count`` levels of ``column``.

    Apley & Zhu 2020, as in the authors' ALEPlot: the distance of two levels is summed over the other columns
    (Kolmogorov-Smirnov for numbers and dates, half the sum of absolute differences of shares for categories), and
    classical scaling puts the levels on a line. The end with the most frequent level comes first. Levels that don't
    differ, or up to two of them, stay in the order of their frequency.

    Args:
        frame: shape (rows, columns).
        places: level of each row, most frequent first, NaN where missing, shape (rows,).

    Returns:
        level numbers in the order of the line, shape (count,).
    """
    members = [np.flatnonzero(places == level) for level in range(count)]
    distance = np.zeros((count, count))
    for other in frame.columns:
        if count > 2 and other != column:
            distance += _distance(read_column(frame[other]), members)
    return _on_a_line(distance)


def _distance(reading: Reading, members: list[np.ndarray]) -> np.ndarray:
    """Distance of each two groups of rows, shape (groups, groups), 0 … 1."""
    values = reading.values
    if reading.ordered:
        present = values[np.isfinite(values)]
        if not present.size:
            return np.zeros((len(members), len(members)))
        marks = np.unique(np.quantile(present, np.linspace(0, 1, QUANTILES)))
        profiles = np.stack([_distribution(values[rows], marks) for rows in members])
        far = np.abs(profiles[:, None, :] - profiles[None, :, :]).max(axis=2)
        return np.asarray(np.nan_to_num(far))  # a group without any value is near to all
    merged = np.where(np.isfinite(values), np.minimum(values, MOST_LEVELS), MOST_LEVELS + 1).astype(int)
    shares = np.stack([np.bincount(merged[rows], minlength=MOST_LEVELS + 2) / max(1, len(rows)) for rows in members])
    return np.asarray(np.abs(shares[:, None, :] - shares[None, :, :]).sum(axis=2) / 2)


def _distribution(values: np.ndarray, marks: np.ndarray) -> np.ndarray:
    present = np.sort(values[np.isfinite(values)])
    if not present.size:
        return np.full(len(marks), np.nan)
    return np.asarray(np.searchsorted(present, marks, side="right") / present.size)


def _on_a_line(distance: np.ndarray) -> np.ndarray:
    """Classical multidimensional scaling to one dimension (Torgerson 1952), as an order."""
    count = len(distance)
    centre = np.eye(count) - 1 / count if count else np.eye(0)
    sizes, directions = np.linalg.eigh(-centre @ (distance**2) @ centre / 2)
    if not sizes.size or sizes[-1] <= 1e-12:
        return np.arange(count)
    line = directions[:, -1]
    line = np.round(line if line[0] <= 0 else -line, 9)  # ties must not be broken by the last bit
    return np.argsort(line, kind="stable")
