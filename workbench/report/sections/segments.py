"""Segments: both divisions side by side, each segment with rule, size, stability and profile."""

from __future__ import annotations

from workbench.contracts import JourneyResult, ProfileRow, Segment, Segmentation, SegmentationKind
from workbench.report.blocks import Block, Grid, Heading, Paragraph, Section
from workbench.report.figures import numbered, segment_map, segment_outcomes, segment_profiles
from workbench.report.numbers import FEWEST, count, counted, customers, figure, percent, share_of, span
from workbench.report.text import short
from workbench.report.wording import QUALITY, named

PROFILE_ROWS = 5
_WHAT = {
    SegmentationKind.DESCRIPTIVE: "Customers who look alike, whatever they do later.",
    SegmentationKind.GOAL_GUIDED: "Customers who differ in what they will do, divided by rules.",
}


def segments_section(result: JourneyResult) -> Section | None:
    """All segmentations; ``None`` when none was made."""
    if not result.segmentations:
        return None
    blocks: list[Block] = []
    for index, segmentation in enumerate(result.segmentations):
        used = index == result.strategy_segmentation and bool(result.strategies)
        blocks += _segmentation(segmentation, result.table.outcome or result.table.target, used)
    return Section("segments", "Segments", tuple(blocks))


def large_enough(segmentation: Segmentation) -> tuple[Segment, ...]:
    """The segments that may be shown."""
    return tuple(segment for segment in segmentation.segments if segment.size >= FEWEST)


def _segmentation(segmentation: Segmentation, outcome: str | None, used: bool) -> list[Block]:
    kind = segmentation.kind
    because = short(segmentation.chosen_because, 600)
    text = f"{_WHAT[kind]} Method: {short(segmentation.method)}. Chosen: {because}"
    if used:
        text += " The strategies below are for these segments."
    blocks: list[Block] = [Heading(f"{kind.value.capitalize()} segments"), Paragraph(text)]
    if not segmentation.found:
        blocks.append(Paragraph("Nothing was found: by this view the customers do not fall into groups; any division "
                                "would be arbitrary.", "warning"))  # fmt: skip
    shown = large_enough(segmentation)
    hidden = len(segmentation.segments) - len(shown)
    if hidden:
        blocks.append(
            Paragraph(
                f"{counted(hidden, 'segment')} of fewer than {FEWEST} customers not shown, to protect them.", "note"
            )
        )
    if shown and segmentation.found:
        blocks.append(_table(shown, outcome))
        blocks += _figures(segmentation, shown, outcome)
        profile = tuple(row for segment in shown for row in _profile(segment))
        if profile:
            headings = ("segment", "feature", "here", "all others", "effect", "q")
            blocks.append(
                Grid(headings, profile, "What sets each segment apart", right=(2, 3, 4, 5), wide=(0,), collapsed=True,
                     note="Effect: difference in standard deviations. q: chance of so large a difference by accident, "
                     "corrected for the number of comparisons.")
            )  # fmt: skip
    quality = tuple((*_named(name), figure(value)) for name, value in segmentation.quality.items())
    if quality:
        rows = tuple((label, value, meaning) for label, meaning, value in quality)
        headings3 = ("figure", "value", "meaning")
        caption = f"How good the {kind.value} division is"
        blocks.append(Grid(headings3, rows, caption, right=(1,), wide=(0, 2), collapsed=segmentation.found))
    return blocks


def _named(name: str) -> tuple[str, str]:
    return named(QUALITY, name)


def _figures(segmentation: Segmentation, shown: tuple[Segment, ...], outcome: str | None) -> list[Block]:
    figures: list[Block] = []
    if any(segment.outcome_mean is not None for segment in shown):
        figures.append(segment_outcomes(segmentation, shown, outcome or "the outcome"))
    if (profiles := segment_profiles(segmentation, shown)) is not None:
        figures.append(profiles)
    if len(segmentation.coordinates) and segmentation.coordinates["x"].nunique() > 1:
        figures.append(segment_map(segmentation, shown))
    return figures


def _table(shown: tuple[Segment, ...], outcome: str | None) -> Grid:
    with_outcome = any(segment.outcome_mean is not None for segment in shown)
    headings = ["#", "segment", "customers", "rule in words", "precision / coverage", "judged on", "stability"]
    rows = []
    for segment in shown:
        rule = segment.rule
        cells = [str(segment.id), short(segment.name), f"{count(segment.size)} ({percent(segment.share)})",
                 short(rule.text, 240) or "–", f"{percent(rule.precision, 0)} / {percent(rule.coverage, 0)}",
                 customers(rule.rows), figure(segment.stability, 2)]  # fmt: skip
        if with_outcome:
            mean = segment.outcome_mean
            low, high = segment.outcome_low, segment.outcome_high
            cells.insert(3, "–" if mean is None else f"{figure(mean)} ({span(low, high)})")
        rows.append(tuple(cells))
    if with_outcome:
        headings.insert(3, "mean (95 %)")
    about = f"Mean: of {short(outcome or 'the outcome', 60)}, with its 95 % interval. " if with_outcome else ""
    rule_at = headings.index("rule in words")
    return Grid(
        tuple(headings), tuple(rows), "Size, rule and stability",
        right=(0, rule_at + 2, rule_at + 3), wide=(1, rule_at),
        note=f"{about}Precision: of the held-out customers whom the rule fits (judged on so many), the share that "
        "is in the segment. Coverage: of the segment's held-out customers, the share whom the rule fits. Stability: "
        "overlap when the customers are drawn anew, 1 is the same; above 0.75 is stable.",
    )  # fmt: skip


def _profile(segment: Segment) -> list[tuple[str, ...]]:
    return [
        (short(numbered(segment)) if number == 0 else "",
         short(f"{row.feature} = {row.level}" if row.level else row.feature), *_values(row, segment),
         f"{row.effect:+.2f}", f"{row.q_value:.1g}")
        for number, row in enumerate((*segment.goals, *segment.profile[:PROFILE_ROWS]))
    ]  # fmt: skip


def _values(row: ProfileRow, segment: Segment) -> tuple[str, str]:
    if row.level:
        return share_of(row.segment_value, segment.size), percent(row.rest_value)
    return figure(row.segment_value), figure(row.rest_value)
