"""Drawing of a gap by segment."""

from __future__ import annotations

import pandas as pd

from workbench.contracts import Gap
from workbench.report.blocks import Figure
from workbench.report.figures.canvas import as_block, bars, canvas, label, tall
from workbench.report.numbers import figure
from workbench.report.text import short


def gap_by_segment(gap: Gap, shown: pd.DataFrame, names: dict[int, str]) -> Figure:
    """Gap per customer by segment with interval.

    Args:
        shown: the rows of ``gap.per_segment`` that may be shown.
        names: number and name of each segment.
    """
    rows = shown.to_dict("records")
    texts = [names.get(int(row["segment"]), str(row["segment"])) for row in rows]
    labels = [label(text) for text in texts]
    with canvas(tall(labels)) as (drawing, axes):
        sizes = [max(1.0, float(row["customers"])) for row in rows]
        spans = [(float(row["low"]) / size, float(row["high"]) / size) for row, size in zip(rows, sizes, strict=True)]
        bars(axes, labels, [float(row["gap_mean"]) for row in rows], spans)
        alt = "; ".join(
            f"{short(text)} {figure(float(row['gap_mean']))}" for text, row in zip(texts, rows, strict=True)
        )
        title = f"{gap.kind.value.capitalize()} gap per customer"
        note = f"Mean of each segment with its 95 % interval, in {short(gap.unit)}."
        return as_block(drawing, f"gap-{gap.kind.name.lower()}", title, alt, note)
