"""How one column's contribution goes with its value, and which other column it varies with most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.contracts import Explanation
from workbench.errors import InputError
from workbench.explain.columns import MISSING, Reading, Scale, cell_text, number_text, read_column
from workbench.explain.views import value_ranks

BINS = 20
SHOWN_LEVELS = 20
PARTNER_CANDIDATES = 8
PARTNER_BINS = 10
LEAST_ROWS = 10
"""A bin with fewer rows says nothing about a partner."""
LEAST_PARTNER = 0.1
"""A partner explains at least this share of what varies within bins, else none is named."""


@dataclass(frozen=True)
class Dependence:
    """Value against contribution of one column.

    Attributes:
        x: numbers, days since 1970-01-01 for dates, or positions in ``levels``; NaN where missing; shape (rows,).
        contribution: shape (rows,).
        kind: ``number``, ``date`` or ``category``.
        levels: names of the levels, most frequent first; empty unless ``kind`` is ``category``.
        bins: ``x`` (middle of the bin, or the level's position; NaN for missing), ``label``, ``contribution``
            (mean), ``low``, ``high`` (its 95 % interval; NaN with one row), ``rows``; missing values are the last.
        partner: the column that this one's contribution varies with most at equal value; ``None`` if there is none.
        partner_rank: rank of the partner's value, 0 … 1, NaN where missing, shape (rows,); ``None`` without partner.
    """

    column: str
    output: str
    output_space: str
    x: np.ndarray
    contribution: np.ndarray
    kind: Scale
    levels: tuple[str, ...]
    bins: pd.DataFrame
    partner: str | None
    partner_rank: np.ndarray | None


def dependence(explanation: Explanation, column: str, output: int = 0) -> Dependence:
    """The dependence of ``column``'s contribution on its raw value.

    Raises:
        InputError: the model has no such column.
    """
    if column not in explanation.columns:
        raise InputError(f"The model uses no column '{column}'; it uses {_some(explanation.columns)}.")
    j = explanation.columns.index(column)
    reading = read_column(explanation.data.iloc[:, j])
    contribution = explanation.values[:, j, output]
    partner, partner_rank = _partner(explanation, j, reading, contribution, output)
    return Dependence(
        column=column,
        output=explanation.outputs[output],
        output_space=explanation.output_space,
        x=reading.values,
        contribution=contribution,
        kind=reading.scale,
        levels=reading.levels,
        bins=binned(reading, contribution),
        partner=partner,
        partner_rank=partner_rank,
    )


def binned(reading: Reading, contribution: np.ndarray) -> pd.DataFrame:
    """Mean contribution by bin of the value; see ``Dependence.bins``.

    Up to 20 distinct numbers are their own bins; more are cut into 20 bins of about equally many rows. Of the
    levels the 20 most frequent stand alone and the others together.
    """
    places, labels, middles = _bins_of(reading)
    rows = []
    for place, (label, middle) in enumerate(zip(labels, middles, strict=True)):
        members = contribution[places == place]
        if len(members):
            rows.append(_bin(middle, label, members))
    missing = contribution[~np.isfinite(reading.values)]
    if len(missing):
        rows.append(_bin(float("nan"), MISSING, missing))
    return pd.DataFrame(rows, columns=["x", "label", "contribution", "low", "high", "rows"])


def _bin(middle: float, label: str, members: np.ndarray) -> tuple[float, str, float, float, float, int]:
    mean = float(members.mean())
    half = 1.96 * float(members.std(ddof=1)) / np.sqrt(len(members)) if len(members) > 1 else float("nan")
    return middle, label, mean, mean - half, mean + half, len(members)


def _bins_of(reading: Reading) -> tuple[np.ndarray, list[str], list[float]]:
    """Bin of each row (−1 for missing), and each bin's label and middle."""
    places = np.full(len(reading.values), -1)
    present = np.isfinite(reading.values)
    if not present.any():
        return places, [], []
    values = reading.values[present]
    if reading.scale == "category":
        places[present] = np.minimum(values.astype(int), SHOWN_LEVELS)
        labels = [cell_text(level) for level in reading.levels[:SHOWN_LEVELS]]
        if len(reading.levels) > SHOWN_LEVELS:
            labels.append(f"{len(reading.levels) - SHOWN_LEVELS:,} other levels")
        return places, labels, [float(place) for place in range(len(labels))]
    distinct = np.unique(values)
    if len(distinct) <= BINS:
        places[present] = np.searchsorted(distinct, values)
        return places, [_value_text(reading.scale, value) for value in distinct], [float(value) for value in distinct]
    edges = np.unique(np.quantile(values, np.linspace(0, 1, BINS + 1)[1:-1]))
    places[present] = np.searchsorted(edges, values, side="left")
    labels, middles = [], []
    for place in range(len(edges) + 1):
        inside = values[places[present] == place]
        low, high = (inside.min(), inside.max()) if len(inside) else (np.nan, np.nan)
        first, last = _value_text(reading.scale, low), _value_text(reading.scale, high)
        labels.append(first if first == last else f"{first} … {last}")
        middles.append(float(np.median(inside)) if len(inside) else float("nan"))
    return places, labels, middles


def _value_text(scale: Scale, value: float) -> str:
    if scale == "date" and np.isfinite(value):
        return cell_text(pd.Timestamp("1970-01-01") + pd.Timedelta(days=float(value)))
    return cell_text(value) if float(value).is_integer() else number_text(value)


def _partner(
    explanation: Explanation, j: int, reading: Reading, contribution: np.ndarray, output: int
) -> tuple[str | None, np.ndarray | None]:
    """The column whose value goes along most with what varies in ``contribution`` at equal value of column ``j``.

    A screen, not an interaction value: within ten bins of column ``j``, the squared rank correlation of
    contribution and other value, weighted by the bin's variance. Numbers, dates and two-level categories can be named.
    """
    places = _coarse(reading)
    best, best_rank, best_strength = None, None, LEAST_PARTNER
    sizes = np.abs(explanation.values[:, :, output]).mean(axis=0)
    others = [other for other in np.argsort(-sizes, kind="stable") if other != j and sizes[other] > 0]
    for other in others[:PARTNER_CANDIDATES]:
        partner = read_column(explanation.data.iloc[:, other])
        if not partner.ordered and len(partner.levels) > 2:
            continue  # more than two levels have no order to correlate with
        rank = value_ranks(partner.values)
        strength = _along(places, contribution, rank)
        if strength > best_strength:
            best, best_rank, best_strength = explanation.columns[other], rank, strength
    return best, best_rank


def _coarse(reading: Reading) -> np.ndarray:
    if reading.scale == "category":
        return np.where(np.isfinite(reading.values), np.minimum(reading.values, SHOWN_LEVELS), -1).astype(int)
    ranks = value_ranks(reading.values)
    return np.where(np.isfinite(ranks), np.floor(np.nan_to_num(ranks) * PARTNER_BINS), -1).astype(int)


def _along(places: np.ndarray, contribution: np.ndarray, other: np.ndarray) -> float:
    explained = variance = 0.0
    for place in np.unique(places):
        inside = (places == place) & np.isfinite(other)
        if inside.sum() < LEAST_ROWS or np.ptp(contribution[inside]) < 1e-12:
            continue
        weight = float(contribution[inside].var()) * int(inside.sum())
        variance += weight
        if np.ptp(other[inside]) > 0:
            explained += weight * float(np.corrcoef(value_ranks(contribution[inside]), other[inside])[0, 1]) ** 2
    return explained / variance if variance > 0 else 0.0


def _some(columns: tuple[str, ...], most: int = 5) -> str:
    named = ", ".join(f"'{name}'" for name in columns[:most])
    return named if len(columns) <= most else f"{named} and {len(columns) - most} more"
