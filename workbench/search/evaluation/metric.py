"""What a metric is: also a figure under row weights, as intervals come from reweighting rows, not copying them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from workbench.contracts import Task


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

    def seconds(self, cells: int, classes: int) -> float:
        """Forecast of one figure under many weightings.

        Args:
            cells: weightings times rows.
            classes: of the target, 0 for numbers.
        """
        return 0.005 + 4e-9 * cells

    def emphasis(self, prediction: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray | None:
        """What class shares are multiplied by before the highest is the answer, shape (classes,); ``None`` where the
        figure is none of answers, or is best for the likeliest class.
        """
        return None

    def loss(self, score: float) -> float:
        """The figure turned so that less is better and a perfect one has 0."""
        return 1.0 - score if self.greater else score

    def pooled(self, prediction: np.ndarray, folds: Sequence[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
        """Predictions of the models of several folds as they can be scored together.

        Args:
            prediction: out of fold, shape (rows,) or (rows, classes), NaN where there is none.
            folds: positions that were learnt from, and those that were predicted.
        """
        return prediction

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


def sums_by_code(weights: np.ndarray, codes: np.ndarray, count: int) -> np.ndarray:
    """Sum of the weights of each code, shape (weightings, count)."""
    if len(weights) == 1:
        return np.bincount(codes, weights=weights[0], minlength=count).reshape(1, -1).astype(np.float64)
    from scipy.sparse import csr_array

    rows = codes.size
    members = csr_array((np.ones(rows, dtype=weights.dtype), (codes, np.arange(rows))), shape=(count, rows))
    return np.asarray((members @ weights.T).T, dtype=np.float64)


def mean_of_present(figures: np.ndarray) -> np.ndarray:
    """The mean over classes of each weighting, shape (weightings,), of those that have rows with weight in it.

    A class of two rows has none in one of seven draws of a bootstrap, and in most of what a draw leaves out; the others
    tell what there is to tell.

    Args:
        figures: shape (weightings, classes), NaN where a class has no rows.
    """
    known = np.isfinite(figures)
    count = known.sum(axis=1)
    return np.where(count > 0, np.where(known, figures, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)
