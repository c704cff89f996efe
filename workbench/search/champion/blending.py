"""The blend of a search's best trials as one model: members loaded or fitted, beside each other, in time."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

import numpy as np
from sklearn.pipeline import Pipeline

from workbench.budget import Budget
from workbench.contracts import Model, Task, TrialState
from workbench.events import Events
from workbench.pipelines import Preparer, family, inner_model
from workbench.pipelines.blend import BlendClassifier, BlendRegressor, FittedModel, Voice
from workbench.problem.folds import Division
from workbench.problem.rows import Problem
from workbench.search.blend.ensemble import Choice
from workbench.search.champion.refit import rounds_of
from workbench.search.evaluation.metric import Metric
from workbench.search.executors import Slots
from workbench.search.executors.batch import run_batch
from workbench.search.executors.worker import WholeTask, fit_whole
from workbench.search.task.store import Workspace, read_model
from workbench.search.trials.records import ENSEMBLE, Record

_SLACK = 0.1
LARGEST_MEMBER = 100e6
"""Bytes of a blend's member: every run keeps its model."""
LEAST_TREES = 50
"""Of a member that is held to fewer trees."""
_KEEPING, _KEEPING_LINES = 8e-6, 2e-5
"""Seconds that a leaf takes when its model is written and read; of LightGBM's 4e-6 to 1.3e-5 were measured, with linear
leaves 1.3e-5 to 2.7e-5."""
_SAYING_TREE, _SAYING_LEAF = 1.2e-8, 1e-9
"""Seconds that a tree takes for a row, and more for each of its leaves: on two cores 1.4e-8 were measured for 4 leaves
and 8e-8 for 63, with linear leaves 1.7e-8 and 1.4e-7."""
_NEW_ROWS = 1 / 3
"""Rows that a blend is asked about after the search, as a share of those that it has learnt from."""


@dataclass(frozen=True, eq=False)
class Blender:
    """Makes the model of a choice.

    Attributes:
        folds: how many divisions trials were judged on.
        threads: of each fit.
        fitted: models on all rows that there are already, by trial.
    """

    problem: Problem
    preparer: Preparer
    workspace: Workspace
    slots: Slots
    folds: int
    threads: int
    seed: int
    fitted: dict[int, FittedModel] = field(default_factory=dict)

    def usable(self, record: Record, refit_seconds: float, spare: float) -> bool:
        """Whether a trial can be a member: there are models of it, or there is time for one that is small enough."""
        if record.number in self.fitted or self.has_models(record):
            return True
        return member_params(self.problem, record) is not None and refit_seconds < spare

    def has_models(self, record: Record) -> bool:
        """Whether the models of a trial's folds are there."""
        return (
            self.folds > 1
            and family(record.family).light
            and all(self.workspace.model_path(record.number, fold).exists() for fold in range(self.folds))
        )

    def to_be_fitted(self, record: Record) -> bool:
        """Whether there is no model of a member yet."""
        return not self.has_models(record) and record.number not in self.fitted

    def use_seconds(self, record: Record) -> float:
        """What it takes to keep a member and to predict with it."""
        return use_seconds(self.problem, record, self.folds if self.has_models(record) else 1)

    def model(self, choice: Choice, *, budget: Budget | None, events: Events) -> Model | None:
        """The model, ``None`` where a member could not be fitted in time."""
        fresh = [one for one, _ in choice.members if self.to_be_fitted(one)]
        limit = Budget.unlimited() if budget is None else budget.reserving(_SLACK)
        tasks = [self._task(record, limit) for record in fresh]
        if not all(run_batch(self.slots, fit_whole, tasks, budget=limit, events=events)):
            return None
        voices = tuple(
            Voice(weight, self._models(record), speech)
            for (record, weight), speech in zip(choice.members, choice.speeches, strict=True)
        )
        if self.problem.task is Task.REGRESSION:
            last: BlendRegressor | BlendClassifier = BlendRegressor(voices, choice.shift)
        else:
            last = BlendClassifier(voices, np.asarray(self.problem.classes), choice.slope)
        return Model(
            pipeline=Pipeline([("prepare", self.preparer), ("model", last)]),
            task=self.problem.task,
            target=str(self.problem.table.target),
            columns=tuple(column.name for column in self.problem.columns),
            classes=self.problem.classes,
            family=ENSEMBLE,
            params=params_of(choice),
        )

    def _task(self, record: Record, limit: Budget) -> WholeTask:
        return WholeTask(
            workspace=str(self.workspace.folder),
            family=record.family,
            params=member_params(self.problem, record) or record.params,
            rounds=rounds_of(record),
            seed=self.seed,
            threads=self.threads,
            seconds=limit.remaining if limit.limited else None,
            keep=str(self.workspace.model_path(record.number)),
            spread=tuple(record.spread),
        )

    def _models(self, record: Record) -> tuple[FittedModel, ...]:
        if record.number in self.fitted:
            return (self.fitted[record.number],)
        kept = self.workspace.models(record.number, self.folds) if self.has_models(record) else ()
        return kept or (read_model(self.workspace.model_path(record.number)),)


def member_params(problem: Problem, record: Record) -> dict[str, object] | None:
    """What a trial is fitted with as a member of a blend: fewer trees where all would take too much to keep.

    Returns:
        ``None`` where too few would be left.
    """
    kind = family(record.family)
    trees = _trees(problem, record)
    if trees is None:
        return dict(record.params)
    shorter = kind.shorter(record.params, trees) if trees >= LEAST_TREES else None
    return None if shorter is None else dict(shorter)


def as_member(problem: Problem, model: Model, record: Record) -> FittedModel | None:
    """The model of a trial on all rows as a member of a blend, ``None`` where it can't be one.

    Where all trees would take too much to keep, the first ones have to do.
    """
    kind, (encode, estimator) = family(record.family), (model.pipeline.named_steps["encode"], model.pipeline[-1])
    trees = _trees(problem, record)
    if trees is not None:
        inner = inner_model(estimator)
        smaller = kind.truncated(inner, trees) if trees >= LEAST_TREES else None
        if smaller is None:
            return None
        if inner is estimator:
            estimator = smaller
        else:  # what is done to the output stays
            estimator = copy.copy(estimator)
            estimator.model_ = smaller
    if problem.classes:
        # members say codes where the pipeline says classes as the table does
        places = {label: code for code, label in enumerate(problem.classes)}
        estimator = kind.in_codes(estimator, np.array([places[label] for label in estimator.classes_.tolist()]))
    return FittedModel(encode, estimator, problem.fold_task, len(problem.classes), record.family)


def use_seconds(problem: Problem, record: Record, models: int) -> float:
    """What it takes to keep a boosted member and to predict with it, once there is a blend.

    Hundreds of trees cost nothing to speak of; thousands, once for each fold, take seconds that the search must leave.

    Args:
        models: of the trial, one per fold or one of all rows.
    """
    trees = (rounds_of(record) or 0) * max(1, len(problem.classes) if len(problem.classes) > 2 else 1)
    leaves = family(record.family).leaves(record.params)
    keeping = leaves * (_KEEPING_LINES if family(record.family).has_lines(record.params) else _KEEPING)
    saying = _NEW_ROWS * len(problem) * (_SAYING_TREE + _SAYING_LEAF * leaves)
    return models * trees * (keeping + saying)


def _trees(problem: Problem, record: Record) -> int | None:
    """As many trees as a member may have, ``None`` for all of them."""
    size = family(record.family).size(record.params, len(problem), len(problem.classes))
    if size <= LARGEST_MEMBER:
        return None
    return int(LARGEST_MEMBER / size * int(record.params.get("trees", 0)))


def params_of(choice: Choice) -> dict[str, object]:
    """Members and weights, as the run records them."""
    return {f"trial {record.number} ({record.family})": round(weight, 4) for record, weight in choice.members}


def ensemble_record(
    choice: Choice, problem: Problem, divisions: tuple[Division, ...], metric: Metric, objective: Metric
) -> Record:
    """The blend as a trial among the others: out of fold, scored fold by fold."""
    record = Record(-1, ENSEMBLE, params_of(choice), ENSEMBLE, state=TrialState.DONE, prediction=choice.prediction)
    for number, (_, test) in enumerate(divisions):
        known = test[np.isfinite(choice.prediction[test]).reshape(test.size, -1).all(axis=1)]
        said = choice.prediction[known].astype(np.float64)
        weight = None if problem.weight is None else problem.weight[known]
        record.losses[number] = objective.loss(objective.score(problem.target[known], said, weight))
        record.scores[number] = metric.score(problem.target[known], said, weight)
    record.seconds = sum(one.seconds for one, _ in choice.members)
    return record
