"""Whether a quantile covers what it says: the first thing that a user of one must know."""

from __future__ import annotations

import numpy as np

from workbench.problem.rows import Problem
from workbench.search.evaluation.metric import Metric
from workbench.search.evaluation.metrics import Pinball


def coverage_sentence(problem: Problem, metric: Metric, prediction: np.ndarray | None) -> str:
    """The share of held-out rows at or below their predicted quantile; empty for other metrics."""
    if not isinstance(metric, Pinball) or prediction is None:
        return ""
    known = np.isfinite(prediction)
    weight = np.ones(known.sum()) if problem.weight is None else problem.weight[known]
    below = problem.target[known] <= prediction[known]
    share = float(weight @ below / weight.sum())
    error = float(np.sqrt(share * (1 - share) / max(1, known.sum())))
    off = abs(share - metric.quantile)
    verdict = "as it should be" if off <= 2 * error else "which is not what it says: use the figure with that in mind"
    return (
        f"Out of fold {share:.1%} of the rows lie at or below their predicted {metric.quantile:g} quantile, {verdict}."
    )
