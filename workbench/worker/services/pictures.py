"""What the pictures of the explain screen are drawn from: ``explain.beeswarm`` and ``explain.quality``."""

from __future__ import annotations

import math

import numpy as np

from workbench.contracts import JourneyResult
from workbench.errors import InputError
from workbench.explain import Swarm, beeswarm
from workbench.plain import plain
from workbench.search.evaluation.quality import model_quality
from workbench.worker.chosen import EXPLAINED, chosen_model
from workbench.worker.dispatch import of_run
from workbench.worker.services.explanations import importance_of
from workbench.worker.shown import Shown
from workbench.worker.views import QualityView, SwarmView

FEATURES = 12
POINTS = 250
"""Customers that are drawn of each feature; the figures are of all explained ones."""

ROUNDING = 1e-12
"""Of the largest contribution: a mean below is zero but for rounding."""


@of_run("explain.beeswarm")
def swarms(shown: Shown, output: int = 0, model: str = EXPLAINED) -> SwarmView:
    """Contributions of the most important features with the rank of the value that they come from."""
    explanation = chosen_model(shown, model).explanation
    rows = len(explanation.rows)
    columns = [row["column"] for row in importance_of(explanation, output)]
    found = beeswarm(explanation, top=FEATURES, output=output, points=rows, columns=columns)
    return {
        "unit": explanation.output_space,
        "rows": rows,
        "columns": [{"column": swarm.column, "points": _points(swarm), **plain(_by_value(swarm))} for swarm in found],
    }


def _points(swarm: Swarm) -> list[tuple[float, float | None]]:
    count = len(swarm.contribution)
    chosen = np.unique(np.linspace(0, count - 1, min(POINTS, count)).astype(int))
    return [
        (float(f"{swarm.contribution[at]:.4g}"), None if math.isnan(swarm.colour[at]) else round(swarm.colour[at], 3))
        for at in chosen
    ]


def _by_value(swarm: Swarm) -> dict[str, float]:
    """Mean contribution of the lowest, middle and highest third of the values, and of all; 5 % and 95 % points."""

    least = ROUNDING * float(np.abs(swarm.contribution).max(initial=0.0))

    def mean(which: np.ndarray) -> float:
        found = float(swarm.contribution[which].mean()) if which.any() else float("nan")
        return 0.0 if abs(found) < least else found

    rank = swarm.colour
    low, high = np.quantile(swarm.contribution, [0.05, 0.95])
    return {
        "low": mean(rank < 1 / 3),
        "middle": mean((rank >= 1 / 3) & (rank <= 2 / 3)),
        "high": mean(rank > 2 / 3),
        "mean": mean(np.ones(len(swarm.contribution), dtype=bool)),
        "from": float(low),
        "to": float(high),
    }


@of_run("explain.quality")
def quality(shown: Shown, output: int = 0, model: str = EXPLAINED) -> QualityView:
    """The champion's out-of-fold predictions against what came, in groups of about equally many customers.

    Whichever model is looked at: those of the champion alone are kept.
    """
    found = quality_view(shown.result, output)
    if found is None:
        raise InputError(f"{shown.result.name} keeps no predictions of held-out customers to compare with what came.")
    return found


def quality_view(result: JourneyResult, output: int = 0) -> QualityView | None:
    """The same; ``None`` where the run keeps nothing to compare."""
    found = model_quality(result.search, result.table, output) if result.search is not None else None
    if found is None:
        return None
    return {
        "output": found.output,
        "shares": found.shares,
        "rows": found.rows,
        "total_rows": len(result.table.frame),
        "off_by": plain(found.off_by),
        "bins": [plain(vars(one)) for one in found.bins],
    }
