"""Limits: what this report can't carry, and what was skipped, capped, sampled or repaired on the way."""

from __future__ import annotations

from workbench.contracts import EvidenceGrade, JourneyResult, Severity
from workbench.report.blocks import Block, Bullets, Paragraph, Section
from workbench.report.numbers import short

GENERAL = (
    "Everything here is association in past data. What an action does is known only from a randomised comparison.",
    "Scores are out of fold. If the future differs from the past that was seen, they will be too good.",
)


def limits_section(result: JourneyResult) -> Section:
    """General limits, those of this run, and all notices."""
    items = list(GENERAL)
    alarms = [check for check in result.table.checks if check.severity is Severity.ALARM]
    items += [short(f"Alarm on {check.column or 'the table'}: {check.message}", 300) for check in alarms]
    if result.search is not None and result.search.stopped:
        items.append("The search was stopped early; a longer one may find a better model.")
    if result.search is not None and not any(result.table.history.origins if result.table.history else ()):
        items.append("Validation is by customer, not out of time: the table holds one period only.")
    for missing, name in (
        (result.search is not None and result.explanation is None, "explanation"),
        (not result.segmentations, "segments"),
        (result.gaps is None, "information gap"),
        (not result.strategies, "strategies"),
    ):
        if missing:
            items.append(f"This run holds no {name}.")
    if result.strategies and all(
        s.grade in (EvidenceGrade.PLAYBOOK, EvidenceGrade.PREDICTIVE) for s in result.strategies
    ):
        items.append("No strategy here rests on randomised data: run the tests before scaling anything.")
    blocks: list[Block] = [Bullets(tuple(items))]
    if result.notices:
        blocks += [
            Paragraph("Skipped, capped, sampled or repaired on the way:"),
            Bullets(tuple(short(notice, 300) for notice in result.notices)),
        ]
    return Section("limits", "Limits", tuple(blocks))
