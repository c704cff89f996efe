"""How far predictions can be taken at their word: what was predicted out of fold against what came, by tenths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.contracts import SearchResult, Table, Task
from workbench.problem.rows import row_weights

BINS = 10
FEWEST = 10
"""Customers of a group; of fewer nothing can be said, and they would be people and not a group."""
_Z = 1.959964


@dataclass(frozen=True)
class QualityBin:
    """Customers with predictions of about the same height.

    Attributes:
        predicted: mean of what was predicted for them, by the weight of rows where there is one.
        actual: mean of what came (for a class: the share that had it).
        low, high: 95 % interval of ``actual``.
    """

    rows: int
    predicted: float
    actual: float
    low: float
    high: float


@dataclass(frozen=True)
class Quality:
    """Predicted against seen, lowest predictions first.

    Attributes:
        output: the class, or the target for regression.
        shares: whether figures are shares of a class.
        rows: customers that were held out and whose target is known.
        off_by: mean distance of ``actual`` from ``predicted`` over the groups, by their rows.
    """

    output: str
    shares: bool
    bins: tuple[QualityBin, ...]
    rows: int
    off_by: float


def model_quality(search: SearchResult, table: Table, output: int = 0) -> Quality | None:
    """The champion's out-of-fold predictions in ten groups of about equally many rows; fewer where rows are few.

    Args:
        output: which class, where there are more than two; of two classes it is the second.

    Returns:
        ``None`` where no row was held out, or fewer than one group of rows.
    """
    if table.target is None or table.target not in table.frame.columns:
        return None
    raw = table.frame[table.target]
    predictions = np.asarray(search.out_of_fold, dtype=np.float64)
    if search.task is Task.REGRESSION:
        name, predicted = table.target, predictions.ravel()
        actual = pd.to_numeric(raw, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    else:
        classes = search.champion.classes
        place = 1 if len(classes) == 2 else output
        name, predicted = str(classes[place]), predictions[:, place]
        texts = raw.astype(object)
        actual = np.where(raw.notna(), texts.map(str).to_numpy() == name, np.nan).astype(np.float64)
    weight = row_weights(table)
    weight = np.ones(len(actual)) if weight is None else weight
    known = np.isfinite(predicted) & np.isfinite(actual) & (weight > 0)
    predicted, actual, weight = predicted[known], actual[known], weight[known]
    if len(predicted) < FEWEST:
        return None
    shares = search.task is not Task.REGRESSION
    groups = _groups(predicted)
    bins = tuple(_bin(predicted[at], actual[at], weight[at], shares) for at in groups)
    each = zip(bins, groups, strict=True)
    off_by = sum(weight[at].sum() * abs(one.actual - one.predicted) for one, at in each) / weight.sum()
    return Quality(name, shares, bins, len(predicted), float(off_by))


def _groups(predicted: np.ndarray) -> list[np.ndarray]:
    """Positions in each group; equal predictions stay together, and too small a group joins the one before."""
    wanted = max(1, min(BINS, len(predicted) // FEWEST))
    edges = np.unique(np.quantile(predicted, np.linspace(0, 1, wanted + 1)[1:-1]))
    places = np.searchsorted(edges, predicted, side="left")
    groups: list[np.ndarray] = []
    for place in np.unique(places):
        members = np.flatnonzero(places == place)
        if groups and (len(members) < FEWEST or len(groups[-1]) < FEWEST):
            groups[-1] = np.concatenate([groups[-1], members])
        else:
            groups.append(members)
    return groups


def _bin(predicted: np.ndarray, actual: np.ndarray, weight: np.ndarray, shares: bool) -> QualityBin:
    mean = float(np.average(actual, weights=weight))
    # as many rows of equal weight as would tell as much (Kish 1965, "Survey sampling")
    rows = float(weight.sum() ** 2 / (weight**2).sum())
    if shares:
        # Wilson's interval: it stays inside 0 to 1 and is right for rare classes too
        middle = (mean + _Z**2 / (2 * rows)) / (1 + _Z**2 / rows)
        half = _Z / (1 + _Z**2 / rows) * np.sqrt(mean * (1 - mean) / rows + _Z**2 / (4 * rows**2))
        low, high = max(0.0, middle - half), min(1.0, middle + half)
    else:
        spread = float(np.average((actual - mean) ** 2, weights=weight))
        half = _Z * np.sqrt(spread / (rows - 1)) if rows > 1 else float("nan")
        low, high = mean - half, mean + half
    return QualityBin(len(actual), float(np.average(predicted, weights=weight)), mean, float(low), float(high))
