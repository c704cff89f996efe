"""The information gap: each kind with its unit, its assumption and the back-test that judges it."""

from __future__ import annotations

import pandas as pd

from workbench.contracts import Gap, JourneyResult
from workbench.report.blocks import Block, Bullets, Grid, Heading, Paragraph, Section
from workbench.report.figures import gap_by_segment, numbered
from workbench.report.numbers import FEWEST, count, figure, percent, span
from workbench.report.text import short
from workbench.report.wording import BACKTEST, GAP_FIGURES, GAPS, named

MOST_CATEGORIES = 12
_SHARES = {"precision_at_10", "base_rate", "coverage"}
_AVERAGED = {
    "potential": ("naive_top20", "adjusted_top20", "adjusted_rank_correlation"),
    "category whitespace": ("money_at_10", "money_vs_popularity", "precision_at_10"),
}
_LOWER_END = {"potential": "adjusted_low", "category whitespace": "money_low"}


def gaps_section(result: JourneyResult) -> Section | None:
    """All gaps; ``None`` when none was tried."""
    if result.gaps is None:
        return None
    names = _segment_names(result)
    blocks: list[Block] = [
        Paragraph(
            "Demand that supply does not meet, in money. A gap is potential: neither a forecast nor an effect. "
            "The gaps overlap and are never added up.",
            "note",
        )
    ]
    measured = [gap for gap in result.gaps.gaps if gap.available]
    for gap in measured:
        blocks += _gap(gap, names)
    if not measured:
        blocks.append(Paragraph("No gap could be measured on these data."))
    missing = tuple(
        short(f"{gap.kind.value.capitalize()} would need {gap.missing.rstrip('.')}.", 300)
        for gap in result.gaps.gaps
        if not gap.available
    )
    if missing:
        blocks += [Heading("Not measured"), Bullets(missing)]
    return Section("gaps", "Information gap", tuple(blocks))


def gap_total(gap: Gap) -> float:
    """The gap of all customers, in its unit."""
    return float(gap.per_customer["gap"].sum()) if "gap" in gap.per_customer else 0.0


def _segment_names(result: JourneyResult) -> dict[int, str]:
    if result.strategy_segmentation is None:
        return {}
    segments = result.segmentations[result.strategy_segmentation].segments
    return {segment.id: numbered(segment) for segment in segments}


def _gap(gap: Gap, names: dict[int, str]) -> list[Block]:
    kind = gap.kind.value
    blocks: list[Block] = [
        Heading(f"{kind.capitalize()} gap: {figure(gap_total(gap))} {short(gap.unit)}"),
        Paragraph(f"{GAPS.get(kind, '')} Assumption: {short(gap.assumption, 600)}".strip()),
        Paragraph(short(gap.verdict, 800), "normal" if gap.holds else "warning"),
    ]
    shown = gap.per_segment[gap.per_segment["customers"] >= FEWEST] if len(gap.per_segment) else gap.per_segment
    if len(shown):
        rows = tuple(
            (short(names.get(int(row["segment"]), str(row["segment"]))), count(row["customers"]),
             figure(row["gap_total"]), span(row["low"], row["high"]), figure(row["gap_mean"]))
            for row in shown.to_dict("records")
        )  # fmt: skip
        headings = ("segment", "customers", "total", "95 % interval", "per customer")
        caption = f"{kind.capitalize()} gap by segment, {short(gap.unit)}"
        blocks.append(Grid(headings, rows, caption, right=(1, 2, 4), wide=(0,)))
        blocks.append(gap_by_segment(gap, shown, names))
    blocks += _categories(gap)
    if len(gap.backtest):
        blocks += _backtest(gap)
    figures = tuple((label, figure(value), meaning) for name, value in gap.figures.items()
                    for label, meaning in [named(GAP_FIGURES, name)])  # fmt: skip
    if figures:
        headings3 = ("figure", "value", "meaning")
        blocks.append(Grid(headings3, figures, f"Further figures of the {kind} gap", right=(1,), wide=(0, 2),
                           collapsed=True))  # fmt: skip
    return blocks


def _categories(gap: Gap) -> list[Block]:
    if not len(gap.per_category):
        return []
    shown = gap.per_category[gap.per_category["customers"] >= FEWEST]
    shown = shown.sort_values("gap_total", ascending=False).head(MOST_CATEGORIES)
    widest = tuple(
        (short(str(row["category"])), count(row["customers"]), figure(row["gap_total"]))
        for row in shown.to_dict("records")
    )
    return [Grid(("category", "customers without it", "total"), widest, f"Widest categories, {short(gap.unit)}",
                 right=(1, 2), wide=(0,))] if widest else []  # fmt: skip


def _backtest(gap: Gap) -> list[Block]:
    frame = gap.backtest.dropna(axis="columns", how="all")
    kind = gap.kind.value
    blocks: list[Block] = []
    averaged = [name for name in _AVERAGED.get(kind, ()) if name in frame]
    origins = frame["origin"].nunique() if "origin" in frame else 0
    if averaged and "score" in frame and origins:
        blocks.append(_means(gap, frame, averaged, origins))
    numeric = tuple(index for index, name in enumerate(frame.columns) if pd.api.types.is_numeric_dtype(frame[name]))
    rows = tuple(
        tuple(_cell(str(name), cell) for name, cell in zip(frame.columns, row, strict=True))
        for row in frame.itertuples(index=False, name=None)
    )
    headings = tuple(BACKTEST.get(str(name), str(name).replace("_", " ")) for name in frame.columns)
    wide = tuple(index for index, name in enumerate(frame.columns) if name == "score")
    caption = f"Back-test of the {kind} gap at each past cut-off"
    blocks.append(Grid(headings, rows, caption, right=numeric, wide=wide, collapsed=True))
    return blocks


def _means(gap: Gap, frame: pd.DataFrame, averaged: list[str], origins: int) -> Grid:
    """One row per score, over all past cut-offs: the gap beside what it must beat."""
    grouped = frame.groupby("score", sort=False)
    rows = []
    lower = _LOWER_END[gap.kind.value]
    ranked = sorted(grouped, key=lambda each: -float(each[1][averaged[1 if len(averaged) > 1 else 0]].mean()))
    for score, part in ranked:
        cells = [short(str(score), 80), *(_cell(name, float(part[name].mean())) for name in averaged)]
        if lower in frame:
            cells.append(f"{int((part[lower] > 0).sum())} of {len(part)}")
        rows.append(tuple(cells))
    headings = ["customers ranked by" if gap.kind.value == "potential" else "categories ranked by"]
    headings += [BACKTEST[name] for name in averaged]
    if lower in frame:
        headings.append("95 % interval above zero")
    caption = f"Back-test, mean over the past cut-offs ({origins}), best first"
    return Grid(
        tuple(headings), tuple(rows), caption, right=(1, 2, 3), wide=(0,),
        note="Each ranking was made as of a past cut-off and compared with what came after, beside simple rankings. "
        f"Money in {short(gap.unit)}.",
    )  # fmt: skip


def _cell(name: str, cell: object) -> str:
    if isinstance(cell, float):
        return percent(cell) if name in _SHARES else figure(cell)
    return short(str(cell), 80)
