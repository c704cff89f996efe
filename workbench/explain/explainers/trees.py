"""Trees of every library that the kernel reads: exact path-dependent Shapley values and interactions."""

from __future__ import annotations

import threading
from abc import abstractmethod
from functools import cached_property
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np

from workbench.explain.explainers._base import Contributions, Explainer, Matrix, dense
from workbench.treeshap import TreeEnsemble, shapley_interactions, shapley_values

MOST_FIGURES = 4_000_000
"""Of the leaves of all ensembles that are kept; some hundred megabytes with their splits."""
Fitted: TypeAlias = "tuple[Any, int]"
_READ: WeakKeyDictionary[Any, tuple[Fitted, TreeEnsemble]] = WeakKeyDictionary()
"""By estimator, as long as it lives: each question about a model is an explainer of its own, on the same trees."""
_LOCK = threading.Lock()  # the questions come from several threads


class TreesExplainer(Explainer):
    """Path-dependent TreeSHAP (Lundberg, Erion & Lee 2018) by ``workbench.treeshap``.

    The reference is the training rows themselves: each split knows how many of them went which way. Missing values and
    categories that were never seen take the branches that they take when predicting.
    """

    method = "exact path-dependent TreeSHAP"
    untimed_rows = 20_000

    @property
    @abstractmethod
    def ensemble(self) -> TreeEnsemble:
        """The estimator's trees."""

    def seen(self, matrix: Matrix) -> np.ndarray:
        """Rows as the trees see them, shape (rows, derived columns)."""
        return dense(matrix)

    def contributions(self, matrix: Matrix) -> Contributions:
        """Of every output; of two classes the second's alone."""
        return Contributions(shapley_values(self.ensemble, self.seen(matrix)), self.ensemble.base)

    def interactions(self, matrix: Matrix, groups: np.ndarray) -> np.ndarray:
        """From the same walk as the contributions."""
        return shapley_interactions(self.ensemble, self.seen(matrix), groups)


class ReadTreesExplainer(TreesExplainer):
    """Of estimators that do not keep their trees as arrays: they are read once, for all explainers of an estimator."""

    @cached_property
    def ensemble(self) -> TreeEnsemble:
        """The estimator's trees, read once."""
        holder, trees = self.fitted()
        with _LOCK:
            known = _READ.get(self.estimator)
        if known is not None and known[0][0] is holder and known[0][1] == trees:
            return known[1]
        ensemble = self.read()
        with _LOCK:
            if sum(each.leaves.size for _, each in _READ.values()) + ensemble.leaves.size > MOST_FIGURES:
                _READ.clear()
            if ensemble.leaves.size <= MOST_FIGURES:
                _READ[self.estimator] = (holder, trees), ensemble
        return ensemble

    @abstractmethod
    def read(self) -> TreeEnsemble:
        """The estimator's trees as arrays."""

    @abstractmethod
    def fitted(self) -> Fitted:
        """What holds the trees, and how many count: others when the estimator was fitted anew, or has gone on."""
