"""The champion, fitted on all rows."""

from __future__ import annotations

import numpy as np
from sklearn.pipeline import Pipeline

from workbench.budget import Budget
from workbench.contracts import Model
from workbench.cores import cores
from workbench.pipelines import Prepared, Preparer, assemble, family
from workbench.pipelines.blend import FittedModel
from workbench.problem.rows import Problem
from workbench.search.executors.fit_all import fit_all
from workbench.search.trials.records import Record

MORE_ROUNDS = 1.1
"""Boosting rounds on all rows per mean best round of the folds, which had fewer rows."""

_CELLS_PER_THREAD = 3_000_000


def threads_for(cells: int) -> int:
    """Threads that are worth their waiting for each other on a matrix of this size; beside other work one is best."""
    return int(np.clip(cells // _CELLS_PER_THREAD + 1, 1, min(4, cores())))


def refit(
    problem: Problem, preparer: Preparer, prepared: Prepared, record: Record, *, budget: Budget | None, seed: int
) -> tuple[Model, bool]:
    """Fit a trial's model on all rows of the problem.

    Returns:
        the model over raw columns, and whether it was completed before ``budget`` ended.
    """
    # labels and not codes: the pipeline says classes as the table does
    fitted, complete = fit_all(
        record.family,
        record.params,
        prepared,
        problem.labels,
        facts=problem.facts,
        task=problem.fold_task,
        classes=len(problem.classes),
        rounds=rounds_of(record),
        seed=seed,
        threads=threads_for(prepared.matrix.size),
        budget=budget,
        spread=record.spread,
    )
    return _model(problem, assemble(preparer, fitted.encoder, fitted.estimator), record), complete


def rounds_of(record: Record) -> int | None:
    """Boosting rounds for all rows; ``None`` where the parameters say how many trees there are."""
    if record.rounds and family(record.family).boosts:
        return max(1, round(float(np.mean(record.rounds)) * MORE_ROUNDS))
    return None


def relabelled(problem: Problem, preparer: Preparer, fitted: FittedModel, record: Record) -> Model:
    """A linear model that was fitted on numbers or class codes, as one that says classes as the table does."""
    estimator = fitted.estimator
    if problem.classes:
        estimator.classes_ = np.array(problem.classes, dtype=problem.labels.dtype)[estimator.classes_]
    return _model(problem, assemble(preparer, fitted.encoder, estimator), record)


def baseline_model(problem: Problem, record: Record) -> Model:
    """Class shares or the mean as a pipeline over raw rows, whose columns it doesn't look at."""
    preparer = Preparer(()).fit(problem.frame)
    kind = family("baseline")
    prepared = Prepared(np.empty((len(problem), 0), dtype=np.float32), ())
    encode = kind.encoder({}).fit(prepared)
    model = kind.estimator(problem.fold_task, record.params, (), seed=0)
    kind.fit(model, prepared.matrix, problem.labels, weight=problem.weight)
    return _model(problem, assemble(preparer, encode, model), record)


def _model(problem: Problem, pipeline: Pipeline, record: Record) -> Model:
    return Model(
        pipeline=pipeline,
        task=problem.task,
        target=str(problem.table.target),
        columns=tuple(column.name for column in problem.columns),
        classes=problem.classes,
        family=record.family,
        params=dict(record.params),
    )
