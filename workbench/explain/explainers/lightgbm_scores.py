"""LightGBM's raw scores, whatever holds the booster: its own estimators, or a fold's booster in a blend."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from sklearn.base import is_classifier

from workbench.contracts import Task
from workbench.cores import cores
from workbench.explain.explainers._base import Explainer, Matrix
from workbench.pipelines.fold_booster import FoldBooster

_LINES: WeakKeyDictionary[Any, bool] = WeakKeyDictionary()
LOG_LINKS = ("poisson", "gamma", "tweedie")


@dataclass(frozen=True)
class Boosted:
    """A booster and how predictions use it.

    Attributes:
        rounds: that count; ``None`` for those up to the best one, if there is one.
        classes: whether it was trained on classes.
        lines: whether its leaves hold lines.
    """

    booster: Any
    rounds: int | None
    classes: bool
    lines: bool

    @classmethod
    def of(cls, estimator: Any) -> Boosted | None:
        """``None`` for what holds no booster."""
        if isinstance(estimator, FoldBooster):
            classes = estimator.task is not Task.REGRESSION
            return cls(estimator.booster, estimator.rounds, classes, _has_lines(estimator.booster))
        # whoever holds such an estimator has imported the library: no import here keeps this module light
        lightgbm = sys.modules.get("lightgbm")
        if lightgbm is None or not isinstance(estimator, lightgbm.LGBMModel):
            return None
        lines = bool(estimator.get_params().get("linear_tree", False))
        return cls(estimator.booster_, estimator.best_iteration_ or None, is_classifier(estimator), lines)

    @property
    def logarithmic(self) -> bool:
        """Whether the objective predicts the logarithm."""
        text = str(self.booster.model_to_string(num_iteration=1))
        objective = next((line for line in text.split("\n") if line.startswith("objective=")), "objective=")
        return objective.removeprefix("objective=").split(" ")[0] in LOG_LINKS


def _has_lines(booster: Any) -> bool:
    """Of a booster without its estimator; a blend asks this of many, again and again."""
    if booster not in _LINES:
        _LINES[booster] = "is_linear=1" in booster.model_to_string(num_iteration=1)
    return _LINES[booster]


class LightGBMScores(Explainer):
    """What all of LightGBM's models are explained in: their raw scores.

    Classes are explained in log-odds; with more than two, each output is the class's raw score before the softmax.
    """

    @cached_property
    def boosted(self) -> Boosted:
        """The booster of the estimator."""
        found = Boosted.of(self.estimator)
        assert found is not None
        return found

    def space(self, target: str) -> str:
        """Log-odds for classes; units of the target, or of its logarithm where the objective predicts that."""
        if self.boosted.classes:
            return "log-odds"
        return f"units of log({target})" if self.boosted.logarithmic else f"units of {target}"

    # every core there is: what the model was trained with was the share of one trial
    def margin(self, matrix: Matrix) -> np.ndarray:
        """Raw scores, shape (rows, outputs)."""
        raw = self.boosted.booster.predict(
            matrix, raw_score=True, num_threads=cores(), num_iteration=self.boosted.rounds
        )
        return np.asarray(raw, dtype=np.float64).reshape(matrix.shape[0], -1)
