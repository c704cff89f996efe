"""Estimators that explain their own raw scores: exact contributions in log-odds or units of the target."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import is_classifier

from workbench.explain.explainers._base import Contributions, Explainer, Matrix, dense
from workbench.pipelines.raw_model import RawModel


class OwnExplainer(Explainer):
    """What a ``RawModel`` says of itself: how, its ``explained_by`` tells.

    A new family whose estimator is one is explained exactly without a line here.
    """

    method = "contributions of the model itself"
    untimed_rows = 2_000

    def __init__(self, estimator: Any, groups: np.ndarray, reference: np.ndarray | None = None) -> None:
        super().__init__(estimator, groups, reference)
        self.method = estimator.explained_by

    @classmethod
    def supports(cls, estimator: Any) -> bool:
        """Every ``RawModel``."""
        return isinstance(estimator, RawModel)

    def space(self, target: str) -> str:
        """Log-odds for classes, the target's units for regression."""
        return "log-odds" if is_classifier(self.estimator) else f"units of {target}"

    def margin(self, matrix: Matrix) -> np.ndarray:
        """Raw scores, shape (rows, outputs)."""
        return np.asarray(self.estimator.scores(dense(matrix)), dtype=np.float64)

    def contributions(self, matrix: Matrix) -> Contributions:
        """The estimator's own."""
        return Contributions(*self.estimator.contributions(dense(matrix)))
