"""The information gap: each kind with its unit, its assumption and the back-test that judges it."""

from __future__ import annotations

import pandas as pd

from workbench.contracts import Gap, JourneyResult
from workbench.report.blocks import Block, Bullets, Grid, Paragraph, Section
from workbench.report.figures import gap_by_segment
from workbench.report.numbers import count, figure, short, span

FEWEST = 10
"""Groups of fewer customers are not shown."""
MOST_CATEGORIES = 12


def gaps_section(result: JourneyResult) -> Section | None:
    """All gaps; ``None`` when none was tried."""
    if result.gaps is None:
        return None
    names = _segment_names(result)
    blocks: list[Block] = [
        Paragraph(
            "A gap is potential: neither a forecast nor an effect. The gaps overlap and are never added up.", "note"
        )
    ]
    for gap in result.gaps.gaps:
        if gap.available:
            blocks += _gap(gap, names)
    missing = tuple(f"{gap.kind.value}: {gap.missing}" for gap in result.gaps.gaps if not gap.available)
    if missing:
        blocks += [Paragraph("Not measured, and what it would need:"), Bullets(missing)]
    return Section("gaps", "Information gap", tuple(blocks))


def _segment_names(result: JourneyResult) -> dict[int, str]:
    if result.strategy_segmentation is None:
        return {}
    return {segment.id: segment.name for segment in result.segmentations[result.strategy_segmentation].segments}


def _gap(gap: Gap, names: dict[int, str]) -> list[Block]:
    total = float(gap.per_customer["gap"].sum())
    blocks: list[Block] = [
        Paragraph(f"{gap.kind.value.capitalize()}: {figure(total)} {gap.unit}. {gap.assumption}"),
        Paragraph(gap.verdict, "normal" if gap.holds else "warning"),
    ]
    if len(gap.per_segment):
        shown = gap.per_segment[gap.per_segment["customers"] >= FEWEST]
        rows = tuple(
            (short(names.get(int(row["segment"]), str(row["segment"]))), count(row["customers"]),
             figure(row["gap_total"]), span(row["low"], row["high"]), figure(row["gap_mean"]))
            for row in shown.to_dict("records")
        )  # fmt: skip
        headings = ("segment", "customers", "total", "95 % interval", "per customer")
        blocks.append(Grid(headings, rows, f"{gap.kind.value.capitalize()} by segment, {gap.unit}", right=(1, 2, 4)))
        blocks.append(gap_by_segment(gap, names))
    if len(gap.per_category):
        shown = gap.per_category[gap.per_category["customers"] >= FEWEST]
        shown = shown.sort_values("gap_total", ascending=False).head(MOST_CATEGORIES)
        widest = tuple(
            (short(str(row["category"])), count(row["customers"]), figure(row["gap_total"]))
            for row in shown.to_dict("records")
        )
        blocks.append(Grid(("category", "customers", "total"), widest, f"Widest categories, {gap.unit}", right=(1, 2)))
    if len(gap.backtest):
        blocks.append(_backtest(gap))
    figures = tuple((name.replace("_", " "), figure(value)) for name, value in gap.figures.items())
    if figures:
        blocks.append(Grid(("figure", "value"), figures, "Further figures", right=(1,)))
    return blocks


def _backtest(gap: Gap) -> Grid:
    frame = gap.backtest.dropna(axis="columns", how="all")
    numeric = [index for index, name in enumerate(frame.columns) if pd.api.types.is_numeric_dtype(frame[name])]
    rows = tuple(
        tuple(figure(cell) if isinstance(cell, float) else short(str(cell)) for cell in row)
        for row in frame.itertuples(index=False, name=None)
    )
    headings = tuple(str(name).replace("_", " ") for name in frame.columns)
    return Grid(headings, rows, "Back-test: naive figures and adjusted ones side by side", right=tuple(numeric))
