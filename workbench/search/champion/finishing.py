"""A champion as it will be used: calibrated, and with the answers that a table of costs or the metric asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from sklearn.pipeline import Pipeline

from workbench.contracts import Calibration, Decision, Model, Task
from workbench.pipelines.finished import FinishedClassifier
from workbench.search.evaluation.calibrating import calibrated, forecast_seconds
from workbench.search.evaluation.deciding import decide
from workbench.search.setting import Setting
from workbench.search.trials.records import Record


@dataclass(frozen=True, eq=False)
class Finished:
    """A model with the trial that it was fitted from, both as they are after calibration.

    Attributes:
        out_of_fold: over all rows, where the model was checked beyond its folds; else ``None``.
    """

    model: Model
    record: Record
    out_of_fold: np.ndarray | None = None
    calibration: Calibration | None = None
    decision: Decision | None = None


def seconds_for(setting: Setting) -> float:
    """What ``finished`` takes of one model."""
    return forecast_seconds(setting.held_out, len(setting.problem.classes)) if setting.problem.classes else 0.0


def finished(
    setting: Setting, model: Model, record: Record, checked: np.ndarray | None = None, *, draws: int | None = None
) -> Finished:
    """Calibrate a classifier by its out-of-fold shares and choose what it answers; a regression stays as it is.

    Args:
        checked: shares of the same model on folds over all rows; they are calibrated by then.
    """
    problem, before = setting.problem, record.prediction if checked is None else checked
    if problem.task is Task.REGRESSION or before is None:
        return Finished(model, record, checked)
    found = None
    if record is not setting.baseline:
        found = calibrated(before, problem, seed=setting.seed)
    after = before if found is None else found.prediction
    decision = None
    if setting.costs is not None:
        decision = decide(after, problem, setting.costs, seed=setting.seed, draws=draws)
    calibrator = None if found is None else found.calibrator
    threshold = None if decision is None else decision.threshold
    positive = 1 if setting.costs is None else setting.costs.positive
    emphasis = _emphasis(setting, after) if decision is None else None
    if calibrator is not None or threshold is not None or emphasis is not None:
        *earlier, (name, last) = model.pipeline.steps
        last = FinishedClassifier.around(
            last, calibrator=calibrator, threshold=threshold, positive=positive, emphasis=emphasis
        )
        model = replace(
            model,
            pipeline=Pipeline([*earlier, (name, last)]),
            threshold=threshold,
            positive=positive,
            emphasis=emphasis,
        )
    facts = None if found is None else found.facts
    if calibrator is not None and checked is None:
        record = _rescored(setting, record, after)
    return Finished(model, record, None if checked is None else after, facts, decision)


def _emphasis(setting: Setting, prediction: np.ndarray) -> tuple[float, ...] | None:
    """Of the answers by which the metric is expected to be best over the rows that were held out."""
    held_out = np.isfinite(prediction).all(axis=1)
    weight = None if setting.problem.weight is None else setting.problem.weight[held_out]
    found = setting.metric.emphasis(prediction[held_out].astype(np.float64), weight)
    return None if found is None else tuple(float(one) for one in found)


def _rescored(setting: Setting, record: Record, prediction: np.ndarray) -> Record:
    """The trial with calibrated predictions, scored fold by fold."""
    problem = setting.problem
    copy = replace(record, prediction=prediction, losses={}, scores={})
    for fold, (_, test) in enumerate(setting.plan.folds):
        known = test[np.isfinite(prediction[test]).all(axis=1)]
        said, truth = prediction[known].astype(np.float64), problem.target[known]
        weight = None if problem.weight is None else problem.weight[known]
        copy.losses[fold] = setting.objective.loss(setting.objective.score(truth, said, weight))
        copy.scores[fold] = setting.metric.score(truth, said, weight)
    return copy
