"""Drawings of the search: the leaderboard with intervals, and quality over time."""

from __future__ import annotations

import numpy as np

from workbench.contracts import SearchResult
from workbench.report.blocks import Figure
from workbench.report.figures.canvas import ACCENT, GRID, INK, SOFT, as_block, canvas, label, name_rows, rows_at, tall
from workbench.report.numbers import figure
from workbench.report.wording import metric_label


def leaderboard_figure(search: SearchResult) -> Figure:
    """Score and interval of the best of each family and the baseline."""
    rows = [row for row in search.leaderboard if np.isfinite(row.score.value)]
    labels = [label(row.name) for row in rows] or [""]
    places = rows_at(labels)
    with canvas(tall(labels, row=0.28)) as (drawing, axes):
        for place, row in zip(places, rows, strict=False):
            colour = SOFT if row.family == "baseline" else ACCENT
            axes.plot([row.score.low, row.score.high], [place, place], color=colour, linewidth=2)
            axes.plot(row.score.value, place, "o", color=colour, markersize=5)
        name_rows(axes, labels, places)
        better = "right" if search.greater_is_better else "left"
        note = f"The {metric_label(search.metric)} with its 95 % interval, out of fold; further {better} is better."
        alt = "; ".join(f"{row.name} {figure(row.score.value)}" for row in rows)
        return as_block(drawing, "leaderboard", "Best of each family", alt, note)


def search_curve(search: SearchResult) -> Figure | None:
    """Best score so far against the seconds since the search began; ``None`` where it never moved."""
    points = [point for point in search.curve if np.isfinite(point[1])]
    if len(points) < 2:
        return None
    seconds = [point[0] for point in points]
    best = [point[1] for point in points]
    with canvas(1.9) as (drawing, axes):
        axes.step([*seconds, max(search.seconds, seconds[-1])], [*best, best[-1]], where="post", color=ACCENT)
        axes.plot(seconds, best, ".", color=INK, markersize=4)
        axes.grid(color=GRID, linewidth=0.7)
        axes.set_xlabel("seconds of search")
        alt = f"from {figure(best[0])} after {seconds[0]:.1f} s to {figure(best[-1])} after {seconds[-1]:.1f} s"
        better = "higher" if search.greater_is_better else "lower"
        return as_block(
            drawing,
            "search-curve",
            "Best so far",
            alt,
            f"The {metric_label(search.metric)} over time; {better} is better.",
        )
