"""A regression that is learnt on a scale of its target and predicts in the target's own unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin, clone

from workbench.budget import Budget
from workbench.contracts.table import Task
from workbench.pipelines._base import Family, Fold, FoldFit, Params
from workbench.pipelines.target_scale import MeanCurve, TargetScale, spread_of

PARAMETER, SCALED = "target_scale", "unskewed"
"""The parameter of a search space that asks for a scale, and its value that does."""
_PARTS = 5
_LOG_OBJECTIVES = ("poisson", "tweedie", "gamma")


class ScaledRegressor(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """The last step of a pipeline: a regression on a ``TargetScale``.

    Args:
        model: the regression on the scale; its explanations add up there.
        spread: residuals on the scale of rows that the model was not fitted on, shape (residuals,); none for a
            prediction that is no mean.
    """

    def __init__(self, model: Any = None, spread: Any = ()) -> None:
        self.model = model
        self.spread = spread

    @classmethod
    def around(cls, model: Any, scale: TargetScale, spread: np.ndarray) -> Self:
        """Of a model that was fitted on the scale."""
        made = cls(model, spread)
        made._learn(model, scale)
        return made

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Find the scale of ``y`` and fit a copy of the model on it."""
        y = np.asarray(y, dtype=np.float64)
        scale = TargetScale.of(y)
        self._learn(clone(self.model).fit(X, scale.forth(y), sample_weight=sample_weight), scale)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Shape (rows,), in the target's unit."""
        return self.curve_(np.asarray(self.model_.predict(X), dtype=np.float64).reshape(-1))

    def _learn(self, model: Any, scale: TargetScale) -> None:
        self.model_, self.scale_ = model, scale
        self.curve_ = MeanCurve.of(scale, np.asarray(self.spread, dtype=np.float64))


def is_scaled(params: Mapping[str, Any]) -> bool:
    """Whether parameters ask for a scale of the target."""
    return params.get(PARAMETER) == SCALED


def fit_fold(
    kind: Family, fold: Fold, params: Params, *, seed: int, threads: int = 1, budget: Budget | None = None
) -> FoldFit:
    """``Family.fit_fold``, on a scale of the target where the parameters ask for one.

    The scale is that of the training rows. A test row's mean is made with the residuals of *other* test rows: the
    model has seen none of them, and no row helps to predict itself.
    """
    if not is_scaled(params) or fold.task is not Task.REGRESSION:
        return kind.fit_fold(fold, params, seed=seed, threads=threads, budget=budget)
    scale = TargetScale.of(fold.target[fold.train])
    z = scale.forth(fold.target)
    # binned and encoded rows hold the target too, so they are kept apart from those of the plain target
    scaled = replace(fold, target=z, cache=fold.cache.setdefault("scaled", {}))
    found = kind.fit_fold(scaled, inner_params(params), seed=seed, threads=threads, budget=budget)
    residuals = z[fold.test] - found.prediction if predicts_mean(fold.objective) else np.empty(0)
    model = ScaledRegressor.around(found.estimator, scale, spread_of(residuals))
    return replace(found, prediction=_crossed(scale, found.prediction, residuals, seed), estimator=model)


def inner_params(params: Params) -> dict[str, Any]:
    """What the family is told: on a scale no objective that takes a logarithm by itself."""
    return {
        name: value
        for name, value in params.items()
        if name != PARAMETER and not (name == "objective" and value in _LOG_OBJECTIVES)
    }


def predicts_mean(objective: str) -> bool:
    """Whether a metric asks for means; medians and quantiles find their way back by themselves."""
    return objective == "rmse"


def _crossed(scale: TargetScale, z: np.ndarray, residuals: np.ndarray, seed: int) -> np.ndarray:
    if residuals.size < 2:
        return MeanCurve.of(scale, np.empty(0))(z)
    parts = min(_PARTS, residuals.size)
    part = np.random.default_rng([seed, 77]).permutation(np.arange(residuals.size) % parts)
    said = np.empty(z.size)
    for one in range(parts):
        inside = part == one
        said[inside] = MeanCurve.of(scale, spread_of(residuals[~inside]))(z[inside])
    return said
