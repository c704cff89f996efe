"""The baseline says the same for every row, so no column contributes anything."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import is_classifier
from sklearn.dummy import DummyClassifier, DummyRegressor

from workbench.explain.explainers._base import Contributions, Explainer, Matrix, second_of_two


class ConstantExplainer(Explainer):
    """All zeros: the constant prediction is the base itself."""

    method = "constant prediction: every contribution is zero"
    additive = True

    @classmethod
    def supports(cls, estimator: Any) -> bool:
        """Dummy estimators whose answer does not depend on chance."""
        if isinstance(estimator, DummyClassifier):
            return estimator.strategy in ("prior", "most_frequent", "constant")
        return isinstance(estimator, DummyRegressor)

    def space(self, target: str) -> str:
        """Probability for classes, the target's units for regression."""
        return "probability" if is_classifier(self.estimator) else f"units of {target}"

    def margin(self, matrix: Matrix) -> np.ndarray:
        """The constant, once a row."""
        blank = np.zeros((matrix.shape[0], 1))
        if is_classifier(self.estimator):
            return second_of_two(np.asarray(self.estimator.predict_proba(blank), dtype=np.float64))
        return np.asarray(self.estimator.predict(blank), dtype=np.float64).reshape(-1, 1)

    def contributions(self, matrix: Matrix) -> Contributions:
        """Zeros, with the constant as base."""
        base = self.margin(matrix[:1])[0]
        return Contributions(np.zeros((*matrix.shape, base.size)), base)
