"""A small segmented table with gaps, made from known numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.contracts import (
    Column,
    Gap,
    GapKind,
    GapReport,
    Kind,
    Lever,
    ProfileRow,
    Role,
    Rule,
    Segment,
    Segmentation,
    SegmentationKind,
    Table,
    Task,
)


@dataclass(frozen=True)
class Case:
    table: Table
    segmentation: Segmentation
    gaps: GapReport


def make_case(
    *, size: int = 3000, gap_mean: float = 80.0, holds: bool = True, recency_effect: float = 0.0, currency: str = "USD"
) -> Case:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "id": [f"c{index}" for index in range(2 * size)],
            "recency_days": rng.exponential(20, 2 * size),
            "spend_next": np.concatenate([rng.normal(400, 50, size), rng.normal(60, 30, size)]),
        }
    )
    columns = (
        Column("id", Kind.TEXT, Role.ID, "id", 0, 2 * size),
        Column("recency_days", Kind.NUMBER, Role.FEATURE, "number", 0, 2 * size, unit="days", lever=Lever.FIXED),
        Column("spend_next", Kind.NUMBER, Role.TARGET, "target", 0, 2 * size, unit="currency"),
    )
    table = Table(
        name="case", frame=frame, columns=columns, sources=(), checks=(), task=Task.REGRESSION, target="spend_next",
        fingerprint="f", outcome="spend_next", currency=currency, horizon_days=63,
    )  # fmt: skip
    labels = pd.Series(np.repeat([0, 1], size), index=frame.index)
    rule = Rule("recency_days < 10", 0.9, 0.8, 1.8, 500)
    profile = (ProfileRow("recency_days", 5, 40, recency_effect, 0.001),)
    segments = (
        Segment(0, "Big", size, 0.5, rule, 0.9, profile, 400, 398, 402),
        Segment(1, "Small", size, 0.5, rule, 0.9, profile, 60, 58, 62),
    )
    segmentation = Segmentation(SegmentationKind.GOAL_GUIDED, "tree", labels, segments, {}, "because.", True)
    per_segment = pd.DataFrame(
        {
            "segment": [0, 1],
            "customers": [size, size],
            "gap_total": [gap_mean * size, gap_mean * size / 4],
            "low": [0.9 * gap_mean * size, 0.9 * gap_mean * size / 4],
            "high": [1.1 * gap_mean * size, 1.1 * gap_mean * size / 4],
            "gap_mean": [gap_mean, gap_mean / 4],
        }
    )
    gap = Gap(
        kind=GapKind.WHITESPACE, available=True, unit="USD per 63 days", assumption="co-purchase generalises",
        per_customer=pd.DataFrame({"gap": np.repeat([gap_mean, gap_mean / 4], size)}, index=frame.index),
        per_segment=per_segment, per_category=pd.DataFrame(), backtest=pd.DataFrame(), verdict="v", holds=holds,
        figures={},
    )  # fmt: skip
    return Case(table, segmentation, GapReport((gap,)))
