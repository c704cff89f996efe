"""Trees that the kernel does not read: explained by shap itself, many times slower."""

from __future__ import annotations

import sys
from functools import cached_property
from typing import Any

import numpy as np
from sklearn.base import is_classifier
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor

from workbench.explain.explainers._base import Contributions, Explainer, Matrix, dense


class ShapTreesExplainer(Explainer):
    """Path-dependent TreeSHAP (Lundberg, Erion & Lee 2018) by ``shap.TreeExplainer``.

    Classes are explained in log-odds, numbers in units of the target; the margin is shap's own sum over the trees.
    """

    method = "path-dependent TreeSHAP by shap.TreeExplainer"
    notice = "This kind of trees is not known to workbench's own explainer: shap explains it, many times slower."
    untimed_rows = 2_000

    @classmethod
    def supports(cls, estimator: Any) -> bool:
        """scikit-learn's classic gradient boosting, and XGBoost's and CatBoost's own estimators."""
        if isinstance(estimator, GradientBoostingRegressor):
            return True
        if isinstance(estimator, GradientBoostingClassifier):
            return len(estimator.classes_) == 2  # shap knows no more
        known = [
            kind
            for library, names in (("xgboost", ("XGBModel",)), ("catboost", ("CatBoost",)))
            if (module := sys.modules.get(library)) is not None
            for name in names
            if (kind := getattr(module, name, None)) is not None
        ]
        return isinstance(estimator, tuple(known))

    @cached_property
    def _explainer(self) -> Any:
        import shap  # takes seconds

        return shap.TreeExplainer(self.estimator, feature_perturbation="tree_path_dependent")

    def space(self, target: str) -> str:
        """Log-odds for classes, the target's units for regression."""
        return "log-odds" if is_classifier(self.estimator) else f"units of {target}"

    def margin(self, matrix: Matrix) -> np.ndarray:
        """Raw scores, shape (rows, outputs)."""
        rows = dense(matrix)
        if hasattr(self.estimator, "decision_function"):
            raw = self.estimator.decision_function(rows)
        elif not is_classifier(self.estimator):
            raw = self.estimator.predict(rows)
        elif "xgboost" in type(self.estimator).__module__:
            raw = self.estimator.predict(rows, output_margin=True)
        else:
            raw = self.estimator.predict(rows, prediction_type="RawFormulaVal")
        return np.asarray(raw, dtype=np.float64).reshape(len(rows), -1)

    def contributions(self, matrix: Matrix) -> Contributions:
        """shap's values."""
        rows = dense(matrix)
        values = np.asarray(self._explainer.shap_values(rows, check_additivity=False), dtype=np.float64)
        base = np.atleast_1d(np.asarray(self._explainer.expected_value, dtype=np.float64))
        return Contributions(values.reshape(len(rows), rows.shape[1], -1), base)
