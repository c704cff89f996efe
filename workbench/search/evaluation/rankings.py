"""Metrics that only look at the order of the rows."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

import numpy as np
from scipy.stats import rankdata

from workbench.contracts import Task
from workbench.search.evaluation.metric import Metric, mean_of_present, sums_by_code

_TASKS = frozenset({Task.BINARY, Task.MULTICLASS})
_GROUPS = 2_000
"""Groups of equally ranked rows that reweighted rankings tell apart."""


class Ranking(Metric):
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
        return mean_of_present(np.stack(each, axis=1))

    def seconds(self, cells: int, classes: int) -> float:
        """Ranks are summed up for each class by itself, and for thousands of groups however few the rows are."""
        return (classes if classes > 2 else 1) * (0.03 + 6e-9 * cells)

    def pooled(self, prediction: np.ndarray, folds: Sequence[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
        """Ranks within folds, between 0 and 1.

        Models of two folds may rank their own rows well and yet differ in how high they aim, most of all where a class
        is rare: rows would be out of order only between models, which no user of one model would see (Forman & Scholz
        2010, "Apples-to-apples in cross-validation studies").
        """
        ranks = np.full(prediction.shape, np.nan)
        for _, test in folds:
            known = test[np.isfinite(prediction[test]).all(axis=1)]
            # in float32, as ``_one`` compares them: ties stay ties
            ranks[known] = (rankdata(prediction[known].astype(np.float32), axis=0) - 0.5) / max(1, known.size)
        return ranks

    def _one(self, came: np.ndarray, score: np.ndarray, weights: np.ndarray) -> np.ndarray:
        # float32 at most: scores that differ in the last bits of a sum are ties
        distinct, group = np.unique(-score.astype(np.float32), return_inverse=True)
        groups = distinct.size
        if groups > _GROUPS and len(weights) > 1:
            # neighbours in rank become ties: changes a figure in the fifth digit, and intervals not at all
            group, groups = group * _GROUPS // groups, _GROUPS
        counts = sums_by_code(weights, np.where(came, group, group + groups), 2 * groups)
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.figure(counts[:, :groups], counts[:, groups:])

    @abstractmethod
    def figure(self, found: np.ndarray, false: np.ndarray) -> np.ndarray:
        """From weights of hits and false alarms per group of ties, best first, shape (weightings, groups)."""


class AreaUnderCurve(Ranking):
    """Chance that a row of the class is ranked before one that is not (ties count half)."""

    name, tasks, objective = "roc_auc", _TASKS, "roc_auc"

    def figure(self, found: np.ndarray, false: np.ndarray) -> np.ndarray:
        """The Mann-Whitney statistic."""
        passed = np.cumsum(found, axis=1) - 0.5 * found
        return np.asarray((passed * false).sum(axis=1) / (found.sum(axis=1) * false.sum(axis=1)))


class AveragePrecision(Ranking):
    """Mean precision over the rows of the class, in rank order."""

    name, tasks, objective = "average_precision", _TASKS, "average_precision"

    def figure(self, found: np.ndarray, false: np.ndarray) -> np.ndarray:
        """Precision at each group of ties, weighted by what it finds."""
        hits, alarms = np.cumsum(found, axis=1), np.cumsum(false, axis=1)
        total = hits + alarms
        precision = np.where(total > 0, hits / np.where(total > 0, total, 1.0), 0.0)
        return np.asarray((precision * found).sum(axis=1) / found.sum(axis=1))
