"""Segments with profile, gap and strategy, and what the analyst decides on them: methods ``segments.*``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from workbench.budget import Budget
from workbench.contracts import GapKind, JourneyResult, Segment, Segmentation, SegmentationKind, Strategy
from workbench.errors import InputError
from workbench.events import Events
from workbench.plain import plain
from workbench.segments import find_segments
from workbench.segments import rename as rename_segment
from workbench.tracking import Store
from workbench.tracking.decisions import STATUSES, name_tag, status_tag
from workbench.worker.decided import recall_decisions
from workbench.worker.dispatch import of_run
from workbench.worker.shown import Shown
from workbench.worker.views import SegmentationView

PROFILE_ROWS = 8
REASONS = 3
ANEW_SECONDS = 60.0
"""Time for finding segments anew when another number of them is asked for."""


@of_run("segments.view")
def segmentation_view(shown: Shown, index: int | None = None) -> SegmentationView:
    """One segmentation; ``None`` is the one that strategies are made for, else the first."""
    if not shown.result.segmentations:
        raise InputError(f"{shown.result.name} holds no segments: its notices say why.")
    recall_decisions(shown)
    result = shown.result
    if index is None:
        index = result.strategy_segmentation or 0
    segmentation = result.segmentations[index % len(result.segmentations)]
    gaps = _gaps(result, segmentation) if index == result.strategy_segmentation else {}
    strategies = result.strategies if index == result.strategy_segmentation else ()
    return {
        "index": index,
        "count": len(result.segmentations),
        "kind": segmentation.kind.value,
        "method": segmentation.method,
        "found": segmentation.found,
        "chosen_because": segmentation.chosen_because,
        "quality": [(name, plain(value)) for name, value in segmentation.quality.items()],
        "outcome": result.table.outcome or result.table.target,
        "segments": [{**_segment(segment), **gaps.get(segment.id, {})} for segment in segmentation.segments],
        "strategies": {str(strategy.segment): _strategy(strategy) for strategy in strategies},
        "gap_unit": _gap_unit(result),
        "usual": index == (result.strategy_segmentation or 0),
    }


@of_run("segments.with_k")
def with_k(shown: Shown, k: str) -> SegmentationView:
    """Find another number of descriptive segments; strategies follow if they were made for them."""
    if not str(k).strip().isdecimal() or not 2 <= int(k) <= 10:
        raise InputError(f"'{k}' is not a number of segments: choose 2 to 10.")
    result = shown.result
    events = Events()
    kinds = (SegmentationKind.DESCRIPTIVE,)
    found = find_segments(
        result.table, budget=Budget.of(ANEW_SECONDS), events=events, seed=result.seed, kinds=kinds, segments=int(k)
    )
    if not found:
        raise InputError(
            "No descriptive segments can be made of this table: " + "; ".join(e.message for e in events.notices)
        )
    kinds_there = [segmentation.kind for segmentation in result.segmentations]
    place = kinds_there.index(SegmentationKind.DESCRIPTIVE) if SegmentationKind.DESCRIPTIVE in kinds_there else None
    if place is None:
        segmentations = (*result.segmentations, found[0])
        place = len(segmentations) - 1
    else:
        segmentations = tuple(found[0] if at == place else each for at, each in enumerate(result.segmentations))
    result = replace(result, segmentations=segmentations)
    if result.strategy_segmentation == place:
        result = _recommend_anew(result, found[0], events)
    shown.result = result
    return segmentation_view(shown, place)


@of_run("segments.rename", kept=True)
def rename(shown: Shown, index: int, segment: int, name: str) -> SegmentationView:
    """Give a segment another name; it is kept as a tag of the run."""
    result = shown.result
    changed = rename_segment(result.segmentations[index], segment, name)
    name = next(each.name for each in changed.segments if each.id == segment)
    shown.result = replace(
        result,
        segmentations=tuple(changed if at == index else each for at, each in enumerate(result.segmentations)),
        strategies=tuple(
            replace(each, segment_name=name)
            if each.segment == segment and index == result.strategy_segmentation
            else each
            for each in result.strategies
        ),
    )
    _remember(shown, *name_tag(shown.result, index, segment, name))
    return segmentation_view(shown, index)


@of_run("segments.decide", kept=True)
def decide(shown: Shown, segment: int, status: str, note: str = "") -> dict[str, Any]:
    """Accept, edit or reject a strategy; the decision is kept as a tag of the run."""
    if status not in STATUSES:
        raise InputError(f"'{status}' is not a decision: choose one of {', '.join(STATUSES)}.")
    result = shown.result
    if all(strategy.segment != segment for strategy in result.strategies):
        raise InputError(f"There is no strategy for segment {segment}.")
    _remember(shown, *status_tag(result, segment, status, note))
    strategies = tuple(
        replace(each, status=status, note=note) if each.segment == segment else each for each in result.strategies
    )
    shown.result = replace(result, strategies=strategies)
    return _strategy(next(each for each in strategies if each.segment == segment))


@of_run("segments.gaps")
def gaps(shown: Shown) -> list[dict[str, Any]]:
    """All gaps with their totals, verdicts and back-tests."""
    report = shown.result.gaps
    return [
        {
            "kind": gap.kind.value,
            "available": gap.available,
            "missing": gap.missing,
            "unit": gap.unit,
            "assumption": gap.assumption,
            "total": plain(gap.per_customer["gap"].sum()) if gap.available and "gap" in gap.per_customer else None,
            "verdict": gap.verdict,
            "holds": gap.holds,
            "figures": plain(gap.figures),
            "backtest": [plain(row) for row in gap.backtest.to_dict("records")],
        }
        for gap in (report.gaps if report is not None else ())
    ]


def _recommend_anew(result: JourneyResult, segmentation: Segmentation, events: Events) -> JourneyResult:
    from workbench.gap import by_segment
    from workbench.strategy import read_playbook, recommend

    report = by_segment(result.gaps, segmentation.labels, seed=result.seed) if result.gaps is not None else None
    playbook = read_playbook(str(result.settings.get("playbook") or "ecommerce"))
    strategies = recommend(
        result.table, segmentation, report, result.explanation, playbook=playbook, events=events, seed=result.seed
    )
    return replace(result, gaps=report, strategies=strategies)


def _segment(segment: Segment) -> dict[str, Any]:
    rows = [*segment.goals, *segment.profile]
    reasons = [f"{row.feature}{'+' if row.effect > 0 else '-'}" for row in segment.profile[:REASONS]]
    return {
        "id": segment.id,
        "name": segment.name,
        "size": segment.size,
        "share": plain(segment.share),
        "rule": segment.rule.text,
        "precision": plain(segment.rule.precision),
        "coverage": plain(segment.rule.coverage),
        "lift": plain(segment.rule.lift),
        "stability": plain(segment.stability),
        "outcome_mean": plain(segment.outcome_mean),
        "outcome_low": plain(segment.outcome_low),
        "outcome_high": plain(segment.outcome_high),
        "reasons": " ".join(reasons) or "-",
        "profile": [
            {
                "feature": row.feature,
                "level": row.level,
                "here": plain(row.segment_value),
                "others": plain(row.rest_value),
                "effect": plain(row.effect),
                "q": plain(row.q_value),
            }
            for row in rows[: PROFILE_ROWS + len(segment.goals)]
        ],
    }


def _gaps(result: JourneyResult, segmentation: Segmentation) -> dict[int, dict[str, Any]]:
    """The first gap that could be measured, by segment: potential before whitespace; they are never added."""
    report = result.gaps
    if report is None:
        return {}
    for kind in (GapKind.POTENTIAL, GapKind.WHITESPACE):
        gap = report.of(kind)
        if gap is not None and gap.available and len(gap.per_segment):
            return {
                int(row["segment"]): plain({"gap": row["gap_total"], "gap_low": row["low"], "gap_high": row["high"]})
                for row in gap.per_segment.to_dict("records")
            }
    return {}


def _gap_unit(result: JourneyResult) -> str:
    gap = result.gaps.of(GapKind.POTENTIAL) if result.gaps is not None else None
    return gap.unit if gap is not None and gap.available else ""


def _strategy(strategy: Strategy) -> dict[str, Any]:
    play, expected = strategy.play, strategy.expected
    recommend = f"{play.title}: {play.action} ({play.channel})" if play is not None else "Leave alone: no play fits."
    value = ""
    assumptions: list[str] = []
    if expected is not None:
        days = f" in {expected.horizon_days} days" if expected.horizon_days else ""
        value = (
            f"{expected.total:+z,.0f} {expected.currency}{days} in total (80% range {expected.low:+z,.0f} to "
            f"{expected.high:+z,.0f}), {expected.per_customer:+z,.2f} a customer, if the assumptions hold; "
            f"{expected.probability_positive:.0%} chance to gain anything"
        )
        assumptions = [
            f"{each.name} {each.value:g} ({each.low:g} to {each.high:g}) {each.unit}; {each.source}"
            for each in expected.assumptions
        ]
    test = strategy.test
    return {
        "segment": strategy.segment,
        "name": strategy.segment_name,
        "customers": strategy.customers,
        "recommend": recommend,
        "reasons": list(strategy.reasons),
        "expected": value,
        "assumptions": assumptions,
        "evidence": strategy.grade.value,
        "grade_reason": strategy.grade_reason,
        "raise_grade": strategy.raise_grade,
        "test": test.advice if test is not None else "",
        "alternatives": list(strategy.alternatives),
        "status": strategy.status,
        "note": strategy.note,
    }


def _remember(shown: Shown, name: str, value: str) -> None:
    """Keep a decision with the run. Without a run it lives as long as the worker."""
    if shown.result.run_id:
        Store(shown.home).tag(shown.result.run_id, name, value)
