"""Drawings of segments: where they lie, and what they did."""

from __future__ import annotations

import numpy as np

from workbench.contracts import Segmentation
from workbench.report.blocks import Figure
from workbench.report.figures.canvas import SERIES, as_block, bars, canvas, label

POINTS = 900


def segment_map(segmentation: Segmentation) -> Figure:
    """Customers in two dimensions, coloured by segment; a sample where there are many."""
    places = segmentation.coordinates
    keep = np.linspace(0, len(places) - 1, min(POINTS, len(places))).astype(int)
    x, y = places["x"].to_numpy()[keep], places["y"].to_numpy()[keep]
    labels = segmentation.labels.loc[places.index].to_numpy()[keep]
    with canvas(3.0) as (drawing, axes):
        for index, segment in enumerate(segmentation.segments):
            inside = labels == segment.id
            axes.plot(x[inside], y[inside], ".", markersize=3.5, alpha=0.7, markeredgewidth=0,
                      color=SERIES[index % len(SERIES)], label=label(segment.name))  # fmt: skip
        axes.set_xticks([])
        axes.set_yticks([])
        axes.set_xlabel("first principal component")
        axes.set_ylabel("second")
        drawing.legend(loc="outside lower left", fontsize=7.5, frameon=False, markerscale=2.5, ncols=1)
        name = f"map-{segmentation.kind.value}"
        return as_block(drawing, name, f"Map of the {segmentation.kind.value} segments", "customers by segment")


def segment_outcomes(segmentation: Segmentation, outcome: str) -> Figure:
    """Mean outcome with interval by segment."""
    rows = [segment for segment in segmentation.segments if segment.outcome_mean is not None]
    with canvas(0.55 + 0.28 * len(rows)) as (drawing, axes):
        bars(
            axes,
            [segment.name for segment in rows],
            [segment.outcome_mean or 0.0 for segment in rows],
            [(segment.outcome_low or 0.0, segment.outcome_high or 0.0) for segment in rows],
            [SERIES[index % len(SERIES)] for index in range(len(rows))],
        )
        axes.set_xlabel(f"mean {label(outcome)}, 95 % interval")
        alt = "; ".join(f"{segment.name} {segment.outcome_mean or 0.0:.4g}" for segment in rows)
        return as_block(drawing, f"outcomes-{segmentation.kind.value}", "What the segments came to", alt)
