"""Drawings of the search: the leaderboard with intervals, and quality over time."""

from __future__ import annotations

from workbench.contracts import SearchResult
from workbench.report.blocks import Figure
from workbench.report.figures.canvas import ACCENT, GRID, INK, SOFT, as_block, canvas, label


def leaderboard_figure(search: SearchResult) -> Figure:
    """Score and interval of the best of each family and the baseline."""
    rows = search.leaderboard
    with canvas(0.55 + 0.3 * len(rows)) as (drawing, axes):
        for position, row in enumerate(rows):
            colour = SOFT if row.family == "baseline" else ACCENT
            axes.plot([row.score.low, row.score.high], [position, position], color=colour, linewidth=2)
            axes.plot(row.score.value, position, "o", color=colour, markersize=5)
        axes.set_yticks(range(len(rows)), [label(row.name) for row in rows])
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x", color=GRID, linewidth=0.7)
        axes.set_xlabel(f"{search.metric}, {'higher' if search.greater_is_better else 'lower'} is better")
        alt = "; ".join(f"{row.name} {row.score.value:.4g}" for row in rows)
        return as_block(drawing, "leaderboard", "Score with 95 % interval, out of fold", alt)


def search_curve(search: SearchResult) -> Figure:
    """Best score so far against the seconds since the search began."""
    seconds = [point[0] for point in search.curve]
    best = [point[1] for point in search.curve]
    with canvas(2.0) as (drawing, axes):
        axes.step([*seconds, max(search.seconds, seconds[-1])], [*best, best[-1]], where="post", color=ACCENT)
        axes.plot(seconds, best, ".", color=INK, markersize=4)
        axes.grid(color=GRID, linewidth=0.7)
        axes.set_xlabel("seconds of search")
        axes.set_ylabel(search.metric)
        alt = f"from {best[0]:.4g} after {seconds[0]:.1f} s to {best[-1]:.4g} after {seconds[-1]:.1f} s"
        return as_block(drawing, "search-curve", "Best so far", alt)
