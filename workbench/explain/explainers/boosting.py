"""LightGBM: exact path-dependent Shapley values in its own raw scores."""

from __future__ import annotations

import sys
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import is_classifier

from workbench.cores import cores
from workbench.explain.explainers._base import Explainer, Matrix, dense
from workbench.explain.explainers.trees import TreesExplainer
from workbench.treeshap import TreeEnsemble
from workbench.treeshap.lightgbm_booster import of_booster

LOG_LINKS = ("poisson", "gamma", "tweedie")


class LightGBMScores(Explainer):
    """What all of LightGBM's estimators are explained in: their raw scores.

    Classes are explained in log-odds; with more than two, each output is the class's raw score before the softmax.
    """

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


class BoostingExplainer(LightGBMScores, TreesExplainer):
    """Boosted trees with constant leaves."""

    @classmethod
    def supports(cls, estimator: Any) -> bool:
        """LightGBM's scikit-learn estimators, except trees with linear leaves, whose values it doesn't compute."""
        # whoever holds such an estimator has imported the library: no import here keeps this module light
        lightgbm = sys.modules.get("lightgbm")
        if lightgbm is None or not isinstance(estimator, lightgbm.LGBMModel):
            return False
        return not estimator.get_params().get("linear_tree", False)

    @cached_property
    def ensemble(self) -> TreeEnsemble:
        """The booster's trees up to the round that predictions end with."""
        return of_booster(self.estimator.booster_, self.estimator.best_iteration_ or None)

    def seen(self, matrix: Matrix) -> np.ndarray:
        """Categories of a frame as the codes that the booster was trained on."""
        kinds = self.estimator.booster_.pandas_categorical
        if kinds and isinstance(matrix, pd.DataFrame):
            named = [name for name in matrix.columns if isinstance(matrix[name].dtype, pd.CategoricalDtype)]
            codes = {
                name: pd.Series(pd.Categorical(matrix[name], categories=levels).codes, index=matrix.index)
                for name, levels in zip(named, kinds, strict=True)
            }
            matrix = matrix.assign(**{name: code.where(code >= 0) for name, code in codes.items()})
        return dense(matrix)
