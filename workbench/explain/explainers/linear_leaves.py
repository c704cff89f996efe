"""LightGBM's trees with linear leaves: exact path-dependent Shapley values, which the library doesn't compute."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from workbench.explain.explainers._base import Contributions, Matrix, dense, take
from workbench.explain.explainers.lightgbm_scores import Boosted, LightGBMScores
from workbench.treeshap import TreeEnsemble, shapley_values
from workbench.treeshap.lightgbm_booster import of_booster_with_lines

REFERENCE_ROWS = 500


class LinearLeavesExplainer(LightGBMScores):
    """Path-dependent Shapley values of trees with linear leaves: see ``workbench.treeshap.lines``.

    An unknown column of a line stands at its mean among the reference rows in the leaf.
    """

    method = "exact path-dependent Shapley values of linear leaves"

    @classmethod
    def supports(cls, estimator: Any) -> bool:
        """LightGBM's regressions with ``linear_tree``."""
        found = Boosted.of(estimator)
        return found is not None and found.lines and not found.classes

    @classmethod
    def reference_from(cls, matrix: Matrix, seed: int) -> np.ndarray:
        """Some rows drawn without replacement, shape (up to 500, derived columns)."""
        rows = matrix.shape[0]
        chosen = np.random.default_rng(seed).choice(rows, size=min(rows, REFERENCE_ROWS), replace=False)
        return dense(take(matrix, np.sort(chosen)))

    def contributions(self, matrix: Matrix) -> Contributions:
        """By the walk."""
        return Contributions(shapley_values(self.ensemble, dense(matrix)), self.ensemble.base)

    @cached_property
    def ensemble(self) -> TreeEnsemble:
        """As predictions do: only the rounds that count."""
        assert self.reference is not None
        return of_booster_with_lines(self.boosted.booster, self.boosted.rounds, self.reference)
