"""The baseline as a trial: number 0, out of fold like every other."""

from __future__ import annotations

import numpy as np

from workbench.contracts import Task, TrialState
from workbench.pipelines.quantile_linear import weighted_quantile
from workbench.pipelines.quantiles import PARAMETER, quantile_of
from workbench.problem.folds import Division
from workbench.problem.rows import Problem
from workbench.search.evaluation.metric import Metric
from workbench.search.trials.records import Record


def baseline_record(problem: Problem, divisions: tuple[Division, ...], metric: Metric, objective: Metric) -> Record:
    """What the training rows of each fold say of its held-out rows: class shares or the mean; for absolute errors the
    median, for a quantile that.
    """
    quantile = 0.5 if objective.name == "mae" else quantile_of(objective.name)
    params = {} if quantile is None else {PARAMETER: quantile}
    record = Record(0, "baseline", params, "baseline", state=TrialState.DONE)
    rows, classes = len(problem), len(problem.classes)
    regression = problem.task is Task.REGRESSION
    shape = rows if regression else (rows, classes)
    record.prediction = np.full(shape, np.nan, dtype=np.float64 if regression else np.float32)
    weight = np.ones(rows) if problem.weight is None else problem.weight
    constant: float | np.ndarray
    for number, (train, test) in enumerate(divisions):
        if quantile is not None:
            constant = weighted_quantile(problem.target[train], weight[train], quantile)
        elif regression:
            constant = float(np.average(problem.target[train], weights=weight[train]))
        else:
            counts = np.bincount(problem.target[train], weights=weight[train], minlength=classes)
            constant = counts / counts.sum()
        said = np.broadcast_to(constant, (test.size,) if regression else (test.size, classes)).astype(np.float64)
        record.prediction[test] = said
        record.losses[number] = objective.loss(objective.score(problem.target[test], said, weight[test]))
        record.scores[number] = metric.score(problem.target[test], said, weight[test])
    return record
