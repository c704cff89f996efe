"""How much each column contributes over all explained rows, how sure that is, and in which direction."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from workbench.contracts import Lever
from workbench.explain.columns import read_column

RESAMPLES = 200
COLUMNS = ["column", "importance", "low", "high", "share", "direction", "lever"]


def importance_table(
    values: np.ndarray, data: pd.DataFrame, levers: Mapping[str, str], *, seed: int = 0, output: int | None = None
) -> pd.DataFrame:
    """Columns by mean |contribution|, largest first.

    Args:
        values: contributions, shape (rows, columns, outputs).
        data: raw values, shape (rows, columns).
        levers: by column name.
        output: which output; ``None`` takes the mean over all.

    Returns:
        ``column``, ``importance``, ``low`` and ``high`` (95 % percentile bootstrap over rows: how sure the figure
        is for this model, not what a refit would give; NaN with one row), ``share`` of the sum, ``direction``
        (Spearman correlation of value and contribution over rows with a value; NaN for categories, for constant
        columns and over several outputs), ``lever``.
    """
    chosen = values if output is None else values[:, :, [output]]
    sizes = np.abs(chosen).mean(axis=2)
    mean = sizes.mean(axis=0)
    low, high = bootstrap_interval(sizes, seed)
    total = float(mean.sum())
    one = chosen.shape[2] == 1
    frame = pd.DataFrame(
        {
            "column": pd.Series(list(data.columns), dtype=object),
            "importance": mean,
            "low": low,
            "high": high,
            "share": mean / total if total > 0 else np.zeros_like(mean),
            "direction": [direction(data.iloc[:, j], chosen[:, j, 0]) if one else np.nan for j in range(mean.size)],
            "lever": [str(levers.get(name, Lever.UNKNOWN)) for name in data.columns],
        },
        columns=COLUMNS,
    )
    # equal importances (zeros) keep the table's order
    return frame.sort_values("importance", ascending=False, kind="stable", ignore_index=True)


def bootstrap_interval(sizes: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """95 % percentile bootstrap over rows of each column's mean; NaN with one row. ``sizes`` has (rows, columns)."""
    rows = sizes.shape[0]
    if rows < 2:
        blank = np.full(sizes.shape[1], np.nan)
        return blank, blank
    random = np.random.default_rng(seed)
    means = np.empty((RESAMPLES, sizes.shape[1]))
    for resample in range(RESAMPLES):
        weights = np.bincount(random.integers(rows, size=rows), minlength=rows)
        means[resample] = weights @ sizes / rows
    low, high = np.percentile(means, [2.5, 97.5], axis=0)
    return low, high


def direction(raw: pd.Series, contribution: np.ndarray) -> float:
    """Spearman's correlation of raw value and contribution; NaN for categories and constants."""
    reading = read_column(raw)
    if not reading.ordered:
        return float("nan")
    return rank_correlation(reading.values, contribution)


def rank_correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Spearman's correlation over rows that have both; NaN when either is constant or under three rows are left."""
    both = np.isfinite(first) & np.isfinite(second)
    if both.sum() < 3:
        return float("nan")
    a = pd.Series(first[both]).rank().to_numpy()
    b = pd.Series(second[both]).rank().to_numpy()
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return float("nan")
    return float(np.corrcoef(a, b)[0, 1])
