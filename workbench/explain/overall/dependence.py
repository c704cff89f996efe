"""How one column's contribution goes with its value, and which other column it varies with most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.contracts import Explanation
from workbench.errors import InputError
from workbench.explain.columns import Reading, Scale, read_column
from workbench.explain.overall.bins import BINS, binned
from workbench.explain.views import value_ranks

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
        bins: as ``binned`` gives them.
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
        return np.where(np.isfinite(reading.values), np.minimum(reading.values, BINS), -1).astype(int)
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
