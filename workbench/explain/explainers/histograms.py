"""scikit-learn's histogram gradient boosting: exact path-dependent Shapley values in its own raw scores."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import is_classifier
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from workbench.explain.explainers._base import Matrix
from workbench.explain.explainers.trees import Fitted, ReadTreesExplainer
from workbench.treeshap import TreeEnsemble
from workbench.treeshap.histogram_boosting import in_codes, of_histogram_boosting

LOG_LINKS = ("poisson", "gamma")


class HistogramsExplainer(ReadTreesExplainer):
    """Classes are explained in log-odds; with more than two, each output is a class's score before the softmax."""

    @classmethod
    def supports(cls, estimator: Any) -> bool:
        """Both estimators."""
        return isinstance(estimator, HistGradientBoostingClassifier | HistGradientBoostingRegressor)

    def read(self) -> TreeEnsemble:
        """The model's trees, with the score that boosting began at."""
        return of_histogram_boosting(self.estimator)

    def fitted(self) -> Fitted:
        """The trees; a warm start adds to them."""
        return self.estimator._predictors, len(self.estimator._predictors)

    def seen(self, matrix: Matrix) -> np.ndarray:
        """In the codes that the trees ask for."""
        return in_codes(self.estimator, matrix)

    def space(self, target: str) -> str:
        """Log-odds for classes; units of the target, or of its logarithm where the loss predicts that."""
        if is_classifier(self.estimator):
            return "log-odds"
        return f"units of log({target})" if self.estimator.loss in LOG_LINKS else f"units of {target}"

    def margin(self, matrix: Matrix) -> np.ndarray:
        """Raw scores, shape (rows, outputs)."""
        if is_classifier(self.estimator):
            raw = self.estimator.decision_function(matrix)
        else:  # before the link of the loss
            raw = self.estimator._raw_predict(matrix)
        return np.asarray(raw, dtype=np.float64).reshape(matrix.shape[0], -1)
