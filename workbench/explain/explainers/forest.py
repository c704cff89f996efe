"""Forests of scikit-learn: exact path-dependent Shapley values in units of the target or in probability."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from sklearn.base import is_classifier
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor, RandomForestClassifier, RandomForestRegressor
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from workbench.explain.explainers._base import Contributions, Explainer, Matrix, dense, second_of_two

FORESTS = (
    RandomForestClassifier,
    RandomForestRegressor,
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    DecisionTreeClassifier,
    DecisionTreeRegressor,
)


class ForestExplainer(Explainer):
    """Path-dependent TreeSHAP (Lundberg, Erion & Lee 2018) by ``shap.TreeExplainer``.

    Costs O(leaves · depth²) a row and tree. The reference is the training rows, by each node's weight.
    """

    method = "exact path-dependent TreeSHAP (shap.TreeExplainer)"
    untimed_rows = 2_000

    @classmethod
    def supports(cls, estimator: Any) -> bool:
        """Trees and forests with one target."""
        return isinstance(estimator, FORESTS) and getattr(estimator, "n_outputs_", 1) == 1

    @cached_property
    def _tree_explainer(self) -> Any:
        import shap  # takes seconds: only those who explain a forest wait for it

        return shap.TreeExplainer(self.estimator, feature_perturbation="tree_path_dependent")

    def space(self, target: str) -> str:
        """Probability for classes, the target's units for regression."""
        return "probability" if is_classifier(self.estimator) else f"units of {target}"

    def margin(self, matrix: Matrix) -> np.ndarray:
        """Probabilities or predictions, shape (rows, outputs)."""
        if is_classifier(self.estimator):
            return second_of_two(np.asarray(self.estimator.predict_proba(matrix), dtype=np.float64))
        return np.asarray(self.estimator.predict(matrix), dtype=np.float64).reshape(-1, 1)

    def contributions(self, matrix: Matrix) -> Contributions:
        """Values of all outputs, of two classes only the second's."""
        # additivity is checked by workbench, to a far narrower limit than shap's 1 %
        values = np.asarray(self._tree_explainer.shap_values(dense(matrix), check_additivity=False), dtype=np.float64)
        values = values.reshape(*matrix.shape, -1)
        base = np.atleast_1d(np.asarray(self._tree_explainer.expected_value, dtype=np.float64))
        if is_classifier(self.estimator) and base.size == 2:
            return Contributions(values[:, :, 1:], base[1:])
        return Contributions(values, base)
