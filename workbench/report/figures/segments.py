"""Drawings of segments: where they lie, what they did, and how they differ."""

from __future__ import annotations

import numpy as np

from workbench.contracts import Segment, Segmentation
from workbench.report.blocks import Figure
from workbench.report.figures.canvas import SERIES, as_block, bars, canvas, dots, label, tall
from workbench.report.figures.heat import heat_map
from workbench.report.numbers import figure
from workbench.report.text import cut, short

POINTS = 700
FEATURES = 10


def numbered(segment: Segment) -> str:
    """Number and name, as tables and drawings call a segment."""
    return f"{segment.id} · {segment.name}"


def segment_map(segmentation: Segmentation, shown: tuple[Segment, ...]) -> Figure:
    """Customers in two dimensions, coloured by segment; a sample where there are many."""
    places = segmentation.coordinates
    x, y = places["x"].to_numpy(dtype=float), places["y"].to_numpy(dtype=float)
    present = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    low, high = (np.quantile(axis[present], [0.01, 0.99]) for axis in (x, y)) if len(present) else ((0, 1), (0, 1))
    keep = present[np.unique(np.linspace(0, max(0, len(present) - 1), min(POINTS, len(present))).astype(int))]
    labels = segmentation.labels.reindex(places.index).to_numpy()
    with canvas(2.6) as (drawing, axes):
        for index, segment in enumerate(shown):
            inside = keep[labels[keep] == segment.id]
            colour = SERIES[index % len(SERIES)]
            dots(axes, np.clip(x[inside], *low), np.clip(y[inside], *high), colour, size=3.0, alpha=0.75)
        for index, segment in enumerate(shown):
            inside = present[labels[present] == segment.id]
            if len(inside):
                colour = SERIES[index % len(SERIES)]
                axes.text(
                    float(np.median(x[inside])), float(np.median(y[inside])), str(segment.id), color="white",
                    ha="center", va="center", fontsize=9,
                    bbox={"boxstyle": "round,pad=0.25", "facecolor": colour, "edgecolor": "white"},
                )  # fmt: skip
        axes.set_xticks([])
        axes.set_yticks([])
        name = f"map-{segmentation.kind.value}"
        note = (
            "A dot is a customer, near to those who are alike (first two principal components of the columns used, the "
            "outermost 2 % at the edge); the numbers are those of the table."
        )
        alt = "; ".join(f"{short(numbered(segment))}: {segment.size:,} customers" for segment in shown)
        return as_block(drawing, name, f"Map of the {segmentation.kind.value} segments", alt, note)


def segment_outcomes(segmentation: Segmentation, shown: tuple[Segment, ...], outcome: str) -> Figure:
    """Mean outcome with interval by segment."""
    rows = [segment for segment in shown if segment.outcome_mean is not None]
    labels = [label(numbered(segment)) for segment in rows]
    with canvas(tall(labels)) as (drawing, axes):
        bars(
            axes,
            labels,
            [segment.outcome_mean or 0.0 for segment in rows],
            [(_number(segment.outcome_low), _number(segment.outcome_high)) for segment in rows],
            [SERIES[shown.index(segment) % len(SERIES)] for segment in rows],
        )
        alt = "; ".join(f"{short(numbered(segment))} {figure(segment.outcome_mean)}" for segment in rows)
        title = "What the segments came to"
        note = f"Mean of {short(outcome)} with its 95 % interval."
        return as_block(drawing, f"outcomes-{segmentation.kind.value}", title, alt, note)


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def segment_profiles(segmentation: Segmentation, shown: tuple[Segment, ...]) -> Figure | None:
    """Standardised difference to the rest, features by segments; ``None`` without profiles."""
    effects = {
        (f"{row.feature} = {row.level}" if row.level else row.feature, segment.id): row.effect
        for segment in shown
        for row in segment.profile
        if np.isfinite(row.effect)
    }
    strongest: dict[str, float] = {}
    for (feature, _), effect in effects.items():
        strongest[feature] = max(strongest.get(feature, 0.0), abs(effect))
    features = sorted(strongest, key=lambda feature: -strongest[feature])[:FEATURES]
    if not features or len(shown) > 12:
        return None
    labels = [cut(feature, 26) for feature in features]
    with canvas(0.35 + 0.24 * len(labels)) as (drawing, axes):
        cells = {
            (row, column): effects[feature, segment.id]
            for row, feature in enumerate(features)
            for column, segment in enumerate(shown)
            if (feature, segment.id) in effects
        }
        texts = {place: f"{effect:+.1f}" for place, effect in cells.items()}
        heat_map(axes, labels, [str(segment.id) for segment in shown], cells, (0.2, 0.8), texts)
        note = (
            "Difference of each segment (its number above) from all other customers, in standard deviations: blue is "
            "lower, orange higher; 0.2 is small, 0.8 large."
        )
        alt = "; ".join(
            f"segment {segment.id}: "
            + ", ".join(f"{short(name, 60)} {effects[(name, segment.id)]:+.1f}" for name in features
                        if (name, segment.id) in effects)
            for segment in shown
        )  # fmt: skip
        return as_block(drawing, f"profiles-{segmentation.kind.value}", "How the segments differ", alt, note)
