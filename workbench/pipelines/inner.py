"""What stands inside of a pipeline's last step: the model whose output is led back, calibrated or decided on."""

from __future__ import annotations

from typing import Any

from workbench.pipelines.finished import FinishedClassifier
from workbench.pipelines.scaled import ScaledRegressor


def inner_model(estimator: Any) -> Any:
    """The fitted model itself: explanations add up to its output, whatever is done to that afterwards."""
    while isinstance(estimator, FinishedClassifier | ScaledRegressor):
        estimator = estimator.model_
    return estimator


def margin_target(estimator: Any, target: str) -> str:
    """What the output of the inner model is in units of: the target, or the target on a scale."""
    return estimator.scale_.named(target) if isinstance(estimator, ScaledRegressor) else target
