"""Limits: what this report can't carry, and what was skipped, capped, sampled or repaired on the way."""

from __future__ import annotations

from workbench.contracts import EvidenceGrade, JourneyResult, Severity, Task
from workbench.report.blocks import Block, Bullets, Heading, Paragraph, Section
from workbench.report.numbers import FEWEST
from workbench.report.text import short

GENERAL = (
    "Everything here is association in past data. What an action does is known only from a randomised comparison.",
    f"Groups of fewer than {FEWEST} customers are not shown, and no customer is named.",
)
_WEAK = (EvidenceGrade.PLAYBOOK, EvidenceGrade.PREDICTIVE)


def limits_section(result: JourneyResult) -> Section:
    """General limits, those of this run, what is absent, and all notices."""
    items = [*GENERAL, *_of_the_run(result), *_absent(result)]
    blocks: list[Block] = [Bullets(tuple(items))]
    if result.notices:
        blocks += [
            Heading("Skipped, capped, sampled or repaired on the way"),
            Bullets(tuple(short(notice, 400) for notice in dict.fromkeys(result.notices))),
        ]
    else:
        blocks.append(Paragraph("Nothing was skipped, capped, sampled or repaired on the way.", "note"))
    return Section("limits", "Limits", tuple(blocks))


def _of_the_run(result: JourneyResult) -> list[str]:
    items = []
    search = result.search
    if search is not None:
        items.append(
            "Scores are of customers held out. If the future differs from the past that was seen, they are too good."
        )
        if search.resampling.kind != "time":
            items.append(
                "Validation is by customer, not out of time: whether the model holds next year was not tested."
            )
        if search.stopped:
            items.append("The search was stopped early; a longer one may find a better model.")
    alarms = [check for check in result.table.checks if check.severity is Severity.ALARM]
    items += [short(f"Alarm on {check.column or 'the table'}: {check.message}", 300) for check in alarms]
    if result.strategies and all(strategy.grade in _WEAK for strategy in result.strategies):
        items.append("No strategy here rests on randomised data: run the tests before scaling anything.")
    return items


def _absent(result: JourneyResult) -> list[str]:
    """What a whole journey would hold and this one does not."""
    items = []
    if result.search is None:
        why = "the task is segments only" if result.table.task is Task.SEGMENTS else "no search was made"
        items.append(f"There is no model and no explanation: {why}.")
    elif result.explanation is None:
        items.append("The model was not explained in this run.")
    if not result.segmentations:
        items.append("No segments were looked for in this run.")
    elif not any(segmentation.found for segmentation in result.segmentations):
        items.append("No segments were found, so there is nothing to make strategies for.")
    if result.gaps is None:
        items.append("The information gap was not measured in this run.")
    if not result.strategies:
        items.append("There are no strategies in this run.")
    return items
