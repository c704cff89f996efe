"""The baseline as a trial: number 0, out of fold like every other."""

from __future__ import annotations

import numpy as np

from workbench.contracts import Task, TrialState
from workbench.search.folds import Division
from workbench.search.metrics import Metric
from workbench.search.problem import Problem
from workbench.search.records import Record


def baseline_record(problem: Problem, divisions: tuple[Division, ...], metric: Metric, objective: Metric) -> Record:
    """Class shares or the mean of the training rows, for the held-out rows of each fold."""
    record = Record(0, "baseline", {}, "baseline", state=TrialState.DONE)
    rows, classes = len(problem), len(problem.classes)
    regression = problem.task is Task.REGRESSION
    record.prediction = np.full(rows if regression else (rows, classes), np.nan, dtype=np.float32)
    weight = np.ones(rows) if problem.weight is None else problem.weight
    for number, (train, test) in enumerate(divisions):
        if regression:
            constant = np.average(problem.target[train], weights=weight[train])
        else:
            constant = np.bincount(problem.target[train], weights=weight[train], minlength=classes)
            constant = constant / constant.sum()
        said = np.broadcast_to(constant, (test.size,) if regression else (test.size, classes)).astype(np.float64)
        record.prediction[test] = said
        record.losses[number] = objective.loss(objective.score(problem.target[test], said, weight[test]))
        record.scores[number] = metric.score(problem.target[test], said, weight[test])
    return record
