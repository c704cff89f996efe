"""The report's table of contents: which sections there are, in which order."""

from __future__ import annotations

import weakref

from workbench.contracts import JourneyResult
from workbench.report.blocks import Report, Section
from workbench.report.sections.data import data_section
from workbench.report.sections.explanation import explanation_section
from workbench.report.sections.gaps import gaps_section
from workbench.report.sections.limits import limits_section
from workbench.report.sections.models import models_section
from workbench.report.sections.reproduce import reproduce_section
from workbench.report.sections.segments import segments_section
from workbench.report.sections.strategies import strategies_section
from workbench.report.sections.summary import summary_section
from workbench.report.text import short

_built: tuple[weakref.ref[JourneyResult], Report] | None = None


def build_report(result: JourneyResult) -> Report:
    """The report's content, apart from any format.

    The last one is kept: a journey writes the same result as HTML, as Markdown and as drawings.

    Args:
        result: what a journey found; parts that it does not hold are left out, and the limits say so.
    """
    global _built
    kept = _built
    if kept is not None and kept[0]() is result:
        return kept[1]
    report = _build(result)
    _built = (weakref.ref(result), report)
    return report


def _build(result: JourneyResult) -> Report:
    made: list[Section | None] = [
        summary_section(result),
        data_section(result.table),
        models_section(result.search),
        explanation_section(result.explanation),
        segments_section(result),
        gaps_section(result),
        strategies_section(result),
        limits_section(result),
        reproduce_section(result),
    ]
    target = f"target {short(result.table.target)}" if result.table.target else "segments only"
    return Report(
        title=f"{short(result.table.name)}: segments, gaps and strategies",
        subtitle=f"Run {result.name} · {result.created[:16].replace('T', ' ')} UTC · {target}",
        sections=tuple(section for section in made if section is not None),
    )
