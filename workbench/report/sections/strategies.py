"""Strategies: a card for each segment."""

from __future__ import annotations

from workbench.contracts import JourneyResult, Strategy
from workbench.report.blocks import Block, Card, Grid, Paragraph, Section
from workbench.report.numbers import count, figure, money, percent, short, span


def strategies_section(result: JourneyResult) -> Section | None:
    """Cards and the assumptions behind their values; ``None`` without strategies."""
    if not result.strategies:
        return None
    kind = ""
    if result.strategy_segmentation is not None:
        kind = f" for the {result.segmentations[result.strategy_segmentation].kind.value} segments"
    blocks: list[Block] = [
        Paragraph(
            f"One strategy each{kind}. Values rest on the assumptions below; "
            "the grade says how much the data support them.",
            "note",
        )
    ]
    blocks += [_card(strategy) for strategy in result.strategies]
    rows = tuple(
        (short(strategy.segment_name), assumption.name, figure(assumption.value), span(assumption.low, assumption.high),
         assumption.unit, short(assumption.source))
        for strategy in result.strategies
        if strategy.expected is not None
        for assumption in strategy.expected.assumptions
    )  # fmt: skip
    if rows:
        headings = ("segment", "assumption", "value", "range", "unit", "source")
        blocks.append(Grid(headings, rows, "Assumptions", right=(2,)))
    return Section("strategies", "Strategies", tuple(blocks))


def _card(strategy: Strategy) -> Card:
    lines = [("because", reason) for reason in strategy.reasons]
    play = strategy.play
    if play is not None:
        lines.insert(0, ("do", f"{play.action} By {play.channel}; {play.cap}. Not for: {', '.join(play.exclusions)}."))
    if strategy.expected is not None:
        value = strategy.expected
        over = f" over {value.horizon_days} days" if value.horizon_days else ""
        lines.append(
            ("expected", f"{money(value.total, value.currency)}{over} (80 % interval {span(value.low, value.high)}; "
             f"{percent(value.probability_positive, 0)} of the draws are above zero), if the assumptions hold")
        )  # fmt: skip
    elif play is not None:
        lines.append(("expected", "not stated in money: no gap was measured for this segment"))
    if strategy.levers:
        lines.append(("levers", ", ".join(f"{short(name)} ({percent(share, 0)})" for name, share in strategy.levers)))
    lines.append(("evidence", f"{strategy.grade_reason} {strategy.raise_grade}"))
    if strategy.test is not None:
        lines.append(("test", strategy.test.advice))
    if strategy.alternatives:
        lines.append(("instead", "; ".join(strategy.alternatives)))
    title = f"{strategy.segment_name} ({count(strategy.customers)} customers): {play.title if play else 'leave alone'}"
    return Card(short(title, 200), strategy.grade.value, tuple(lines))
