"""Columns that work together: what a pair contributes beyond its two columns alone."""

from __future__ import annotations

from workbench.contracts import Explanation
from workbench.report.blocks import Block, Grid, Heading, Paragraph
from workbench.report.figures import interactions_figure
from workbench.report.numbers import figure, percent, span
from workbench.report.text import short


def interaction_blocks(explanation: Explanation) -> list[Block]:
    """The strongest pairs as a drawing and a table, or why there are none."""
    title = Heading("Columns that work together")
    pairs = explanation.interactions
    if pairs is None:
        return [title, Paragraph("Which columns work together was not measured: there was no time for it, or it can't "
                                 "be told of this kind of model.", "note")]  # fmt: skip
    if pairs.empty:
        return [title, Paragraph("None: in this model each column contributes by itself.", "note")]
    rows = tuple(
        (short(str(row["first"]), 80), short(str(row["second"]), 80), figure(row["strength"]),
         span(row["low"], row["high"]), percent(row["share"]))
        for row in pairs.to_dict("records")
    )  # fmt: skip
    headings = ("column", "with", "strength", "95 % interval", "share")
    space = short(explanation.output_space)
    table = Grid(headings, rows, f"Strength of the pairs, in {space}", right=(2, 4), wide=(0, 1), collapsed=True,
                 note="Share: of everything that is attributed to columns. What a pair contributes is already in the "
                 "importance of its two columns, half to each.")  # fmt: skip
    return [title, interactions_figure(pairs, explanation.output_space), table]
