"""LightGBM: exact path-dependent Shapley values in its own raw scores."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from workbench.cores import cores
from workbench.explain.explainers._base import Contributions, Matrix, dense
from workbench.explain.explainers.lightgbm_scores import Boosted, LightGBMScores
from workbench.explain.explainers.trees import Fitted, ReadTreesExplainer
from workbench.treeshap import TreeEnsemble, is_compiled
from workbench.treeshap.lightgbm_booster import of_booster


class BoostingExplainer(LightGBMScores, ReadTreesExplainer):
    """Boosted trees with constant leaves."""

    @classmethod
    def supports(cls, estimator: Any) -> bool:
        """LightGBM's models, except trees with linear leaves."""
        found = Boosted.of(estimator)
        return found is not None and not found.lines

    def contributions(self, matrix: Matrix) -> Contributions:
        """By the walk; while that is being compiled, once a machine, by LightGBM itself: slower, and as exact."""
        if is_compiled():
            return super().contributions(matrix)
        flat = self.boosted.booster.predict(
            matrix, pred_contrib=True, num_threads=cores(), num_iteration=self.boosted.rounds
        )
        if hasattr(flat, "toarray"):
            flat = flat.toarray()
        rows, columns = matrix.shape
        blocks = np.asarray(flat, dtype=np.float64).reshape(rows, -1, columns + 1)
        return Contributions(np.moveaxis(blocks[:, :, :-1], 1, 2), blocks[0, :, -1])

    def read(self) -> TreeEnsemble:
        """The booster's trees up to the round that predictions end with."""
        return of_booster(self.boosted.booster, self.boosted.rounds)

    def fitted(self) -> Fitted:
        """The booster and its rounds."""
        booster = self.boosted.booster
        return booster, self.boosted.rounds or booster.current_iteration()

    def seen(self, matrix: Matrix) -> np.ndarray:
        """Categories of a frame as the codes that the booster was trained on."""
        kinds = self.boosted.booster.pandas_categorical
        if kinds and isinstance(matrix, pd.DataFrame):
            named = [name for name in matrix.columns if isinstance(matrix[name].dtype, pd.CategoricalDtype)]
            codes = {
                name: pd.Series(pd.Categorical(matrix[name], categories=levels).codes, index=matrix.index)
                for name, levels in zip(named, kinds, strict=True)
            }
            matrix = matrix.assign(**{name: code.where(code >= 0) for name, code in codes.items()})
        return dense(matrix)
