"""Where a segment stands: value, risk of lapsing, dependence on discounts, and the width of its gaps."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbench.contracts import GapKind, GapReport, Segment, Segmentation, Table, Task

HIGH, LOW = 1.25, 0.75
"""A segment's mean divided by everybody's: above is high (wide), below is low (narrow)."""
EFFECT = 0.35
"""Standardised difference from which a profile says something (between Cohen's small and medium)."""

RECENCY = re.compile(r"recency|days_since|since_last|inactive|最近", re.IGNORECASE)
TREND = re.compile(r"trend|growth|change", re.IGNORECASE)
DISCOUNT = re.compile(r"discount|coupon|promo|redeem|折扣|优惠", re.IGNORECASE)
CHURN = re.compile(r"churn|attrit|cancel|lapse|default|exited|流失", re.IGNORECASE)


@dataclass(frozen=True)
class Axes:
    """A segment on the axes of the playbooks.

    Attributes:
        value, risk, discount: ``high``, ``middle``, ``low`` or ``unknown``.
        gaps: tier (``wide``, ``middle``, ``narrow``) by available gap kind.
        gap_means: mean gap per customer by kind, in the gap's unit, with its 95 % interval.
    """

    value: str
    risk: str
    discount: str
    gaps: dict[GapKind, str]
    gap_means: dict[GapKind, tuple[float, float, float]]


def place(table: Table, segmentation: Segmentation, segment: Segment, gaps: GapReport | None) -> Axes:
    """Place one segment.

    Args:
        table: for the names of target and outcome.
        segmentation: all segments, whose size-weighted mean is the yardstick.
        segment: the one to place.
        gaps: with ``per_segment`` filled for this segmentation, or ``None``.
    """
    tiers: dict[GapKind, str] = {}
    means: dict[GapKind, tuple[float, float, float]] = {}
    for gap in gaps.gaps if gaps else ():
        if not gap.available or not len(gap.per_segment):
            continue
        rows = {int(row["segment"]): row for row in gap.per_segment.to_dict("records")}
        row = rows.get(segment.id)
        if row is None:
            continue
        customers_in_all = sum(float(other["customers"]) for other in rows.values())
        everyone = sum(float(other["gap_total"]) for other in rows.values()) / max(1.0, customers_in_all)
        customers = max(1.0, float(row["customers"]))
        means[gap.kind] = (float(row["gap_mean"]), float(row["low"]) / customers, float(row["high"]) / customers)
        tiers[gap.kind] = _tier(float(row["gap_mean"]), everyone, ("wide", "middle", "narrow"))
    churn_target = table.task is Task.BINARY and table.target is not None and bool(CHURN.search(table.target))
    outcome = _outcome_tier(segmentation, segment)
    return Axes(
        value="unknown" if churn_target else outcome,
        risk=outcome if churn_target else _risk(segment),
        discount=_profile_tier(segment, DISCOUNT),
        gaps=tiers,
        gap_means=means,
    )


def _tier(value: float, everyone: float, names: tuple[str, str, str] = ("high", "middle", "low")) -> str:
    if everyone <= 0:
        return names[1]
    ratio = value / everyone
    return names[0] if ratio >= HIGH else names[2] if ratio <= LOW else names[1]


def _outcome_tier(segmentation: Segmentation, segment: Segment) -> str:
    if segment.outcome_mean is None:
        return "unknown"
    known = [other for other in segmentation.segments if other.outcome_mean is not None]
    total = sum(other.size for other in known)
    everyone = sum((other.outcome_mean or 0.0) * other.size for other in known) / max(1, total)
    return _tier(segment.outcome_mean, everyone)


def _profile_tier(segment: Segment, pattern: re.Pattern[str]) -> str:
    effects = [row.effect for row in segment.profile if pattern.search(row.feature)]
    if not effects:
        return "unknown"
    strongest = max(effects, key=abs)
    return "high" if strongest >= EFFECT else "low" if strongest <= -EFFECT else "middle"


def _risk(segment: Segment) -> str:
    """Long since the last visit, or a falling trend, is a risk; both the other way round is none."""
    recency, trend = _profile_tier(segment, RECENCY), _profile_tier(segment, TREND)
    if recency == "high" or (trend == "low" and recency != "low"):
        return "high"
    return recency if recency != "unknown" else "unknown"
