"""Trees of every library that the kernel reads: exact path-dependent Shapley values and interactions."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from workbench.explain.explainers._base import Contributions, Explainer, Matrix, dense
from workbench.treeshap import TreeEnsemble, shapley_interactions, shapley_values

MOST_LEAVES = 4_000_000
"""Of all ensembles that are kept; some hundred megabytes."""
_READ: WeakKeyDictionary[Any, tuple[Any, TreeEnsemble]] = WeakKeyDictionary()
"""By estimator, as long as it lives: each question about a model is an explainer of its own, on the same trees."""


class TreesExplainer(Explainer):
    """Path-dependent TreeSHAP (Lundberg, Erion & Lee 2018) by ``workbench.treeshap``.

    The reference is the training rows themselves: each split knows how many of them went which way. Missing values and
    categories that were never seen take the branches that they take when predicting.
    """

    method = "exact path-dependent TreeSHAP"
    untimed_rows = 20_000

    @property
    def ensemble(self) -> TreeEnsemble:
        """The estimator's trees, read once."""
        fitted = self.fitted()
        known = _READ.get(self.estimator)
        if known is not None and known[0] is fitted:
            return known[1]
        ensemble = self.read()
        if sum(len(each.leaves) for _, each in list(_READ.values())) + len(ensemble.leaves) > MOST_LEAVES:
            _READ.clear()
        _READ[self.estimator] = fitted, ensemble
        return ensemble

    @abstractmethod
    def read(self) -> TreeEnsemble:
        """The estimator's trees as arrays."""

    @abstractmethod
    def fitted(self) -> Any:
        """What holds the trees: another object when the estimator has been fitted anew."""

    def seen(self, matrix: Matrix) -> np.ndarray:
        """Rows as the trees see them, shape (rows, derived columns)."""
        return dense(matrix)

    def contributions(self, matrix: Matrix) -> Contributions:
        """Of every output; of two classes the second's alone."""
        return Contributions(shapley_values(self.ensemble, self.seen(matrix)), self.ensemble.base)

    def interactions(self, matrix: Matrix, groups: np.ndarray) -> np.ndarray:
        """From the same walk as the contributions."""
        return shapley_interactions(self.ensemble, self.seen(matrix), groups)
