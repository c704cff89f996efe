"""LightGBM explains itself: exact path-dependent Shapley values in its own raw scores."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from sklearn.base import is_classifier

from workbench.cores import cores
from workbench.explain.explainers._base import Contributions, Explainer, Matrix

LOG_LINKS = ("poisson", "gamma", "tweedie")


class BoostingExplainer(Explainer):
    """Path-dependent TreeSHAP as LightGBM computes it.

    Lundberg, Erion & Lee 2018, "Consistent individualized feature attribution for tree ensembles". The reference
    is the training rows themselves: each node knows how many of them passed. Missing values and categories that
    were never seen take the branches that they take when predicting. Classes are explained in log-odds; with more
    than two, each output is the class's raw score before the softmax.
    """

    method = "exact path-dependent TreeSHAP (LightGBM)"

    @classmethod
    def supports(cls, estimator: Any) -> bool:
        """LightGBM's scikit-learn estimators, except trees with linear leaves, whose values it doesn't compute."""
        # whoever holds such an estimator has imported the library: no import here keeps this module light
        lightgbm = sys.modules.get("lightgbm")
        if lightgbm is None or not isinstance(estimator, lightgbm.LGBMModel):
            return False
        return not estimator.get_params().get("linear_tree", False)

    def space(self, target: str) -> str:
        """Log-odds for classes; units of the target, or of its logarithm where the objective predicts that."""
        if is_classifier(self.estimator):
            return "log-odds"
        log = str(self.estimator.objective_).split(" ")[0] in LOG_LINKS
        return f"units of log({target})" if log else f"units of {target}"

    # every core there is: what the model was trained with was the share of one trial
    def margin(self, matrix: Matrix) -> np.ndarray:
        """Raw scores, shape (rows, outputs)."""
        raw = self.estimator.predict(matrix, raw_score=True, num_threads=cores())
        return np.asarray(raw, dtype=np.float64).reshape(matrix.shape[0], -1)

    def contributions(self, matrix: Matrix) -> Contributions:
        """One call; LightGBM puts the outputs side by side, each followed by its base."""
        flat = self.estimator.predict(matrix, pred_contrib=True, num_threads=cores())
        if hasattr(flat, "toarray"):
            flat = flat.toarray()
        rows, columns = matrix.shape
        blocks = np.asarray(flat, dtype=np.float64).reshape(rows, -1, columns + 1)
        return Contributions(np.moveaxis(blocks[:, :, :-1], 1, 2), blocks[0, :, -1])
