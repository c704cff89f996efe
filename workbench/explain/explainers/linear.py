"""Linear models in closed form: coefficient times distance from the average."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import is_classifier
from sklearn.linear_model import LogisticRegression, SGDClassifier, SGDRegressor
from sklearn.linear_model._base import LinearModel

from workbench.explain.explainers._base import Contributions, Explainer, Matrix, dense


class LinearExplainer(Explainer):
    """Exact Shapley values of a linear model for independent columns.

    φ_j = β_j (z_j − mean z_j), Štrumbelj & Kononenko 2014, "Explaining prediction models and individual
    predictions with feature contributions", section 4.1. Logistic models are explained in log-odds; with more than
    two classes each output is the class's linear score before the softmax.
    """

    method = "linear model, closed form: coefficient × (value − average)"
    additive = True
    untimed_rows = 50_000

    @classmethod
    def supports(cls, estimator: Any) -> bool:
        """Least squares and its relatives with one target, and logistic regression; no other link functions."""
        if isinstance(estimator, SGDClassifier):
            return bool(estimator.loss == "log_loss")
        if isinstance(estimator, LinearModel) and not is_classifier(estimator):
            return np.ndim(getattr(estimator, "coef_", np.zeros((1, 1, 1)))) == 1
        return isinstance(estimator, LogisticRegression | SGDRegressor)

    @classmethod
    def reference_from(cls, matrix: Matrix, seed: int) -> np.ndarray:
        """The average row, shape (1, derived columns)."""
        mean = np.mean(matrix, axis=0, dtype=np.float64) if isinstance(matrix, np.ndarray) else matrix.mean(axis=0)
        return np.asarray(mean, dtype=np.float64).reshape(1, -1)

    def space(self, target: str) -> str:
        """Log-odds for classes, the target's units for regression."""
        return "log-odds" if is_classifier(self.estimator) else f"units of {target}"

    def margin(self, matrix: Matrix) -> np.ndarray:
        """The decision function or the prediction, shape (rows, outputs)."""
        score = self.estimator.decision_function if is_classifier(self.estimator) else self.estimator.predict
        # single precision would lose the digits that additivity is checked to
        exact = matrix.astype(np.float64) if isinstance(matrix, np.ndarray) else matrix
        margin = np.asarray(score(exact), dtype=np.float64)
        return margin.reshape(matrix.shape[0], -1)

    def contributions(self, matrix: Matrix) -> Contributions:
        """One product a value."""
        assert self.reference is not None
        coefficients = np.atleast_2d(np.asarray(self.estimator.coef_, dtype=np.float64))
        intercept = np.broadcast_to(np.asarray(self.estimator.intercept_, dtype=np.float64), coefficients.shape[:1])
        centred = dense(matrix) - self.reference
        values = centred[:, :, None] * coefficients.T[None, :, :]
        return Contributions(values, intercept + coefficients @ self.reference[0])
