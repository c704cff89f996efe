"""Metrics by name, also under row weights: intervals come from reweighting rows, not from copying them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from workbench.contracts import Task
from workbench.errors import InputError
from workbench.pipelines.quantiles import quantile_of

_CLASSES = frozenset({Task.BINARY, Task.MULTICLASS})
_NUMBERS = frozenset({Task.REGRESSION})
_TINY = 1e-15
_GROUPS = 2_000
"""Groups of equally ranked rows that reweighted rankings tell apart."""


class Metric(ABC):
    """A figure of merit.

    ``truth`` holds class codes or numbers, shape (rows,); ``prediction`` holds numbers, shape (rows,), or class
    shares, shape (rows, classes); both without missing values.

    Attributes:
        name: as scikit-learn's scorers call it, without "neg_".
        greater: whether larger is better.
        tasks: what it can be used for.
        objective: the proper score that a search optimises when this is what is reported.
    """

    name: ClassVar[str]
    greater: ClassVar[bool]
    tasks: ClassVar[frozenset[Task]]
    objective: ClassVar[str]

    @abstractmethod
    def weighted(self, truth: np.ndarray, prediction: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """One figure per weighting.

        Args:
            weights: shape (weightings, rows), not negative.

        Returns:
            shape (weightings,); NaN where the figure is not defined, such as an AUC of one class.
        """

    def score(self, truth: np.ndarray, prediction: np.ndarray, weight: np.ndarray | None = None) -> float:
        """The figure for these rows; NaN where it is not defined."""
        if not len(truth):
            return float("nan")
        weights = np.ones((1, len(truth))) if weight is None else weight.reshape(1, -1)
        return float(self.weighted(truth, prediction, weights)[0])

    def loss(self, score: float) -> float:
        """The figure turned so that less is better and a perfect one has 0."""
        return 1.0 - score if self.greater else score

    def better(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """By how much ``one`` is better than ``other``; negative where it is worse."""
        return np.asarray(one - other if self.greater else other - one)


class Mean(Metric):
    """A mean over rows of something each row has by itself."""

    @abstractmethod
    def rows(self, truth: np.ndarray, prediction: np.ndarray) -> np.ndarray:
        """Shape (rows,)."""

    def weighted(self, truth: np.ndarray, prediction: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """The weighted mean."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(weights @ self.rows(truth, prediction) / weights.sum(axis=1), dtype=np.float64)


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


class _Confusion(Metric):
    """Something made of how often which class was said for which."""

    tasks, greater, objective = _CLASSES, True, "log_loss"

    def weighted(self, truth: np.ndarray, prediction: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """From weighted counts of (came, said)."""
        classes = prediction.shape[1]
        came = truth.astype(np.intp)
        present = np.unique(came)
        counts = _sums(weights, came * classes + prediction.argmax(axis=1), classes * classes)
        table = counts.reshape(-1, classes, classes)
        hits, of_truth, of_said = np.diagonal(table, axis1=1, axis2=2), table.sum(axis=2), table.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.figure(hits, of_truth, of_said, present)

    @abstractmethod
    def figure(self, hits: np.ndarray, of_truth: np.ndarray, of_said: np.ndarray, present: np.ndarray) -> np.ndarray:
        """The figure from counts of shape (weightings, classes)."""


class BalancedAccuracy(_Confusion):
    """Mean over classes of the share that was found."""

    name = "balanced_accuracy"

    def figure(self, hits: np.ndarray, of_truth: np.ndarray, of_said: np.ndarray, present: np.ndarray) -> np.ndarray:
        """Shape (weightings,)."""
        return np.asarray((hits[:, present] / of_truth[:, present]).mean(axis=1))


class F1(_Confusion):
    """Harmonic mean of precision and recall: of the second class for two, the mean over classes for more."""

    name = "f1"

    def figure(self, hits: np.ndarray, of_truth: np.ndarray, of_said: np.ndarray, present: np.ndarray) -> np.ndarray:
        """Shape (weightings,); a class that was never said and never came counts 0."""
        total = of_truth + of_said
        each = np.where(total > 0, 2 * hits / np.where(total > 0, total, 1.0), 0.0)
        return np.asarray(each[:, 1] if hits.shape[1] == 2 else each[:, present].mean(axis=1))


class _Ranking(Metric):
    """Something that only looks at the order of the rows; for more than two classes, one against the rest."""

    greater = True

    def weighted(self, truth: np.ndarray, prediction: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Shape (weightings,)."""
        if prediction.shape[1] == 2:
            return self._one(truth == 1, prediction[:, 1], weights)
        each = [
            self._one(truth == one, prediction[:, one], weights)
            for one in range(prediction.shape[1])
            if (truth == one).any()
        ]
        return np.asarray(np.mean(each, axis=0))

    def _one(self, came: np.ndarray, score: np.ndarray, weights: np.ndarray) -> np.ndarray:
        # float32 at most: scores that differ in the last bits of a sum are ties
        distinct, group = np.unique(-score.astype(np.float32), return_inverse=True)
        groups = distinct.size
        if groups > _GROUPS and len(weights) > 1:
            # neighbours in rank become ties: changes a figure in the fifth digit, and intervals not at all
            group, groups = group * _GROUPS // groups, _GROUPS
        counts = _sums(weights, np.where(came, group, group + groups), 2 * groups)
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.figure(counts[:, :groups], counts[:, groups:])

    @abstractmethod
    def figure(self, found: np.ndarray, false: np.ndarray) -> np.ndarray:
        """From weights of hits and false alarms per group of ties, best first, shape (weightings, groups)."""


def _sums(weights: np.ndarray, codes: np.ndarray, count: int) -> np.ndarray:
    """Sum of the weights of each code, shape (weightings, count)."""
    if len(weights) == 1:
        return np.bincount(codes, weights=weights[0], minlength=count).reshape(1, -1).astype(np.float64)
    from scipy.sparse import csr_array

    rows = codes.size
    members = csr_array((np.ones(rows, dtype=weights.dtype), (codes, np.arange(rows))), shape=(count, rows))
    return np.asarray((members @ weights.T).T, dtype=np.float64)


class AreaUnderCurve(_Ranking):
    """Chance that a row of the class is ranked before one that is not (ties count half)."""

    name, tasks, objective = "roc_auc", _CLASSES, "roc_auc"

    def figure(self, found: np.ndarray, false: np.ndarray) -> np.ndarray:
        """The Mann-Whitney statistic."""
        passed = np.cumsum(found, axis=1) - 0.5 * found
        return np.asarray((passed * false).sum(axis=1) / (found.sum(axis=1) * false.sum(axis=1)))


class AveragePrecision(_Ranking):
    """Mean precision over the rows of the class, in rank order."""

    name, tasks, objective = "average_precision", _CLASSES, "average_precision"

    def figure(self, found: np.ndarray, false: np.ndarray) -> np.ndarray:
        """Precision at each group of ties, weighted by what it finds."""
        hits, alarms = np.cumsum(found, axis=1), np.cumsum(false, axis=1)
        total = hits + alarms
        precision = np.where(total > 0, hits / np.where(total > 0, total, 1.0), 0.0)
        return np.asarray((precision * found).sum(axis=1) / found.sum(axis=1))


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
