"""The report's drawings: plain SVG from matplotlib, readable at 400 pixels, without mathtext or markup in labels."""

from workbench.report.figures.dependence import (
    dependence_figures,
    rounded,
    top_dependences,
    waterfall_figure,
)
from workbench.report.figures.drivers import drivers_figure
from workbench.report.figures.explanation import beeswarm_figure, importance_figure
from workbench.report.figures.files import write_figures, write_pictures
from workbench.report.figures.gaps import gap_by_segment
from workbench.report.figures.interactions import interactions_figure
from workbench.report.figures.models import leaderboard_figure, quality_figure, search_curve
from workbench.report.figures.segments import numbered, segment_map, segment_outcomes, segment_profiles

__all__ = [
    "beeswarm_figure",
    "dependence_figures",
    "drivers_figure",
    "gap_by_segment",
    "importance_figure",
    "interactions_figure",
    "leaderboard_figure",
    "numbered",
    "quality_figure",
    "rounded",
    "search_curve",
    "segment_map",
    "segment_outcomes",
    "segment_profiles",
    "top_dependences",
    "waterfall_figure",
    "write_figures",
    "write_pictures",
]
