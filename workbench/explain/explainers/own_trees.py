"""Families' own models that are sums of trees: exact path-dependent Shapley values in their raw scores."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import is_classifier

from workbench.explain.explainers._base import Matrix, dense
from workbench.explain.explainers.trees import TreesExplainer
from workbench.pipelines.tree_model import TreeModel
from workbench.treeshap import TreeEnsemble


class OwnTreesExplainer(TreesExplainer):
    """A new family whose estimator is a ``TreeModel`` is explained, its interactions too, without a line here."""

    @classmethod
    def supports(cls, estimator: Any) -> bool:
        """Every ``TreeModel``."""
        return isinstance(estimator, TreeModel)

    @property
    def ensemble(self) -> TreeEnsemble:
        """As the model has read it: it keeps that itself."""
        trees: TreeEnsemble = self.estimator.ensemble
        return trees

    def seen(self, matrix: Matrix) -> np.ndarray:
        """As the model hands rows to its trees."""
        return np.asarray(self.estimator.seen(dense(matrix)), dtype=np.float64)

    def space(self, target: str) -> str:
        """Log-odds for classes, the target's units for regression."""
        return "log-odds" if is_classifier(self.estimator) else f"units of {target}"

    def margin(self, matrix: Matrix) -> np.ndarray:
        """Raw scores, shape (rows, outputs)."""
        return np.asarray(self.estimator.scores(dense(matrix)), dtype=np.float64)
