"""A strategy for each segment: the play that fits, why, what it could be worth, how sure, and how to find out."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from workbench.contracts import (
    EvidenceGrade,
    Explanation,
    Gap,
    GapKind,
    GapReport,
    HoldoutTest,
    Play,
    Segment,
    Segmentation,
    Strategy,
    Table,
    Task,
)
from workbench.events import Events
from workbench.strategy.axes import Axes, place
from workbench.strategy.holdout import plan_test
from workbench.strategy.levers import controllable, lever_sentence, segment_attribution
from workbench.strategy.matching import ranked
from workbench.strategy.playbook import Playbook, PlayEntry
from workbench.strategy.reasons import gap_sentences, profile_sentence
from workbench.strategy.value import expected_value
from workbench.strategy.wording import checked

DEFAULT_DAYS = 28
MOST_ALTERNATIVES = 3


def recommend(
    table: Table,
    segmentation: Segmentation,
    gaps: GapReport | None,
    explanation: Explanation | None,
    *,
    playbook: Playbook,
    events: Events,
    seed: int = 0,
) -> tuple[Strategy, ...]:
    """A strategy for each segment.

    Args:
        table: the customer table, for levers, outcome, currency and horizon.
        segmentation: the segments to treat.
        gaps: with ``per_segment`` for this segmentation; ``None`` leaves values unstated.
        explanation: of the champion, for the levers; ``None`` leaves them unstated.
        playbook: the plays that may be taken.
        events: receives notices.
        seed: of the random draws behind the intervals.

    Returns:
        one strategy per segment, in the segments' order; its ``play`` is ``None`` where nothing fits or pays.
    """
    if table.currency and table.currency != playbook.currency:
        events.notice(
            "strategy",
            f"The playbook '{playbook.name}' counts in {playbook.currency}, the table in {table.currency}: "
            "its costs were taken as they stand; edit the playbook.",
        )
    if not table.currency and gaps is not None and any(gap.available for gap in gaps.gaps):
        events.notice(
            "strategy",
            f"The table names no currency: its money was taken as {playbook.currency}, in which the playbook "
            f"'{playbook.name}' counts.",
        )
    return tuple(
        _strategy(table, segmentation, segment, gaps, explanation, playbook, seed) for segment in segmentation.segments
    )


def _strategy(
    table: Table,
    segmentation: Segmentation,
    segment: Segment,
    gaps: GapReport | None,
    explanation: Explanation | None,
    playbook: Playbook,
    seed: int,
) -> Strategy:
    axes = place(table, segmentation, segment, gaps)
    entries = ranked(playbook, axes)
    shares = (
        segment_attribution(explanation, segmentation.labels, segment.id) if explanation else pd.Series(dtype=float)
    )
    options = []
    for entry in entries:
        play = playbook.as_play(entry)
        gap = _gap_for(entry, axes, gaps)
        value = None
        if gap is not None:
            value = expected_value(
                play,
                segment.size,
                axes.gap_means[gap.kind],
                currency=table.currency or playbook.currency,
                gap_source=f"{gap.kind.value} gap of this run",
                window_days=table.history.window_days if table.history else None,
                horizon_days=table.horizon_days,
                seed=seed,
            )
        options.append((entry, play, gap, value))
    # The first play that could pay; a play without a value in money stands by its place in the playbook.
    chosen = next((option for option in options if option[3] is None or option[3].total > 0), None)
    grade, grade_reason = _grade(chosen[2] if chosen else None, chosen is not None)
    reasons = [profile_sentence(segment), *gap_sentences(axes, gaps, segment.id), lever_sentence(table, shares)]
    if chosen is None:
        best = max((option[3].total for option in options if option[3] is not None), default=None)
        if best is None:
            reasons.append("No play of the playbook fits this segment.")
        else:
            currency = table.currency or playbook.currency
            reasons.append(f"No play pays here: at these assumptions the best is worth {best:,.0f} {currency}.")
    test = _test(table, segmentation, segment, chosen[1], chosen[2]) if chosen else None
    return Strategy(
        segment=segment.id,
        segment_name=segment.name,
        customers=segment.size,
        play=chosen[1] if chosen else None,
        reasons=tuple(checked(reason, grade) for reason in reasons if reason),
        levers=controllable(table, shares)[:5],
        expected=chosen[3] if chosen else None,
        grade=grade,
        grade_reason=grade_reason,
        raise_grade="A randomised hold-out would give grade E3; a second one that agrees, E4.",
        test=test,
        alternatives=tuple(option[1].title for option in options if option is not chosen)[:MOST_ALTERNATIVES],
    )


def _gap_for(entry: PlayEntry, axes: Axes, gaps: GapReport | None) -> Gap | None:
    """The gap that a play works on: the one it names, else the first that is measured."""
    wanted = [kind for kind in entry.when.gap if kind in axes.gap_means] or [
        kind for kind in (GapKind.WHITESPACE, GapKind.POTENTIAL) if kind in axes.gap_means
    ]
    return gaps.of(wanted[0]) if gaps and wanted else None


def _grade(gap: Gap | None, any_play: bool) -> tuple[EvidenceGrade, str]:
    if not any_play:
        return EvidenceGrade.PLAYBOOK, "Nothing is recommended, so nothing needs evidence."
    if gap is None:
        return (
            EvidenceGrade.PLAYBOOK,
            "Uptake and value are the playbook's assumptions; these data hold no test of them.",
        )
    if gap.holds:
        return (
            EvidenceGrade.PREDICTIVE,
            f"The {gap.kind.value} gap predicted later purchases out of time; uptake is the playbook's assumption.",
        )
    if not gap.tested:
        return (
            EvidenceGrade.PLAYBOOK,
            f"The {gap.kind.value} gap could not be compared with what came after, so value and uptake rest on the "
            "playbook alone.",
        )
    return (
        EvidenceGrade.PLAYBOOK,
        f"The {gap.kind.value} gap did not predict growth here, so value and uptake rest on the playbook alone.",
    )


def _test(table: Table, segmentation: Segmentation, segment: Segment, play: Play, gap: Gap | None) -> HoldoutTest:
    """The test of the play's success metric; where money is too noisy, uptake is tested instead and said so."""
    days = table.horizon_days or DEFAULT_DAYS
    inside = segmentation.labels.to_numpy() == segment.id
    money: HoldoutTest | None = None
    if gap is not None and table.outcome is not None and play.success_metric == "money":
        outcome = pd.to_numeric(table.frame.loc[inside, table.outcome], errors="coerce")
        deviation = float(outcome.std())
        mean_gap = float(gap.per_customer.loc[segmentation.labels.index[inside], "gap"].mean())
        plausible = play.uptake_high * play.value_share * mean_gap
        if math.isfinite(deviation) and math.isfinite(plausible):
            money = plan_test(
                metric=f"{table.outcome}", customers=segment.size, deviation=deviation, plausible=plausible,
                days=days, unit=table.currency,
            )  # fmt: skip
            if money.feasible:
                return money
    if gap is None and table.task is Task.BINARY and segment.outcome_mean is not None:
        base, metric = float(np.clip(segment.outcome_mean, 0.01, 0.99)), f"the share of '{table.target}'"
    else:
        base = float(np.clip(play.organic_uptake + play.uptake / 2, 0.01, 0.5))
        metric = "the share that takes the offer up or buys what it was for"
    uptake = plan_test(
        metric=metric,
        customers=segment.size,
        deviation=math.sqrt(base * (1 - base)),
        plausible=play.uptake_high,
        days=days,
        unit="share",
    )
    return uptake if uptake.feasible or money is None else money
