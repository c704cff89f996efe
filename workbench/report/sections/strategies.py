"""Strategies: a card for each segment, its worth at a glance and its assumptions to open."""

from __future__ import annotations

from workbench.contracts import EvidenceGrade, ExpectedValue, JourneyResult, Strategy
from workbench.report.blocks import Block, Card, Grid, Paragraph, Section
from workbench.report.numbers import FEWEST, count, counted, figure, money, percent, span
from workbench.report.text import short
from workbench.report.wording import GRADES


def strategies_section(result: JourneyResult) -> Section | None:
    """A card a strategy, those with the largest expected value first; ``None`` without strategies."""
    if not result.strategies:
        return None
    kind = ""
    if result.strategy_segmentation is not None:
        kind = f" of the {result.segmentations[result.strategy_segmentation].kind.value} segments"
    blocks: list[Block] = [
        Paragraph(
            f"One for each{kind}, the largest expected value first. A value holds only if its assumptions hold: open "
            "them and put in your own. The grade says how much the data support it.",
            "note",
        )
    ]
    shown = sorted((strategy for strategy in result.strategies if strategy.customers >= FEWEST), key=_place)
    hidden = len(result.strategies) - len(shown)
    blocks += [_card(strategy) for strategy in shown]
    if hidden:
        blocks.append(
            Paragraph(f"{counted(hidden, 'strategy', 'strategies')} for segments of fewer than {FEWEST} customers not "
                      "shown, to protect them.", "note")
        )  # fmt: skip
    used = {strategy.grade for strategy in shown}
    rows = tuple(
        (grade.value.split()[0], " ".join(grade.value.split()[1:]), meaning, "yes" if grade in used else "")
        for grade, meaning in GRADES.items()
    )
    headings = ("grade", "name", "what it means", "here")
    blocks.append(Grid(headings, rows, "Grades of evidence, weakest first", wide=(2,)))
    return Section("strategies", "Strategies", tuple(blocks))


def _place(strategy: Strategy) -> tuple[bool, float]:
    """Plays before "leave alone", then by expected value."""
    return strategy.play is None, -(strategy.expected.total if strategy.expected else 0.0)


def _card(strategy: Strategy) -> Card:
    play = strategy.play
    lines: list[tuple[str, str]] = []
    if play is not None:
        text = f"{play.action.rstrip('.')}. By {play.channel}; {play.cap.rstrip('.')}."
        if play.exclusions:
            text += f" Not for: {'; '.join(play.exclusions)}."
        lines.append(("do", text))
    lines += [("" if number else "why", reason) for number, reason in enumerate(strategy.reasons)]
    if strategy.levers:
        lines.append(("levers", ", ".join(f"{short(name)} ({percent(share, 0)})" for name, share in strategy.levers)))
    lines.append(("evidence", f"{strategy.grade_reason} {strategy.raise_grade}".strip()))
    if strategy.test is not None:
        lines.append(("test", strategy.test.advice))
    if strategy.alternatives:
        lines.append(("or", "; ".join(strategy.alternatives)))
    if strategy.status != "proposed":
        lines.append(("status", f"{strategy.status}: {strategy.note}" if strategy.note else strategy.status))
    title = f"{strategy.segment} · {short(strategy.segment_name)}: {play.title if play else 'leave alone'}"
    return Card(
        short(title, 220),
        _grade(strategy.grade),
        tuple((name, short(text, 600)) for name, text in lines),
        _facts(strategy),
        _assumptions(strategy.expected) if strategy.expected is not None else None,
    )


def _grade(grade: EvidenceGrade) -> str:
    code, _, name = grade.value.partition(" ")
    return f"{code} · {name}"


def _facts(strategy: Strategy) -> tuple[tuple[str, str, str], ...]:
    facts = [("customers", count(strategy.customers), "in the segment")]
    value = strategy.expected
    if value is not None:
        over = f"over {value.horizon_days} days, " if value.horizon_days else ""
        facts += [
            ("expected value", money(value.total, value.currency), f"{over}if the assumptions hold"),
            (
                "80 % interval",
                span(value.low, value.high),
                f"{percent(value.probability_positive, 0)} of the draws pay",
            ),
            ("per customer", money(value.per_customer, value.currency), "on average"),
        ]
    elif strategy.play is not None:
        facts.append(("expected value", "not stated", "no gap was measured for this segment"))
    else:
        facts.append(("expected value", "none", "no play pays or fits here"))
    if strategy.test is not None:
        size = f"{count(strategy.test.treated)} / {count(strategy.test.control)}"
        facts.append(("test", "can be run" if strategy.test.feasible else "too small", f"{size} with / without"))
    return tuple(facts)


def _assumptions(value: ExpectedValue) -> Grid | None:
    rows = tuple(
        (assumption.name, _amount(assumption.value, assumption.unit),
         "fixed" if assumption.low == assumption.high else
         f"{_amount(assumption.low, assumption.unit)} to {_amount(assumption.high, assumption.unit)}",
         "" if assumption.unit == "share" else assumption.unit, short(assumption.source))
        for assumption in value.assumptions
    )  # fmt: skip
    if not rows:
        return None
    return Grid(("assumption", "value", "range", "unit", "source"), rows, "Assumptions behind the value", right=(1,),
                collapsed=True)  # fmt: skip


def _amount(value: float, unit: str) -> str:
    return percent(value) if unit == "share" else figure(value)
