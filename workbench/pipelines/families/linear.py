"""Linear models: ridge, lasso and elastic net; logistic for classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.linear_model import ElasticNet, LogisticRegression, Ridge

from workbench.budget import Budget
from workbench.contracts.table import Task
from workbench.pipelines._base import Family, Params
from workbench.pipelines.derived import Derived
from workbench.pipelines.encoders import Encoder, LinearEncoder
from workbench.pipelines.encoders.linear import MOST_LEVELS
from workbench.pipelines.quantile_linear import QuantileRidge

_L1_SHARE = {"ridge": 0.0, "elastic_net": 0.5, "lasso": 1.0}
_SOLVER_ROUNDS = {"ridge": 200, "elastic_net": 100, "lasso": 100}


class Linear(Family):
    """Parameters: ``shape`` of numbers (standard, quantile, spline), ``penalty`` (ridge, elastic_net, lasso) and
    ``strength``: the inverse of the penalty, as scikit-learn's ``C``, the same scale for all tasks and penalties;
    ``loss`` of numbers (squared, absolute, whose penalty is always ridge).
    """

    name = "linear"
    title = "Linear model"
    tasks = frozenset({Task.BINARY, Task.MULTICLASS, Task.REGRESSION})
    explainer = "linear"
    place = 10
    default = True
    library = "sklearn.linear_model"
    quantiles = True

    def encoder(self, params: Params, names: Sequence[str] | None = None) -> Encoder:
        """Indicators, imputation and shaped numbers."""
        return LinearEncoder(names, shape=str(params.get("shape", "standard")))

    def estimator(
        self,
        task: Task,
        params: Params,
        derived: Sequence[Derived],
        *,
        seed: int,
        threads: int = 1,
        rounds: int | None = None,
    ) -> BaseEstimator:
        """Solvers stop at an iteration cap, which on scaled columns they rarely reach."""
        penalty, strength = str(params.get("penalty", "ridge")), float(params.get("strength", 1.0))
        if task is not Task.REGRESSION:
            return LogisticRegression(
                C=strength,
                l1_ratio=_L1_SHARE[penalty],
                solver="lbfgs" if penalty == "ridge" else "saga",
                max_iter=_SOLVER_ROUNDS[penalty],
                tol=1e-4 if penalty == "ridge" else 1e-3,
                random_state=seed,
            )
        if "quantile" in params or params.get("loss") == "absolute":
            return QuantileRidge(float(params.get("quantile", 0.5)), alpha=1.0 / strength)
        if penalty == "ridge":
            return Ridge(alpha=1.0 / strength)
        # ``fit`` turns the strength into scikit-learn's alpha, which depends on rows and on the target's scale
        return ElasticNet(alpha=1.0 / strength, l1_ratio=_L1_SHARE[penalty], max_iter=500, tol=1e-3, random_state=seed)

    def fit(
        self,
        estimator: BaseEstimator,
        matrix: np.ndarray,
        target: np.ndarray,
        *,
        weight: np.ndarray | None = None,
        budget: Budget | None = None,
    ) -> bool:
        """Fit; L1 penalties of a regression are scaled to the rows and the target first."""
        if isinstance(estimator, ElasticNet):
            # as if the target had a spread of one: coefficients grow with it, and their squares with its square
            scale = float(np.std(np.asarray(target, dtype=np.float64))) or 1.0
            absolute, square = scale * estimator.l1_ratio, 1.0 - estimator.l1_ratio
            alpha = estimator.alpha * (absolute + square) / len(matrix)
            estimator.set_params(alpha=alpha, l1_ratio=absolute / (absolute + square))
        return super().fit(estimator, matrix, target, weight=weight, budget=budget)

    def width(self, derived: Sequence[Derived]) -> int:
        """A column for each number, and about two for three levels of a category: rare ones share theirs."""
        levels = (min(MOST_LEVELS, len(column.levels)) for column in derived if column.kind == "category")
        return len(derived) + sum(2 * count // 3 for count in levels)

    def work(self, task: Task, params: Params, rows: int, columns: int, classes: int) -> float:
        """Rows times indicator columns times passes over the data."""
        width = columns * (4.0 if params.get("shape") == "spline" else 1.5)
        if task is Task.REGRESSION:
            return 0.01 + 5e-10 * rows * width * max(20.0, width)
        passes = 40 if params.get("penalty", "ridge") == "ridge" else 120
        outputs = 1 if classes == 2 else classes
        return 0.01 + 8e-9 * rows * width * passes * outputs
