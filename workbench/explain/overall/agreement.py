"""Whether two measures of importance tell the same story: SHAP's shares and what permutation costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.explain.language import Language, Listed, Name, Said, say
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
        related: a pair of columns that go together, one of those that are named; ``None`` if there is none.
    """

    correlation: float
    columns: int
    furthest: pd.DataFrame
    related: RelatedPair | None = None

    @property
    def sentence(self) -> str:
        """What it means, for people."""
        return self.told()

    def told(self, language: Language = "en") -> str:
        """The sentence in ``language``."""
        return self.said.told(language)

    @property
    def said(self) -> Said:
        """The sentence before it is in a language."""
        if not np.isfinite(self.correlation):
            return Said("agreement.too_few")
        lead = say(
            "agreement.agree"
            if self.correlation >= HIGH
            else "agreement.somewhat"
            if self.correlation >= FAIR
            else "agreement.different",
            columns=len(self.furthest),
            correlation=f"{self.correlation:.2f}",
        )
        far = _far(self.furthest)
        if far.empty:
            return say("agreement.alone", lead=lead)
        named = Listed(
            tuple(
                say(
                    "agreement.ranks",
                    column=Name(str(row["column"])),
                    shap=f"{row['shap_rank']:.0f}",
                    permutation=f"{row['permutation_rank']:.0f}",
                )
                for _, row in far.iterrows()
            ),
            between="semicolon",
        )
        return say("agreement.apart", lead=lead, named=named, reason=_reason(self.related))


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
    named = [str(name) for name in _far(apart)["column"]]
    pair = next((pair for pair in related if pair.first in named or pair.second in named), None)
    return Agreement(correlation, len(both), apart, pair)


def _far(apart: pd.DataFrame) -> pd.DataFrame:
    """The columns that are named."""
    return apart[apart["apart"] >= max(2.0, FAR * len(apart))].head(NAMED)


def _reason(pair: RelatedPair | None) -> Said:
    if pair is None:
        return Said("agreement.usual")
    return say("agreement.pair", first=Name(pair.first), second=Name(pair.second), strength=f"{abs(pair.strength):.2f}")
