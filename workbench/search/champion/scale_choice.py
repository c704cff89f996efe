"""A scale of the target stays only where it helps out of fold, in the target's own unit."""

from __future__ import annotations

import numpy as np

from workbench.pipelines.scaled import is_scaled
from workbench.problem.rows import Problem
from workbench.search.evaluation.metric import Mean, Metric
from workbench.search.evaluation.paired import paired_gain
from workbench.search.trials.records import Record, done_of


def settled(best: Record, records: list[Record], problem: Problem, objective: Metric) -> tuple[Record, str]:
    """The best trial, or the best of those without a scale where the difference may be chance.

    Returns:
        the trial, and a sentence on why; empty where there was nothing to decide.
    """
    plain = next((one for one in done_of(records) if not is_scaled(one.params)), None)
    if not is_scaled(best.params) or plain is None or not isinstance(objective, Mean):
        return best, ""
    assert best.prediction is not None and plain.prediction is not None
    known = np.isfinite(best.prediction) & np.isfinite(plain.prediction)
    before, after = (
        objective.rows(problem.target[known], one.prediction[known].astype(np.float64))
        for one in (plain, best)
        if one.prediction is not None
    )
    gain = paired_gain(
        before,
        after,
        weight=None if problem.weight is None else problem.weight[known],
        groups=None if problem.groups is None else problem.groups[known],
    )
    what = "squared errors" if objective.name == "rmse" else "losses"
    told = f"{what} fell by {gain.mean:.4g} ± {gain.error:.2g} against the best trial on the target as it stands"
    if gain.certain:
        return best, f"Trial {best.number} is learnt on a scale without the target's tail: {told}."
    return plain, f"A scale of the target was not kept, as its gain may be chance: {told} (trial {plain.number})."
