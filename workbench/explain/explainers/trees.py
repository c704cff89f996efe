"""Trees of every library that the kernel reads: exact path-dependent Shapley values and interactions."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property

import numpy as np

from workbench.explain.explainers._base import Contributions, Explainer, Matrix, dense
from workbench.treeshap import TreeEnsemble, shapley_interactions, shapley_values


class TreesExplainer(Explainer):
    """Path-dependent TreeSHAP (Lundberg, Erion & Lee 2018) by ``workbench.treeshap``.

    The reference is the training rows themselves: each split knows how many of them went which way. Missing values and
    categories that were never seen take the branches that they take when predicting.
    """

    method = "exact path-dependent TreeSHAP"
    untimed_rows = 20_000

    @cached_property
    @abstractmethod
    def ensemble(self) -> TreeEnsemble:
        """The estimator's trees, read once."""

    def seen(self, matrix: Matrix) -> np.ndarray:
        """Rows as the trees see them, shape (rows, derived columns)."""
        return dense(matrix)

    def contributions(self, matrix: Matrix) -> Contributions:
        """Of every output; of two classes the second's alone."""
        return Contributions(shapley_values(self.ensemble, self.seen(matrix)), self.ensemble.base)

    def interactions(self, matrix: Matrix, groups: np.ndarray) -> np.ndarray:
        """From the same walk as the contributions."""
        return shapley_interactions(self.ensemble, self.seen(matrix), groups)
