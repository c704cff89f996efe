"""The blend of a search's best trials as one model: members loaded or fitted, beside each other, in time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.pipeline import Pipeline

from workbench.budget import Budget
from workbench.contracts import Model, Task, TrialState
from workbench.events import Events
from workbench.pipelines import Preparer, family
from workbench.pipelines.blend import BlendClassifier, BlendRegressor, FittedModel, Voice
from workbench.search.batch import run_batch
from workbench.search.ensemble import Choice
from workbench.search.executors import Slots
from workbench.search.executors.worker import WholeTask, fit_whole
from workbench.search.folds import Division
from workbench.search.metrics import Metric
from workbench.search.problem import Problem
from workbench.search.records import ENSEMBLE, Record
from workbench.search.refit import rounds_of
from workbench.search.store import Workspace, read_model

_SLACK = 0.1


@dataclass(frozen=True, eq=False)
class Blender:
    """Makes the model of a choice.

    Attributes:
        folds: how many divisions trials were judged on.
        threads: of each fit.
    """

    problem: Problem
    preparer: Preparer
    workspace: Workspace
    slots: Slots
    folds: int
    threads: int
    seed: int

    def has_models(self, record: Record) -> bool:
        """Whether the models of a trial's folds are there."""
        return (
            self.folds > 1
            and family(record.family).light
            and all(self.workspace.model_path(record.number, fold).exists() for fold in range(self.folds))
        )

    def model(self, choice: Choice, *, budget: Budget | None, events: Events) -> Model | None:
        """The model, ``None`` where a member could not be fitted in time."""
        fresh = [record for record, _ in choice.members if not self.has_models(record)]
        limit = Budget.unlimited() if budget is None else budget.reserving(_SLACK)
        tasks = [self._task(record, limit) for record in fresh]
        if not all(run_batch(self.slots, fit_whole, tasks, budget=limit, events=events)):
            return None
        voices = tuple(
            Voice(weight, self._models(record), speech)
            for (record, weight), speech in zip(choice.members, choice.speeches, strict=True)
        )
        if self.problem.task is Task.REGRESSION:
            last: BlendRegressor | BlendClassifier = BlendRegressor(voices)
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
            params=record.params,
            rounds=rounds_of(record),
            seed=self.seed,
            threads=self.threads,
            seconds=limit.remaining if limit.limited else None,
            keep=str(self.workspace.model_path(record.number)),
            spread=tuple(record.spread),
        )

    def _models(self, record: Record) -> tuple[FittedModel, ...]:
        kept = self.workspace.models(record.number, self.folds) if self.has_models(record) else ()
        return kept or (read_model(self.workspace.model_path(record.number)),)


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
