"""A table as a drawing: a shade and a figure for each cell, blue for lower and orange for higher."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from workbench.report.figures.canvas import SOFT, name_rows

SHADES = ("#7fb3d5", "#bcd8ea", "#f4f5f6", "#f6cfb8", "#ec9f78")
"""From far below to far above; light enough for dark figures on top."""
LETTERS = 36
"""That a row of cells has room for."""


def fits(texts: Mapping[tuple[int, int], str], columns: int) -> bool:
    """Whether there is room for the figures in the cells of so many columns."""
    return columns * max(map(len, texts.values()), default=0) <= LETTERS


def heat_map(
    axes: Any,
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Mapping[tuple[int, int], float],
    steps: tuple[float, float],
    texts: Mapping[tuple[int, int], str],
) -> None:
    """Fill the axes with shaded cells.

    Args:
        rows: labels from the top down.
        columns: labels above.
        cells: figure by (row, column); cells that are missing stay empty.
        steps: sizes from which a figure is shaded lightly and strongly.
        texts: what is written into the cells, where there is room for all of them.
    """
    written = fits(texts, len(columns))
    light, strong = steps
    places = [float(place) for place in range(len(rows))]
    for (row, column), value in cells.items():
        shade = SHADES[int(np.digitize(value, [-strong, -light, light, strong]))]
        axes.barh(row, 0.96, left=column - 0.48, height=0.94, color=shade)
        if written:
            axes.text(column, row, texts[row, column], ha="center", va="center", fontsize=9)
    name_rows(axes, list(rows), places)
    axes.grid(visible=False)
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xticks(range(len(columns)), list(columns))
    axes.xaxis.tick_top()
    axes.tick_params(axis="x", length=0, colors=SOFT)
    for spine in axes.spines.values():
        spine.set_visible(False)
