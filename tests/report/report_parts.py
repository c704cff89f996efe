"""Segments, gaps and strategies from known numbers, for the results in ``report_results``."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.contracts import (
    Assumption,
    EvidenceGrade,
    ExpectedValue,
    Gap,
    GapKind,
    GapReport,
    HoldoutTest,
    Play,
    ProfileRow,
    Rule,
    Segment,
    Segmentation,
    SegmentationKind,
    Strategy,
    Table,
)

SMALL = "Tiny secret circle"
"""Name of a segment of seven customers, which no report may show."""
_SIZES = (120, 113, 7)


def segmentation(table: Table, kind: SegmentationKind, words: str) -> Segmentation:
    """Two segments that may be shown and one that is too small."""
    names = (f"High 消费金额 · frequent {words}", "Rare visitors", SMALL)
    segments = tuple(
        Segment(
            place, name, size, size / sum(_SIZES), Rule(f"visits ≥ {place} {words}", 0.9, 0.8, 2.0, size // 3), 0.8,
            (ProfileRow(f"visits {words}", 3.0, 1.0, 1.2, 0.001), ProfileRow("region", 0.02, 0.4, -0.9, 0.01, "north")),
            52.0, 48.0, 56.0, (ProfileRow("购买行为", 52.0, 40.0, 0.5, 0.01),),
        )
        for place, (name, size) in enumerate(zip(names, _SIZES, strict=True))
    )  # fmt: skip
    labels = pd.Series(np.repeat(np.arange(3), _SIZES), index=table.frame.index)
    rng = np.random.default_rng(1)
    coordinates = pd.DataFrame(rng.normal(size=(len(labels), 2)), columns=["x", "y"], index=labels.index)
    quality = {"outcome_eta2": 0.31, "stability_min": 0.8, "silhouette": float("nan"), "own_figure": 1.0}
    because = f"the best product of three. {words}"
    return Segmentation(kind, "kmeans", labels, segments, quality, because, True, (), coordinates)


def not_found(division: Segmentation) -> Segmentation:
    """The same question with the answer that there are no segments."""
    return Segmentation(
        division.kind, division.method, division.labels * 0, (), {"null_p_value": 0.4}, "p is 0.4.", False
    )


def gap_report(table: Table, division: Segmentation, words: str) -> GapReport:
    """A gap that holds with a back-test, and one that is not available."""
    value = pd.Series(np.linspace(0.0, 100.0, len(table.frame)), index=table.frame.index)
    rows = [
        (segment.id, segment.size, 50.0 * segment.size, 45.0 * segment.size, 55.0 * segment.size, 50.0)
        for segment in division.segments
    ]
    backtest = pd.DataFrame(
        {
            "origin": ["2024-01-01"] * 2 + ["2024-03-01"] * 2,
            "score": ["expected value", "popularity"] * 2,
            "precision_at_10": [0.2, 0.1] * 2,
            "money_at_10": [9.0, 7.0] * 2,
            "money_vs_popularity": [2.0, 0.0] * 2,
            "money_low": [1.0, 0.0] * 2,
            "money_high": [3.0, 0.0] * 2,
        }
    )
    columns = ["segment", "customers", "gap_total", "low", "high", "gap_mean"]
    categories = pd.DataFrame(
        {"category": [f"BEER {words}", "RARE SECRET"], "gap_total": [900.0, 5.0], "customers": [80, 4]}
    )
    whitespace = Gap(
        GapKind.WHITESPACE, True, "USD per 63 days", f"Alike goes together. {words}", value.to_frame("gap"),
        pd.DataFrame(rows, columns=columns), categories, backtest, "This gap points at money.", True,
        {"expected_to_actual": 1.01},
    )  # fmt: skip
    empty = pd.DataFrame()
    supply = Gap(
        GapKind.SUPPLY, False, "", "It is known.", empty, empty, empty, empty, "Not computed.", False, {}, "stock"
    )
    return GapReport((whitespace, supply))


def strategies(division: Segmentation, words: str) -> tuple[Strategy, ...]:
    """A play with its value, "leave alone", and a play for the segment that is too small."""
    play = Play(
        "coupon", f"Send a coupon {words}", f"One coupon. {words}", ("coupon",), "mail", 0.1, 0.5, 0.01, 0.03, 0.05,
        0.5, 0.25, "one a month", ("no consent",), "uptake", "lot", "ecommerce",
    )  # fmt: skip
    assumptions = (Assumption("uptake", 0.03, 0.01, 0.05, "share", f"ecommerce {words}"),)
    value = ExpectedValue(120.0, 20.0, 260.0, 1.0, "USD", 63, assumptions, 0.95)
    test = HoldoutTest("uptake", 96, 24, 0.2, 0.04, 0.05, 0.8, 0.05, 63, True, "Hold out 20% at random.")
    first, second, tiny = division.segments
    reasons = (f"Against the others: 'visits' 3. {words}", "The gap is wide.")
    grade, lowest = EvidenceGrade.PREDICTIVE, EvidenceGrade.PLAYBOOK
    levers = (("visits", 0.2),)
    return (
        Strategy(second.id, second.name, second.size, None, reasons, (), None, lowest, "Nothing.", "", None),
        Strategy(
            first.id,
            first.name,
            first.size,
            play,
            reasons,
            levers,
            value,
            grade,
            "Because.",
            "A test.",
            test,
            ("Tell",),
        ),
        Strategy(tiny.id, tiny.name, tiny.size, play, reasons, (), value, grade, "Because.", "", None),
    )
