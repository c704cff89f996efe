"""Columns that go together: between them credit may be shared, so they are named together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.explain.columns import Reading, read_column
from workbench.explain.overall.importance import rank_correlation

STRONG = 0.8
MOST_LEVELS = 50


@dataclass(frozen=True)
class RelatedPair:
    """Two columns with ``strength`` in −1 … 1: Spearman's correlation, or Cramér's V for two categories."""

    first: str
    second: str
    strength: float


def related_pairs(data: pd.DataFrame, columns: Sequence[str], strong: float = STRONG) -> list[RelatedPair]:
    """Pairs among ``columns`` whose |strength| exceeds ``strong``, strongest first.

    Two ordered columns are compared by rank; two categories of at most 50 levels by bias-corrected Cramér's V
    (Bergsma 2013). A number and a category are not compared.
    """
    readings = {name: read_column(data[name]) for name in columns}
    pairs = []
    for place, first in enumerate(columns):
        for second in columns[place + 1 :]:
            strength = _strength(readings[first], readings[second])
            if np.isfinite(strength) and abs(strength) > strong:
                pairs.append(RelatedPair(first, second, strength))
    return sorted(pairs, key=lambda pair: -abs(pair.strength))


def _strength(first: Reading, second: Reading) -> float:
    if first.ordered and second.ordered:
        return rank_correlation(first.values, second.values)
    if first.ordered or second.ordered:
        return float("nan")
    if not (1 < len(first.levels) <= MOST_LEVELS and 1 < len(second.levels) <= MOST_LEVELS):
        return float("nan")
    return _cramers_v(first, second)


def _cramers_v(first: Reading, second: Reading) -> float:
    both = np.isfinite(first.values) & np.isfinite(second.values)
    rows = int(both.sum())
    if rows < 3:
        return float("nan")
    counts = np.zeros((len(first.levels), len(second.levels)))
    np.add.at(counts, (first.values[both].astype(int), second.values[both].astype(int)), 1.0)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    r, c = counts.shape
    if min(r, c) < 2:
        return float("nan")
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0, keepdims=True) / rows
    phi2 = float(((counts - expected) ** 2 / expected).sum()) / rows
    corrected = max(0.0, phi2 - (r - 1) * (c - 1) / (rows - 1))
    sides = min(r - (r - 1) ** 2 / (rows - 1), c - (c - 1) ** 2 / (rows - 1)) - 1
    return float(np.sqrt(min(1.0, corrected / sides))) if sides > 0 else float("nan")
