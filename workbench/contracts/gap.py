"""The information gap: demand that supply does not meet, in money, with the back-test that judges it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd


class GapKind(StrEnum):
    """Which gap: see section 2 of the method notes."""

    POTENTIAL = "potential"
    WHITESPACE = "category whitespace"
    TIMING = "timing"
    INTENT = "unmet intent"
    SUPPLY = "supply"
    AWARENESS = "awareness"


@dataclass(frozen=True)
class Gap:
    """One kind of gap.

    Attributes:
        available: whether the data can carry it; when not, ``missing`` says what is needed and the frames are empty.
        unit: such as "USD per 63 days".
        assumption: the main assumption in one sentence.
        per_customer: index = table row label (``Table.frame.index``); columns ``gap``, and for potential ``potential``,
            ``observed``, ``low``, ``high``; for whitespace ``top_category``, ``top_category_value``.
        per_segment: columns ``segment`` (id), ``customers``, ``gap_total``, ``low``, ``high`` (95 % bootstrap),
            ``gap_mean``; filled by ``gap.by_segment``.
        per_category: for whitespace: ``category``, ``gap_total``, ``customers``; else empty.
        backtest: one row per (origin, score): ``origin``, ``score``, ``naive_rank_correlation``, ``naive_top20``,
            ``adjusted_rank_correlation``, ``adjusted_top20``, ``adjusted_low``, ``adjusted_high``; for whitespace
            ``precision_at_10``, ``money_at_10`` … with baselines as further scores.
        verdict: one sentence by rule: does this gap predict growth here?
        holds: the verdict as a flag.
        figures: further figures by name, such as ``coverage`` of the quantile.
    """

    kind: GapKind
    available: bool
    unit: str
    assumption: str
    per_customer: pd.DataFrame
    per_segment: pd.DataFrame
    per_category: pd.DataFrame
    backtest: pd.DataFrame
    verdict: str
    holds: bool
    figures: dict[str, float]
    missing: str = ""

    @property
    def tested(self) -> bool:
        """Whether there was a past to compare it with: a gap that was not tested has not failed either."""
        return self.holds or len(self.backtest) > 0


@dataclass(frozen=True)
class GapReport:
    """All gaps of a run. Potential and whitespace overlap: they are shown side by side and never added."""

    gaps: tuple[Gap, ...]

    def of(self, kind: GapKind) -> Gap | None:
        """The gap of one kind, ``None`` when it was not tried."""
        return next((gap for gap in self.gaps if gap.kind is kind), None)
