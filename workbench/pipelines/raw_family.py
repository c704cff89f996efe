"""A family of ``RawModel`` estimators: fitted on folds with early stopping, ended at a deadline."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from workbench.budget import Budget
from workbench.contracts.table import Task
from workbench.pipelines._base import Family, Fold, FoldFit, Params, predicted
from workbench.pipelines.derived import Derived, categorical_places
from workbench.pipelines.encoders import Encoder, PlainEncoder
from workbench.pipelines.raw_model import RawModel, Rows

MOST_ROUNDS = 5_000


def patience_of(rows: int, rate: float) -> int:
    """Rounds without a gain after which boosting stops.

    max(20, min(200, 300 · 10,000 / training rows)), and no more than five times what the learning rate needs to move
    a prediction all the way: fast learners show early that they are done.
    """
    return max(20, min(200, round(300 * 10_000 / max(1, rows)), round(5 / rate)))


class RawFamily(Family):
    """Parameters are the library's own, those in ``free``; ``rounds`` is the most that may be boosted.

    Attributes:
        free: parameters that are handed to the library under its own names, with their types.
        rate: what the learning rate is taken for where it isn't given.
        most_levels: of a category that the library takes as one; those with more are numbers to it, on folds as on all
            rows.
    """

    tasks = frozenset({Task.BINARY, Task.MULTICLASS, Task.REGRESSION})
    explainer = "own"
    boosts = True
    interruptible = True
    model: ClassVar[type[RawModel]]
    free: ClassVar[Mapping[str, type]]
    rate: ClassVar[float] = 0.1
    most_levels: ClassVar[float] = math.inf

    def encoder(self, params: Params, names: Sequence[str] | None = None) -> Encoder:
        """The prepared matrix as it is."""
        return PlainEncoder(names)

    def estimator(
        self,
        task: Task,
        params: Params,
        derived: Sequence[Derived],
        *,
        seed: int,
        threads: int = 1,
        rounds: int | None = None,
    ) -> RawModel:
        """The unfitted model."""
        return self.model(
            task,
            {name: kind(params[name]) for name, kind in self.free.items() if name in params},
            categorical=tuple(
                place for place in categorical_places(derived) if len(derived[place].levels) <= self.most_levels
            ),
            rounds=int(rounds or params.get("rounds", MOST_ROUNDS)),
            seed=seed,
            threads=threads,
        )

    def fit(
        self,
        estimator: Any,
        matrix: np.ndarray,
        target: np.ndarray,
        *,
        weight: np.ndarray | None = None,
        budget: Budget | None = None,
    ) -> bool:
        """Fit all rounds; at the deadline the model keeps those that it has."""
        return bool(estimator.fit(matrix, target, sample_weight=weight, budget=budget).complete_)

    def fit_fold(
        self, fold: Fold, params: Params, *, seed: int, threads: int = 1, budget: Budget | None = None
    ) -> FoldFit:
        """Fit with early stopping on the fold's held-out rows."""
        encoder, train, rows, test = self._encoded(fold, params)
        if test is None:
            test = encoder.transform(fold.prepared.bare.take(fold.test))
        estimator = self.estimator(fold.task, params, fold.prepared.derived, seed=seed, threads=threads)
        weight = fold.weight
        estimator.fit(
            train,
            fold.target[rows],
            None if weight is None else weight[rows],
            held_out=Rows(test, fold.target[fold.test], None if weight is None else weight[fold.test]),
            objective=fold.objective,
            patience=patience_of(fold.train.size, float(params.get("learning_rate", self.rate))),
            budget=budget,
        )
        prediction = predicted(estimator, test, fold.task, fold.classes)
        return FoldFit(prediction, estimator.rounds_, estimator.complete_, encoder, estimator)

    def shorter(self, params: Params, rounds: int) -> Params | None:
        """At most as many rounds as there was time for."""
        return {**params, "rounds": rounds}
