"""What a target looks like, in the words that search spaces use for it."""

from __future__ import annotations

from workbench.contracts import Task
from workbench.pipelines.target_scale import has_tail, is_skewed
from workbench.search.metrics import Metric
from workbench.search.problem import Problem


def conditions_of(problem: Problem, objective: Metric) -> frozenset[str]:
    """The conditions of ``pipelines.conditions`` that hold for a problem and what is optimised."""
    if problem.task is not Task.REGRESSION:
        return frozenset()
    aims = {"mae": {"absolute"}, "rmse": {"squared"}}
    found = set(aims.get(objective.name, ()))
    if is_skewed(problem.target):
        found.add("skewed")
    if problem.target.min() >= 0 and has_tail(problem.target):
        found.add("amounts")
    return frozenset(found)
