"""Metrics by name."""

from __future__ import annotations

import numpy as np

from workbench.contracts import Task
from workbench.errors import InputError
from workbench.pipelines.quantiles import quantile_of
from workbench.search.evaluation.answers import F1, BalancedAccuracy
from workbench.search.evaluation.metric import Mean, Metric
from workbench.search.evaluation.rankings import AreaUnderCurve, AveragePrecision

_CLASSES = frozenset({Task.BINARY, Task.MULTICLASS})
_NUMBERS = frozenset({Task.REGRESSION})
_TINY = 1e-15


class LogLoss(Mean):
    """Mean of −log of the share given to what came."""

    name, greater, tasks, objective = "log_loss", False, _CLASSES, "log_loss"

    def rows(self, truth: np.ndarray, prediction: np.ndarray) -> np.ndarray:
        """Shape (rows,)."""
        shares = np.clip(prediction, _TINY, 1.0)
        given = shares[np.arange(len(truth)), truth.astype(np.intp)] / shares.sum(axis=1)
        return np.asarray(-np.log(np.clip(given, _TINY, 1.0)))


class Brier(Mean):
    """Squared distance of shares and what came: of the second class for two, summed over classes for more."""

    name, greater, tasks, objective = "brier", False, _CLASSES, "brier"

    def rows(self, truth: np.ndarray, prediction: np.ndarray) -> np.ndarray:
        """Shape (rows,)."""
        if prediction.shape[1] == 2:
            return np.asarray((prediction[:, 1] - truth) ** 2)
        hit = np.zeros_like(prediction)
        hit[np.arange(len(truth)), truth.astype(np.intp)] = 1.0
        return np.asarray(((prediction - hit) ** 2).sum(axis=1))


class Accuracy(Mean):
    """Share of rows whose likeliest class came."""

    name, greater, tasks, objective = "accuracy", True, _CLASSES, "log_loss"

    def rows(self, truth: np.ndarray, prediction: np.ndarray) -> np.ndarray:
        """Shape (rows,)."""
        return np.asarray(prediction.argmax(axis=1) == truth, dtype=np.float64)


class MeanAbsolute(Mean):
    """Mean distance, in units of the target."""

    name, greater, tasks, objective = "mae", False, _NUMBERS, "mae"

    def rows(self, truth: np.ndarray, prediction: np.ndarray) -> np.ndarray:
        """Shape (rows,)."""
        return np.asarray(np.abs(truth - prediction))


class Pinball(Mean):
    """Mean pinball loss of a quantile, in units of the target (Koenker & Bassett 1978, "Regression quantiles").

    A row above its prediction costs the quantile times the distance, one below it the rest times the distance.
    """

    greater, tasks = False, _NUMBERS

    def __init__(self, quantile: float) -> None:
        self.quantile = quantile
        self.name = self.objective = f"pinball@{quantile:g}"  # type: ignore[misc]

    def rows(self, truth: np.ndarray, prediction: np.ndarray) -> np.ndarray:
        """Shape (rows,)."""
        off = truth - prediction
        return np.asarray(np.maximum(self.quantile * off, (self.quantile - 1.0) * off))


class RootMeanSquared(Mean):
    """Root of the mean squared distance, in units of the target."""

    name, greater, tasks, objective = "rmse", False, _NUMBERS, "rmse"

    def rows(self, truth: np.ndarray, prediction: np.ndarray) -> np.ndarray:
        """Shape (rows,)."""
        return np.asarray((truth - prediction) ** 2)

    def weighted(self, truth: np.ndarray, prediction: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Root of the weighted mean."""
        return np.asarray(np.sqrt(super().weighted(truth, prediction, weights)))


class RSquared(RootMeanSquared):
    """Share of the target's variance that is predicted; below 0 is worse than the mean."""

    name, greater, objective = "r2", True, "rmse"

    def weighted(self, truth: np.ndarray, prediction: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """One minus mean squared error over variance."""
        with np.errstate(invalid="ignore", divide="ignore"):
            totals = weights.sum(axis=1)
            centred = truth - truth.mean()
            variance = weights @ centred**2 / totals - (weights @ centred / totals) ** 2
            return 1.0 - super().weighted(truth, prediction, weights) ** 2 / np.where(variance > 0, variance, np.nan)


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        AreaUnderCurve(),
        LogLoss(),
        Accuracy(),
        BalancedAccuracy(),
        F1(),
        AveragePrecision(),
        Brier(),
        RootMeanSquared(),
        MeanAbsolute(),
        RSquared(),
    )
}
RANKING = ("roc_auc", "average_precision")
"""Objectives of an order between two classes."""
DEFAULT: dict[Task, str] = {Task.BINARY: "roc_auc", Task.MULTICLASS: "log_loss", Task.REGRESSION: "rmse"}


def metric_for(task: Task, name: str | None = None) -> Metric:
    """The metric called ``name``, or the task's own.

    Raises:
        InputError: there is no such metric, or it doesn't fit the task.
    """
    wanted = DEFAULT[task] if name is None else name.strip().lower().removeprefix("neg_")
    quantile = quantile_of(wanted)
    if quantile is not None and task is Task.REGRESSION:
        return Pinball(quantile)
    fitting = [one.name for one in METRICS.values() if task in one.tasks]
    if wanted not in fitting:
        fitting += ["pinball@0.9 (any quantile between 0 and 1)"] if task is Task.REGRESSION else []
        raise InputError(f"'{name}' is not a metric for {task.value}: choose from {', '.join(fitting)}.")
    return METRICS[wanted]


def objective_of(metric: Metric) -> Metric:
    """The proper score that is optimised when ``metric`` is reported."""
    return METRICS.get(metric.objective, metric)
