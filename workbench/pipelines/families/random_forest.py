"""Forests of scikit-learn, grown in slices so that they can end in time."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, is_classifier

from workbench.budget import Budget
from workbench.contracts.table import Task
from workbench.pipelines._base import Family, Params
from workbench.pipelines.derived import Derived
from workbench.pipelines.encoders import Encoder, OrdinalEncoder

_FIRST_SLICE = 4
_LARGEST_SLICE = 25
_LARGEST_BYTES = 2e9
"""Of one forest: several are grown at once, and a hundred classes stand in each leaf."""
_FEWEST_TREES = 10


class RandomForest(Family):
    """Parameters: ``kind`` (random, extra), ``trees``, ``max_features`` (share of the columns), ``min_samples_leaf``
    and ``max_depth`` (bounded: exact explanations cost the square of it).
    """

    name = "random_forest"
    title = "Random forest"
    tasks = frozenset({Task.BINARY, Task.MULTICLASS, Task.REGRESSION})
    explainer = "forest"
    place = 20
    default = True
    light = False
    interruptible = True
    library = "sklearn.ensemble"

    def encoder(self, params: Params, names: Sequence[str] | None = None) -> Encoder:
        """Ordered codes, nothing missing."""
        return OrdinalEncoder(names)

    def estimator(
        self,
        task: Task,
        params: Params,
        derived: Sequence[Derived],
        *,
        seed: int,
        threads: int = 1,
        rounds: int | None = None,
    ) -> BaseEstimator:
        """A random forest (Breiman 2001) or extremely randomised trees (Geurts, Ernst & Wehenkel 2006)."""
        from sklearn import ensemble

        extra = params.get("kind", "random") == "extra"
        if task is Task.REGRESSION:
            kind = ensemble.ExtraTreesRegressor if extra else ensemble.RandomForestRegressor
        else:
            kind = ensemble.ExtraTreesClassifier if extra else ensemble.RandomForestClassifier
        return kind(
            n_estimators=int(rounds or params.get("trees", 300)),
            max_features=float(params.get("max_features", 0.5)),
            min_samples_leaf=int(params.get("min_samples_leaf", 2)),
            max_depth=int(params.get("max_depth", 20)),
            n_jobs=threads,
            random_state=seed,
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
        """Grow tree by tree in slices; at the deadline the forest keeps the trees that it has.

        There are fewer trees where those wanted would take more memory than a forest may.
        """
        classes = len(np.unique(target)) if is_classifier(estimator) else 0
        size = self.size(estimator.get_params() | {"trees": 1}, len(matrix), classes)
        wanted = min(int(estimator.n_estimators), max(_FEWEST_TREES, int(_LARGEST_BYTES / size)))
        estimator.set_params(n_estimators=wanted)
        if budget is None or not budget.limited:
            estimator.fit(matrix, target, sample_weight=weight)
            return True
        estimator.set_params(warm_start=True)
        grown = 0
        began = budget.elapsed
        while grown < wanted:
            # the next slice must fit into what is left, by the pace so far
            pace = (budget.elapsed - began) / grown if grown else 0.0
            affordable = math.floor(budget.remaining / pace) if pace > 0 else _FIRST_SLICE
            if grown and affordable < 1:
                break
            slice_size = min(wanted - grown, _LARGEST_SLICE, max(1, affordable), max(_FIRST_SLICE, grown))
            grown += slice_size
            estimator.set_params(n_estimators=grown)
            estimator.fit(matrix, target, sample_weight=weight)
        estimator.set_params(warm_start=False)
        return grown >= wanted

    def work(self, task: Task, params: Params, rows: int, columns: int, classes: int) -> float:
        """Trees times columns looked at times rows times depth."""
        looked_at = max(1.0, float(params.get("max_features", 0.5)) * columns)
        depth = max(2.0, math.log2(max(4.0, rows / float(params.get("min_samples_leaf", 2)))))
        trees = float(params.get("trees", 300))
        cheaper = 0.35 if params.get("kind") == "extra" else 1.0
        return 0.02 + trees * (2e-3 + 1.2e-8 * cheaper * rows * looked_at * depth)

    def kind(self, params: Params) -> str:
        """Trees of random splits err elsewhere than those of the best ones."""
        return str(params.get("kind", "random"))

    def size(self, params: Params, rows: int, classes: int) -> float:
        """Nodes of all trees times what a node takes."""
        deepest = 2.0 ** int(params.get("max_depth", 20))
        leaves = min(float(deepest), rows / (1.5 * float(params.get("min_samples_leaf", 2))))
        return float(params.get("trees", 300)) * 2 * leaves * (64.0 + 8.0 * max(1, classes))

    def shorter(self, params: Params, rounds: int) -> Params | None:
        """As many trees as there was time for."""
        return {**params, "trees": rounds}

    def truncated(self, estimator: Any, rounds: int) -> Any:
        """Its first trees: they are drawn independently, so they are a forest of their own."""
        smaller = copy.copy(estimator)
        smaller.estimators_ = estimator.estimators_[:rounds]
        smaller.n_estimators = len(smaller.estimators_)
        return smaller

    def _rounds(self, estimator: Any) -> int | None:
        return int(estimator.n_estimators)
