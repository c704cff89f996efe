"""Drawing of the pairs of columns that work together in a model."""

from __future__ import annotations

import pandas as pd

from workbench.report.blocks import Figure
from workbench.report.figures.canvas import LABEL_WIDTH, as_block, bars, canvas, tall
from workbench.report.numbers import figure
from workbench.report.text import cut, short

TOP = 10


def interactions_figure(pairs: pd.DataFrame, space: str) -> Figure:
    """Mean size of what a pair contributes beyond its two columns alone, with its interval, strongest first."""
    rows = pairs.head(TOP).to_dict("records")
    labels = [f"{cut(str(row['first']), LABEL_WIDTH - 2)} ×\n{cut(str(row['second']), LABEL_WIDTH)}" for row in rows]
    with canvas(tall(labels)) as (drawing, axes):
        spans = [(float(row["low"]), float(row["high"])) for row in rows]
        bars(axes, labels, [float(row["strength"]) for row in rows], spans)
        alt = "; ".join(
            f"{short(str(row['first']), 60)} with {short(str(row['second']), 60)} {figure(float(row['strength']))}"
            for row in rows
        )
        note = (
            "Mean size of what two columns contribute together beyond each alone (SHAP interaction values), with its "
            f"95 % interval, in {short(space)}."
        )
        return as_block(drawing, "interactions", "Columns that work together", alt, note)
