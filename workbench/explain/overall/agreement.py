"""Whether two measures of importance tell the same story: SHAP's shares and what permutation costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.explain.overall.importance import rank_correlation
from workbench.explain.overall.related import RelatedPair

NAMED = 3
HIGH, FAIR = 0.8, 0.5
"""Rank correlation from which two orders are called alike, and somewhat alike."""
FAR = 0.25
"""Ranks that lie further apart than this share of all columns are named, if they are at least two apart."""


@dataclass(frozen=True)
class Agreement:
    """How alike two orders of columns are.

    Attributes:
        correlation: Spearman's, −1 … 1; NaN with under three columns or where all are equal.
        columns: how many columns both measures have.
        furthest: a row per column, ranks furthest apart first: ``column``, ``shap_rank``, ``permutation_rank`` and
            ``apart``.
        sentence: what it means, for people.
    """

    correlation: float
    columns: int
    furthest: pd.DataFrame
    sentence: str


def agreement(importance: pd.DataFrame, permuted: pd.DataFrame, related: Sequence[RelatedPair] = ()) -> Agreement:
    """Compare SHAP importance with permutation importance, by rank.

    Columns that permutation did not reach are left out; an increase below zero counts as zero, as it is chance.

    Args:
        importance: as ``importance_table`` gives it.
        permuted: as ``permutation_importance`` gives it.
        related: as ``related_pairs`` gives them, so that a reason can be named.
    """
    both = importance[["column", "importance"]].merge(permuted[["column", "increase"]], on="column")
    both = both[both["increase"].notna()].reset_index(drop=True)
    increase = both["increase"].clip(lower=0.0)
    first = both["importance"].rank(ascending=False)
    second = increase.rank(ascending=False)
    apart = pd.DataFrame(
        {"column": both["column"], "shap_rank": first, "permutation_rank": second, "apart": (first - second).abs()}
    ).sort_values("apart", ascending=False, kind="stable", ignore_index=True)
    correlation = rank_correlation(both["importance"].to_numpy(dtype=float), increase.to_numpy(dtype=float))
    return Agreement(correlation, len(both), apart, _sentence(correlation, apart, related))


def _sentence(correlation: float, apart: pd.DataFrame, related: Sequence[RelatedPair]) -> str:
    if not np.isfinite(correlation):
        return "There are too few columns that differ in importance to compare SHAP and permutation."
    how = "agree" if correlation >= HIGH else "agree somewhat" if correlation >= FAIR else "do not agree"
    lead = f"SHAP and permutation {how} on the order of the {len(apart)} columns (rank correlation {correlation:.2f})"
    far = apart[apart["apart"] >= max(2.0, FAR * len(apart))].head(NAMED)
    if far.empty:
        return f"{lead}."
    named = "; ".join(
        f"'{row.column}' is number {row.shap_rank:g} by SHAP and number {row.permutation_rank:g} by permutation"
        for row in far.itertuples()
    )
    return f"{lead}; furthest apart: {named}; {_reason([str(name) for name in far['column']], related)}."


def _reason(names: Sequence[str], related: Sequence[RelatedPair]) -> str:
    for pair in related:
        if pair.first in names or pair.second in names:
            return (
                f"'{pair.first}' and '{pair.second}' go together (|r| {abs(pair.strength):.2f}), and columns that do "
                "share credit: SHAP divides it, and permuting one leaves the other to tell the same"
            )
    return (
        "the usual reason is columns that go together and share credit: SHAP divides it, and permuting one leaves the "
        "other to tell the same"
    )
