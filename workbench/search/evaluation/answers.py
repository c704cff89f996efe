"""Figures of answers: of the class that is said of a row, which need not be the likeliest where one class is rare."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from workbench.contracts import Task
from workbench.search.evaluation.metric import Metric, mean_of_present, sums_by_code

_POWERS = sorted(np.round(np.arange(-0.5, 1.2501, 0.05), 2), key=lambda power: (abs(power), power))
"""Of rareness, none first: 0 says the likeliest class, 1 the one whose share is highest against its mean."""
_ROWS = 20_000
"""That the power is chosen by, at most."""
_LEAST_SHARE = 1e-9


class Answers(Metric):
    """Something made of how often which class was said for which.

    A rare class is seldom the likeliest, so that answers of the likeliest class would hardly ever name it. What is said
    is the class whose share, times a power of its rareness, is highest. The power is the one under which the figure is
    expected to be best if shares are true, so that no row's own class decides what is said of it: for balanced accuracy
    that is 1 (Menon et al. 2013, "On the statistical consistency of algorithms for binary classification under class
    imbalance"), for F1 of two classes it gives the threshold of half the best F1 (Lipton et al. 2014, "Optimal
    thresholding of classifiers to maximize F1 measure").
    """

    tasks, greater, objective = frozenset({Task.BINARY, Task.MULTICLASS}), True, "log_loss"

    def emphasis(self, prediction: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray:
        """What shares are multiplied by before the highest is the answer, shape (classes,); 1 for the commonest."""
        step = -(-len(prediction) // _ROWS)
        shares = prediction[::step].astype(np.float64)
        weight = np.ones(len(shares)) if weight is None else weight[::step].astype(np.float64)
        of_truth = weight @ shares
        if not np.isfinite(of_truth).all() or of_truth.sum() <= 0:
            return np.ones(shares.shape[1])
        rareness = of_truth.max() / np.maximum(of_truth, _LEAST_SHARE * of_truth.sum())
        present = np.flatnonzero(of_truth > 0)
        best, found = -np.inf, 0.0
        for power in _POWERS:
            said = (shares * rareness**power).argmax(axis=1)
            given = weight * shares[np.arange(said.size), said]
            hits, of_said = (np.bincount(said, weights=each, minlength=of_truth.size) for each in (given, weight))
            expected = float(self.figure(hits[None], of_truth[None], of_said[None], present)[0])
            if expected > best + 1e-12:
                best, found = expected, float(power)
        return np.asarray(rareness**found)

    def weighted(self, truth: np.ndarray, prediction: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """From weighted counts of (came, said)."""
        classes = prediction.shape[1]
        came = truth.astype(np.intp)
        present = np.unique(came)
        said = (prediction * self.emphasis(prediction, weights.mean(axis=0))).argmax(axis=1)
        counts = sums_by_code(weights, came * classes + said, classes * classes)
        table = counts.reshape(-1, classes, classes)
        hits, of_truth, of_said = np.diagonal(table, axis1=1, axis2=2), table.sum(axis=2), table.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.figure(hits, of_truth, of_said, present)

    @abstractmethod
    def figure(self, hits: np.ndarray, of_truth: np.ndarray, of_said: np.ndarray, present: np.ndarray) -> np.ndarray:
        """The figure from counts of shape (weightings, classes)."""


class BalancedAccuracy(Answers):
    """Mean over classes of the share that was found."""

    name = "balanced_accuracy"

    def figure(self, hits: np.ndarray, of_truth: np.ndarray, of_said: np.ndarray, present: np.ndarray) -> np.ndarray:
        """Shape (weightings,)."""
        return mean_of_present(hits[:, present] / of_truth[:, present])


class F1(Answers):
    """Harmonic mean of precision and recall: of the second class for two, the mean over classes for more."""

    name = "f1"

    def figure(self, hits: np.ndarray, of_truth: np.ndarray, of_said: np.ndarray, present: np.ndarray) -> np.ndarray:
        """Shape (weightings,); of two classes the second counts 0 where it was never said and never came."""
        total = of_truth + of_said
        each = np.where(total > 0, 2 * hits / np.where(total > 0, total, 1.0), 0.0)
        if hits.shape[1] == 2:
            return np.asarray(each[:, 1])
        return mean_of_present(np.where(of_truth > 0, each, np.nan)[:, present])
