"""What the model sees in each segment: mean contributions inside against those of all other customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from workbench.contracts import Explanation, JourneyResult, Segment, Segmentation, Table
from workbench.explain import Drivers, members_of, segment_drivers
from workbench.report.blocks import Block, Bullets, Grid, Heading, Paragraph
from workbench.report.figures import drivers_figure, numbered
from workbench.report.numbers import FEWEST, count, counted, figure, signed, span
from workbench.report.text import quoted, short

MOST_ROWS = 1_000
"""Explained customers that are compared: with more, a report of many segments would take many seconds."""
ROWS = 5
"""Columns of each segment that the table names."""
Found = list[tuple[Segment, Drivers]]
Members = list[tuple[Segment, np.ndarray]]


def driver_blocks(result: JourneyResult, explanation: Explanation) -> list[Block]:
    """A drawing and a table for each segmentation, and sentences for the one that strategies are made for."""
    sample = comparable(result, sampled(explanation))
    several = len(explanation.outputs) > 1
    words: list[Block] = []
    figures: list[Block] = []
    tables: list[Block] = []
    hidden: list[Block] = []
    for place, segmentation in enumerate(result.segmentations):
        if not segmentation.found:
            continue
        found = _found(members(segmentation, sample, result.table), sample, result.seed)
        if len(found) < len(segmentation.segments):
            hidden.append(_hidden(segmentation, len(segmentation.segments) - len(found)))
        if not found:
            continue
        if place == (result.strategy_segmentation or 0):
            words.append(Bullets(tuple(_sentence(segment, drivers, several=several) for segment, drivers in found)))
        if not several and (drawn := drivers_figure(segmentation, found)) is not None:
            figures.append(drawn)
        tables.append(_table(found, segmentation.kind.value, several=several))
    if not tables and not hidden:
        return []
    note = "By what a segment differs from all other customers as the model sees it: association, as everywhere here."
    if hidden:
        note += " Customers of segments that are not shown are left out of all these comparisons."
    if len(explanation.rows) > MOST_ROWS:
        note += f" Compared were {count(len(sample.rows))} of the explained customers, chosen at random."
    lead: list[Block] = [Heading("What the model sees in each segment"), Paragraph(note, "note")]
    return [*lead, *words, *figures, *tables, *hidden]


def sampled(explanation: Explanation, most: int = MOST_ROWS) -> Explanation:
    """The explanation of at most so many of its rows, chosen at random."""
    if len(explanation.rows) <= most:
        return explanation
    return _only(explanation, np.sort(np.random.default_rng(0).choice(len(explanation.rows), size=most, replace=False)))


def comparable(result: JourneyResult, explanation: Explanation) -> Explanation:
    """The explanation without the customers of segments that may not be shown, whatever they are divided by.

    With the means of all segments but one, and of all customers outside each, the last one's could be solved for, and
    with another division of the same customers as well. So whoever belongs to a group that is not shown in any of them,
    be it a segment or those without one, is in no comparison.
    """
    kept = np.ones(len(explanation.rows), dtype=bool)
    for segmentation in result.segmentations:
        if segmentation.found:
            parts = segmentation.segments
            every = [(one, members_of(segmentation, one.id, explanation, result.table)) for one in parts]
            without = ~np.logical_or.reduce([own for _, own in every])
            small = [own for one, own in every if one.size < FEWEST or own.sum() < FEWEST]
            kept &= ~np.logical_or.reduce([*small, without & (without.sum() < FEWEST)])
    return _only(explanation, np.flatnonzero(kept))


def members(segmentation: Segmentation, explanation: Explanation, table: Table) -> Members:
    """The segments that may be shown, with who is in them."""
    every = [(segment, members_of(segmentation, segment.id, explanation, table)) for segment in segmentation.segments]
    return [(segment, own) for segment, own in every if segment.size >= FEWEST and own.sum() >= FEWEST]


def _only(explanation: Explanation, kept: np.ndarray) -> Explanation:
    """The explanation of some of its rows, by position."""
    return replace(
        explanation,
        values=explanation.values[kept],
        margin=explanation.margin[kept],
        rows=explanation.rows[kept],
        data=explanation.data.iloc[kept],
    )


def _found(shown: Members, explanation: Explanation, seed: int) -> Found:
    """What drives each segment, where there is anything to compare it with."""
    found = [(segment, _most_different(explanation, own, seed)) for segment, own in shown]
    return [(segment, drivers) for segment, drivers in found if drivers.told]


def _hidden(segmentation: Segmentation, number: int) -> Paragraph:
    segments = counted(number, f"{segmentation.kind.value} segment")
    return Paragraph(
        f"{segments} not shown, to protect them or for want of figures: fewer than {FEWEST} customers, or explained "
        "ones, are inside or outside.",
        "note",
    )


def _most_different(explanation: Explanation, member: np.ndarray, seed: int) -> Drivers:
    """What drives the segment apart; of several classes towards the one whose output differs most."""
    output = 0
    if len(explanation.outputs) > 1 and 0 < int(member.sum()) < len(member):
        apart = explanation.margin[member].mean(axis=0) - explanation.margin[~member].mean(axis=0)
        output = int(np.abs(apart).argmax())
    return segment_drivers(explanation, member, output=output, seed=seed, top=len(explanation.columns))


def _sentence(segment: Segment, drivers: Drivers, *, several: bool) -> str:
    """By how much the segment differs, and the column with the largest part where that can be told from chance."""
    about = f" towards {quoted(drivers.output, 40)}" if several else ""
    lead = (
        f"{short(numbered(segment))}: {signed(drivers.difference)} in {short(drivers.output_space)}{about} against all "
        f"others ({span(drivers.low, drivers.high)})"
    )
    clear = drivers.table[(drivers.table["low"] > 0) | (drivers.table["high"] < 0)]
    if clear.empty:
        return f"{lead}; no column's part of it can be told from chance."
    row = clear.iloc[0]
    return (
        f"{lead}; the largest part is that of {quoted(str(row['column']))} ({signed(row['difference'])}): "
        f"{short(str(row['value_inside']), 80)} here, {short(str(row['value_outside']), 80)} elsewhere."
    )


def _table(found: Sequence[tuple[Segment, Drivers]], kind: str, *, several: bool) -> Grid:
    rows = []
    for segment, drivers in found:
        about = f" → {short(drivers.output, 40)}" if several else ""
        for number, row in enumerate(drivers.table.head(ROWS).to_dict("records")):
            rows.append(
                (short(numbered(segment)) + about if number == 0 else "", short(str(row["column"]), 80),
                 signed(row["difference"]), span(row["low"], row["high"]), figure(row["inside"]),
                 figure(row["outside"]), short(str(row["value_inside"]), 80), short(str(row["value_outside"]), 80))
            )  # fmt: skip
    headings = (
        "segment", "column", "difference", "95 % interval", "here", "all others", "value here", "value elsewhere",
    )  # fmt: skip
    towards = " The arrow names the class towards which a segment differs most." if several else ""
    return Grid(headings, tuple(rows), f"Mean contributions in the {kind} segments", right=(2, 4, 5), wide=(0,),
                collapsed=True, note="Here and all others: the mean contribution of the column; the difference is "
                f"told with its 95 % interval for this model and one column at a time.{towards}")  # fmt: skip
