"""What a target and its table look like, in the words that search spaces use for it."""

from __future__ import annotations

from workbench.contracts import Task
from workbench.pipelines.target_scale import has_tail, is_skewed
from workbench.problem.rows import Problem
from workbench.search.evaluation.metric import Metric

COMPACT_CELLS = 10_000_000
"""Rows times columns of a table of which fits may hold copies; each takes 40 MB."""


def conditions_of(problem: Problem, objective: Metric) -> frozenset[str]:
    """The conditions of ``pipelines.conditions`` that hold for a problem and what is optimised."""
    if problem.task is not Task.REGRESSION:
        return frozenset()
    aims = {"mae": {"absolute"}, "rmse": {"squared"}}
    found = set(aims.get(objective.name, ()))
    if len(problem) * len(problem.columns) <= COMPACT_CELLS:
        found.add("compact")
    if is_skewed(problem.target):
        found.add("skewed")
    if problem.target.min() >= 0 and has_tail(problem.target):
        found.add("amounts")
    return frozenset(found)
