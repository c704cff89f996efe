"""Forests of scikit-learn: exact path-dependent Shapley values in units of the target or in probability."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import is_classifier
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor, RandomForestClassifier, RandomForestRegressor
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from workbench.explain.explainers._base import Matrix, second_of_two
from workbench.explain.explainers.trees import Fitted, ReadTreesExplainer
from workbench.treeshap import TreeEnsemble
from workbench.treeshap.sklearn_forest import of_forest

FORESTS = (
    RandomForestClassifier,
    RandomForestRegressor,
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    DecisionTreeClassifier,
    DecisionTreeRegressor,
)


class ForestExplainer(ReadTreesExplainer):
    """Trees and forests, whose trees say shares or numbers."""

    @classmethod
    def supports(cls, estimator: Any) -> bool:
        """Trees and forests with one target."""
        return isinstance(estimator, FORESTS) and getattr(estimator, "n_outputs_", 1) == 1

    def read(self) -> TreeEnsemble:
        """The forest's trees, each worth its share."""
        return of_forest(self.estimator)

    def fitted(self) -> Fitted:
        """The trees; a warm start adds to them."""
        trees = getattr(self.estimator, "estimators_", None)
        return (self.estimator.tree_, 1) if trees is None else (trees, len(trees))

    def space(self, target: str) -> str:
        """Probability for classes, the target's units for regression."""
        return "probability" if is_classifier(self.estimator) else f"units of {target}"

    def margin(self, matrix: Matrix) -> np.ndarray:
        """Probabilities or predictions, shape (rows, outputs)."""
        if is_classifier(self.estimator):
            return second_of_two(np.asarray(self.estimator.predict_proba(matrix), dtype=np.float64))
        return np.asarray(self.estimator.predict(matrix), dtype=np.float64).reshape(-1, 1)
