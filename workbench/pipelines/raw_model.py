"""Estimators whose raw scores add up, and which explain them themselves: what optional families are made of."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from workbench.budget import Budget
from workbench.contracts.table import Task


@dataclass(frozen=True, eq=False)
class Rows:
    """Encoded rows with what is known of them.

    Attributes:
        matrix: shape (rows, columns), float32, NaN where there is no value.
        target: shape (rows,), numbers or class codes 0 … seen classes − 1.
        weight: shape (rows,), ``None`` when all rows count alike.
    """

    matrix: np.ndarray
    target: np.ndarray
    weight: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Watch:
    """When a fit ends.

    Attributes:
        held_out: rows on which boosting stops early; ``None`` takes all rounds.
        objective: metric to stop by, such as ``roc_auc``.
        patience: rounds without a gain after which boosting stops.
        budget: after its end the model keeps what it has; ``None`` for no limit.
    """

    held_out: Rows | None = None
    objective: str = ""
    patience: int = 0
    budget: Budget | None = None

    @property
    def expired(self) -> bool:
        """Whether the time is up."""
        return self.budget is not None and self.budget.expired


def numbers(X: Any) -> np.ndarray:
    """Rows in the precision in which models are fitted and asked: float32, shape (rows, columns)."""
    return np.asarray(X, dtype=np.float32)


class RawModel(BaseEstimator):
    """Numbers, or classes in log-odds. Two classes have one score, the second's; more have one each before the softmax.

    Args:
        task: regression, or one for classes.
        settings: the library's own.
        categorical: positions of the columns that hold category codes.
        rounds: most rounds of boosting.
        seed: of whatever is drawn.
        threads: that a fit may use.

    Attributes:
        classes_: labels in the order of ``predict_proba``; empty for regression.
        rounds_: rounds that predictions use, ``None`` for a library that doesn't say.
        complete_: whether the fit ended by itself and not at its deadline.
    """

    explained_by: ClassVar[str]
    """How ``contributions`` computes its values, for the report."""

    def __init__(
        self,
        task: Task,
        settings: Mapping[str, Any] | None = None,
        *,
        categorical: Sequence[int] = (),
        rounds: int = 500,
        seed: int = 0,
        threads: int = 1,
    ) -> None:
        self.task = task
        self.settings = settings
        self.categorical = categorical
        self.rounds = rounds
        self.seed = seed
        self.threads = threads

    def fit(
        self,
        X: Any,
        y: Any,
        sample_weight: np.ndarray | None = None,
        *,
        held_out: Rows | None = None,
        objective: str = "",
        patience: int = 0,
        budget: Budget | None = None,
    ) -> Self:
        """Fit on numbers or labels.

        Args:
            held_out, objective, patience, budget: as in ``Watch``; targets of ``held_out`` are said as in ``y``.

        Raises:
            ValueError: there is only one class.
        """
        labels, target = np.asarray(y), np.asarray(y)
        self.classes_ = np.empty(0)
        if self.task is not Task.REGRESSION:
            self.classes_, target = np.unique(labels, return_inverse=True)
            if self.classes_.size < 2:
                raise ValueError("there is only one class to learn from")
        self.complete_ = True
        self.rounds_: int | None = None
        train = Rows(numbers(X), target, sample_weight)
        judges = self._judges(held_out) if held_out is not None else None
        limited = budget if budget is not None and budget.limited else None
        self._learn(train, Watch(judges, objective, patience, limited))
        return self

    def _judges(self, held_out: Rows) -> Rows | None:
        """Held-out rows in our codes; those of a class that the training rows lack can't be judged."""
        if self.task is Task.REGRESSION:
            return held_out
        known = np.isin(held_out.target, self.classes_)
        if not known.any():
            return None
        codes = np.searchsorted(self.classes_, held_out.target[known])
        return Rows(held_out.matrix[known], codes, None if held_out.weight is None else held_out.weight[known])

    @property
    def outputs(self) -> int:
        """How many scores a row has."""
        return self.classes_.size if self.classes_.size > 2 else 1

    @abstractmethod
    def _learn(self, train: Rows, watch: Watch) -> None:
        """Fit, and set ``rounds_`` and ``complete_``."""

    @abstractmethod
    def scores(self, X: Any) -> np.ndarray:
        """Raw scores, shape (rows, outputs), float64."""

    @abstractmethod
    def contributions(self, X: Any) -> tuple[np.ndarray, np.ndarray]:
        """Shapley values of the scores, shape (rows, columns, outputs), and their base, shape (outputs,)."""

    def predict_proba(self, X: Any) -> np.ndarray:
        """Class shares, shape (rows, classes)."""
        check_is_fitted(self, "classes_")
        scores = self.scores(X)
        if scores.shape[1] == 1:
            scores = np.hstack([np.zeros_like(scores), scores])
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))

    def predict(self, X: Any) -> np.ndarray:
        """Numbers, or the likeliest class of each row; shape (rows,)."""
        if self.task is Task.REGRESSION:
            check_is_fitted(self, "classes_")
            return self.scores(X)[:, 0]
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.estimator_type = "regressor" if self.task is Task.REGRESSION else "classifier"
        tags.input_tags.allow_nan = True
        return tags
