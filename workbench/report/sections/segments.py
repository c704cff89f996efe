"""Segments: both divisions side by side, each segment with rule, size, stability and profile."""

from __future__ import annotations

from workbench.contracts import JourneyResult, Segment, Segmentation
from workbench.report.blocks import Block, Grid, Paragraph, Section
from workbench.report.figures import segment_map, segment_outcomes
from workbench.report.numbers import count, figure, percent, short, span

PROFILE_ROWS = 5


def segments_section(result: JourneyResult) -> Section | None:
    """All segmentations; ``None`` when none was made."""
    if not result.segmentations:
        return None
    blocks: list[Block] = []
    for segmentation in result.segmentations:
        blocks += _segmentation(segmentation, result.table.outcome)
    return Section("segments", "Segments", tuple(blocks))


def _segmentation(segmentation: Segmentation, outcome: str | None) -> list[Block]:
    title = f"{segmentation.kind.value.capitalize()} segments ({segmentation.method})"
    blocks: list[Block] = [Paragraph(f"{title}. {segmentation.chosen_because}")]
    if not segmentation.found:
        blocks.append(
            Paragraph("Nothing was found: the customers do not fall into groups in these columns.", "warning")
        )
        if not segmentation.segments:
            return blocks
    rows = tuple(
        (str(s.id), short(s.name), count(s.size), percent(s.share), short(s.rule.text, 240),
         f"{percent(s.rule.precision, 0)} / {percent(s.rule.coverage, 0)}", figure(s.stability, 2),
         "–" if s.outcome_mean is None else f"{figure(s.outcome_mean)} ({span(s.outcome_low, s.outcome_high)})")
        for s in segmentation.segments
    )  # fmt: skip
    headings = (
        "#", "name", "customers", "share", "rule", "precision / coverage", "stability",
        f"mean {short(outcome)} (95 %)" if outcome else "outcome",
    )  # fmt: skip
    blocks.append(Grid(headings, rows, title, right=(2, 3, 6)))
    if any(segment.outcome_mean is not None for segment in segmentation.segments):
        blocks.append(segment_outcomes(segmentation, outcome or "outcome"))
    if len(segmentation.coordinates):
        blocks.append(segment_map(segmentation))
    profile = tuple(row for segment in segmentation.segments for row in _profile(segment))
    if profile:
        blocks.append(
            Grid(("segment", "feature", "here", "the rest", "effect", "q"), profile,
                 "What sets each segment apart (standardised effect, q after false discovery control)",
                 right=(2, 3, 4, 5))
        )  # fmt: skip
    quality = tuple((name.replace("_", " "), figure(value)) for name, value in segmentation.quality.items())
    blocks.append(Grid(("figure", "value"), quality, "Quality of this division", right=(1,)))
    return blocks


def _profile(segment: Segment) -> list[tuple[str, ...]]:
    return [
        (short(segment.name), short(f"{row.feature} = {row.level}" if row.level else row.feature),
         percent(row.segment_value) if row.level else figure(row.segment_value),
         percent(row.rest_value) if row.level else figure(row.rest_value),
         f"{row.effect:+.2f}", f"{row.q_value:.1g}")
        for row in segment.profile[:PROFILE_ROWS]
    ]  # fmt: skip
