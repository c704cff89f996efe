"""Gradient boosting by scikit-learn: native categories and missing values, grown in slices so that it ends in time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import threadpoolctl  # type: ignore[import-untyped]

from workbench.contracts.table import Task
from workbench.pipelines._base import Params
from workbench.pipelines.raw_family import MOST_ROUNDS, RawFamily
from workbench.pipelines.raw_model import Rows, Watch, numbers
from workbench.pipelines.tree_model import TreeModel
from workbench.treeshap import TreeEnsemble
from workbench.treeshap.histogram_boosting import in_codes, of_histogram_boosting

_MOST_LEVELS = 255
"""scikit-learn takes no more in a category; columns with more are numbers to it, in the natural order of the levels."""
_FIRST_SLICE = 8


class HistModel(TreeModel):
    """``HistGradientBoostingRegressor`` (squared error) or ``HistGradientBoostingClassifier`` (log loss)."""

    def _learn(self, train: Rows, watch: Watch) -> None:
        """Boost; held-out rows are judged by the loss, whatever is optimised."""
        from sklearn import ensemble

        self._forget()
        # scikit-learn can't bin a column without any value; one that doesn't vary is never split on
        train = replace(train, matrix=np.where(np.isnan(train.matrix).all(axis=0), np.float32(0), train.matrix))
        kind = (
            ensemble.HistGradientBoostingRegressor
            if self.task is Task.REGRESSION
            else ensemble.HistGradientBoostingClassifier
        )
        settings: dict[str, Any] = {
            **(self.settings or {}),
            "categorical_features": list(self.categorical) or None,
            "early_stopping": watch.held_out is not None,
            "n_iter_no_change": max(1, watch.patience),
            "random_state": self.seed,
        }
        judged: dict[str, Any] = {}
        if watch.held_out is not None:
            judged = {"X_val": watch.held_out.matrix, "y_val": watch.held_out.target}
            if train.weight is not None and watch.held_out.weight is not None:
                judged["sample_weight_val"] = watch.held_out.weight
        self.model_ = kind(**settings)
        with threadpoolctl.threadpool_limits(self.threads, user_api="openmp"):
            self.complete_ = self._grow(train, judged, watch)
        self.rounds_ = int(self.model_.n_iter_)
        if watch.held_out is not None:
            # the loss before the first round comes first
            self.rounds_ = 1 + int(np.argmax(self.model_.validation_score_[1:]))
            self.model_._predictors = self.model_._predictors[: self.rounds_]

    def _grow(self, train: Rows, judged: Mapping[str, Any], watch: Watch) -> bool:
        """Fit at once, or by the clock: each slice bins the rows anew, so that there are few and they grow."""
        budget, grown, pace = watch.budget, 0, 0.0
        self.model_.set_params(warm_start=budget is not None)
        while True:
            wanted = self.rounds - grown
            if budget is not None:
                affordable = math.floor(budget.remaining / pace) if pace > 0 else 2 * _FIRST_SLICE
                if grown and affordable < 1:
                    return False
                # half of what there is time for: the next one may be slower
                wanted = min(wanted, max(1, affordable // 2))
            began = budget.elapsed if budget is not None else 0.0
            self.model_.set_params(max_iter=grown + wanted)
            self.model_.fit(train.matrix, train.target, train.weight, **judged)
            if self.model_.n_iter_ < grown + wanted or grown + wanted >= self.rounds:
                self.model_.set_params(warm_start=False)
                return True
            grown += wanted
            if budget is not None:
                pace = (budget.elapsed - began) / wanted

    def scores(self, X: Any) -> np.ndarray:
        """Shape (rows, outputs)."""
        model = self.model_
        raw = model.predict(numbers(X)) if self.task is Task.REGRESSION else model.decision_function(numbers(X))
        return np.asarray(raw, dtype=np.float64).reshape(len(X), -1)

    def _read(self) -> TreeEnsemble:
        """The trees of the rounds that count."""
        return of_histogram_boosting(self.model_)

    def seen(self, X: Any) -> np.ndarray:
        """In the codes that the trees ask for."""
        return in_codes(self.model_, numbers(X))


class HistGradientBoosting(RawFamily):
    """Parameters: scikit-learn's own names, see ``free``; ``rounds`` is the most that may be boosted."""

    name = "hist_gradient_boosting"
    title = "Gradient boosting (scikit-learn)"
    library = "sklearn.ensemble"
    model = HistModel
    most_levels = _MOST_LEVELS
    free = {  # noqa: RUF012
        "learning_rate": float,
        "max_leaf_nodes": int,
        "min_samples_leaf": int,
        "l2_regularization": float,
        "max_features": float,
        "loss": str,
    }

    def leaves(self, params: Params) -> int:
        """As many as may grow."""
        return int(params.get("max_leaf_nodes", 31))

    def work(self, task: Task, params: Params, rows: int, columns: int, classes: int) -> float:
        """Expected rounds times trees per round times histogram work."""
        rate, leaves = float(params.get("learning_rate", 0.1)), float(params.get("max_leaf_nodes", 31))
        rounds = min(float(params.get("rounds", MOST_ROUNDS)), (40 + 8 / rate) * max(1.0, math.sqrt(31 / leaves)))
        trees = rounds * (classes if task is Task.MULTICLASS else 1)
        return (
            0.05 + 1e-7 * rows * columns + trees * (1.5e-4 * leaves + 1.5e-9 * rows * columns * math.log2(leaves + 1))
        )
