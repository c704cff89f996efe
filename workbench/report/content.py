"""The report's table of contents: which sections there are, in which order."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence

from workbench.contracts import JourneyResult
from workbench.explain.language import Language
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

_built: tuple[weakref.ref[JourneyResult], Language, Report] | None = None


def build_report(result: JourneyResult, language: Language = "en") -> Report:
    """The report's content, apart from any format.

    The last one is kept: a journey writes the same result as HTML, as Markdown and as drawings.

    Args:
        result: what a journey found; parts that it does not hold are left out, and the limits say so.
        language: of the explanation's sentences.
    """
    global _built
    kept = _built
    if kept is not None and kept[0]() is result and kept[1] == language:
        return kept[2]
    report = _build(result, language)
    _built = (weakref.ref(result), language, report)
    return report


def build_sections(result: JourneyResult, only: Sequence[str] = (), language: Language = "en") -> tuple[Section, ...]:
    """The sections that a result gives, in their order.

    Args:
        only: names of sections; empty for all.
        language: of the explanation's sentences.
    """
    made = (build(result, language) for name, build in _SECTIONS.items() if not only or name in only)
    return tuple(section for section in made if section is not None)


_SECTIONS: dict[str, Callable[[JourneyResult, Language], Section | None]] = {
    "summary": lambda result, _: summary_section(result),
    "data": lambda result, _: data_section(result.table),
    "models": lambda result, _: models_section(result.search, result.table),
    "explanation": explanation_section,
    "segments": lambda result, _: segments_section(result),
    "gaps": lambda result, _: gaps_section(result),
    "strategies": lambda result, _: strategies_section(result),
    "limits": lambda result, _: limits_section(result),
    "reproduce": lambda result, _: reproduce_section(result),
}


def _build(result: JourneyResult, language: Language) -> Report:
    target = f"target {short(result.table.target)}" if result.table.target else "segments only"
    return Report(
        title=f"{short(result.table.name)}: segments, gaps and strategies",
        subtitle=f"Run {result.name} · {result.created[:16].replace('T', ' ')} UTC · {target}",
        sections=build_sections(result, language=language),
    )
