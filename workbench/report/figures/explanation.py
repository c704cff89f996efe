"""Drawings of the explanation over many customers: importance and beeswarm."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from workbench.contracts import Explanation
from workbench.explain import Swarm, beeswarm
from workbench.report.blocks import Figure
from workbench.report.figures.canvas import (
    SOFT,
    as_block,
    bars,
    canvas,
    dots,
    label,
    name_rows,
    rows_at,
    tall,
)
from workbench.report.numbers import figure
from workbench.report.text import short

TOP = 12
POINTS = 220
LEVELS = ("#2166ac", "#5f93c4", "#8d9299", "#cf7443", "#b2182b")
"""From the lowest fifth of a column's values to the highest."""


def importance_figure(explanation: Explanation, table: pd.DataFrame | None = None, about: str = "") -> Figure:
    """Mean |contribution| with interval, most important first.

    Args:
        table: of one output, in the form of ``explanation.importance``; by default the one over all outputs.
        about: that output's name.
    """
    rows = (explanation.importance if table is None else table).head(TOP).to_dict("records")
    labels = [label(row["column"]) for row in rows]
    with canvas(tall(labels)) as (drawing, axes):
        bars(
            axes,
            labels,
            [float(row["importance"]) for row in rows],
            [(float(row["low"]), float(row["high"])) for row in rows],
        )
        alt = "; ".join(f"{short(str(row['column']))} {figure(float(row['importance']))}" for row in rows)
        note = f"Mean size of the contribution with its 95 % interval, in {short(explanation.output_space)}."
        return as_block(drawing, "importance", f"What the model looks at{about}", alt, note)


def beeswarm_figure(explanation: Explanation, output: int = 0) -> Figure:
    """One dot a customer and column: how far it moves the prediction, coloured by the column's own value."""
    swarms = beeswarm(explanation, top=TOP, output=output)
    labels = [label(swarm.column) for swarm in swarms]
    places = rows_at(labels)
    low, high = _middle([swarm.contribution for swarm in swarms])
    with canvas(tall(labels)) as (drawing, axes):
        axes.axvline(0, color=SOFT, linewidth=0.8)
        for place, swarm in zip(places, swarms, strict=True):
            _swarm(axes, place, swarm, low, high)
        name_rows(axes, labels, places)
        space = short(explanation.output_space)
        several = len(explanation.outputs) > 1
        about = f" towards “{short(explanation.outputs[output], 40)}”" if several else ""
        note = (
            f"A dot is a customer: to the right the column moves the prediction up, to the left down, in {space}. "
            "Blue: low value of the column, red: high, grey: middle or no order. The outermost 1 % stand at the edge."
        )
        alt = f"contributions{about} of {', '.join(short(swarm.column, 60) for swarm in swarms)}"
        name = f"beeswarm-{output + 1}" if several else "beeswarm"
        return as_block(drawing, name, f"How it moves each prediction{about}", alt, note)


def _swarm(axes: Any, place: float, swarm: Swarm, low: float, high: float) -> None:
    taken = np.linspace(0, len(swarm.contribution) - 1, min(POINTS, len(swarm.contribution))).astype(int)
    chosen = np.unique(taken)
    x = np.clip(swarm.contribution[chosen], low, high)
    y = place + 0.36 * swarm.offset[chosen]
    level = swarm.colour[chosen]
    fifth = np.where(np.isfinite(level), np.minimum(np.nan_to_num(level) * len(LEVELS), len(LEVELS) - 1), 2).astype(int)
    for number, colour in enumerate(LEVELS):
        dots(axes, x[fifth == number], y[fifth == number], colour, size=2.4)


def _middle(contributions: list[np.ndarray]) -> tuple[float, float]:
    """The range that holds all but the outermost 1 % of the column that reaches furthest."""
    ends = np.array([np.quantile(values, [0.005, 0.995]) for values in contributions])
    return float(ends[:, 0].min()), float(ends[:, 1].max())
