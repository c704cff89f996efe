"""Drawings of the search: the leaderboard with intervals, the champion's calibration, and quality over time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workbench.contracts import SearchResult
from workbench.report.blocks import Figure
from workbench.report.figures.canvas import (
    ACCENT,
    GRID,
    INK,
    SERIES,
    SOFT,
    as_block,
    canvas,
    label,
    line,
    name_rows,
    rows_at,
    tall,
)
from workbench.report.numbers import figure
from workbench.report.text import cut, short
from workbench.report.wording import metric_label
from workbench.search.evaluation.quality import Quality

MARKS = "os^D"


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


def quality_figure(found: Sequence[Quality]) -> Figure:
    """What was predicted against what came, by groups of customers; a line for each class."""
    one = found[0]
    with canvas(2.6) as (drawing, axes):
        ends = [end for each in found for one_bin in each.bins for end in (one_bin.predicted, one_bin.actual)]
        axes.plot([min(ends), max(ends)], [min(ends), max(ends)], color=SOFT, linewidth=0.8, linestyle="--")
        for number, each in enumerate(found):
            colour, mark = SERIES[number % len(SERIES)], MARKS[number % len(MARKS)]
            x = [each_bin.predicted for each_bin in each.bins]
            y = [each_bin.actual for each_bin in each.bins]
            if len(found) == 1:
                low = [max(0.0, each_bin.actual - each_bin.low) for each_bin in each.bins]
                high = [max(0.0, each_bin.high - each_bin.actual) for each_bin in each.bins]
                axes.errorbar(x, y, yerr=[low, high], fmt="none", ecolor=colour, elinewidth=1, capsize=2)
            axes.plot(x, y, mark, color=colour, markersize=4, linestyle="-", linewidth=0.6, label=cut(each.output, 24))
        axes.grid(color=GRID, linewidth=0.7)
        what = "share" if one.shares else line(one.output, 30)
        axes.set_xlabel(f"predicted {what}")
        axes.set_title(
            f"{what} that came", loc="left", fontsize=9, color=INK
        )  # level, so that it is read on a telephone
        if len(found) > 1:
            axes.legend(frameon=False, fontsize=9)
        alt = "; ".join(
            f"{short(each.output, 40)}: predicted {figure(each_bin.predicted)}, came {figure(each_bin.actual)}"
            for each in found
            for each_bin in each.bins
        )
        about = f" for “{short(one.output, 40)}”" if one.shares and len(found) == 1 else ""
        note = (
            f"A mark is a group of customers with predictions of about the same height, {one.rows:,} held out in all; "
            "on the dashed line predictions come true" + (", bars are 95 % intervals." if len(found) == 1 else ".")
        )
        return as_block(drawing, "model-quality", f"Predicted and what came{about}", alt, note)


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
