"""A classifier as it is used: its shares led to what came, and its answer taken where a mistake costs least."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, clone

from workbench.pipelines.calibration import Calibrator


class FinishedClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """The last step of a pipeline: a classifier with what was learnt from its out-of-fold predictions.

    Args:
        model: the classifier; explanations are of its own output, before calibration.
        calibrator: leads shares to what came; ``None`` where they can be taken as they are.
        threshold: share of the positive class from which it is the answer; ``None`` takes the likeliest class.
        positive: position of the positive class among the two.
        emphasis: what the share of each class is multiplied by before the highest is the answer, where no threshold
            is given; ``None`` takes the likeliest class.
    """

    emphasis: tuple[float, ...] | None = None  # models that were logged before there was one have none

    def __init__(
        self,
        model: Any = None,
        calibrator: Calibrator | None = None,
        threshold: float | None = None,
        positive: int = 1,
        emphasis: tuple[float, ...] | None = None,
    ) -> None:
        self.model = model
        self.calibrator = calibrator
        self.threshold = threshold
        self.positive = positive
        self.emphasis = emphasis

    @classmethod
    def around(
        cls,
        model: Any,
        *,
        calibrator: Calibrator | None = None,
        threshold: float | None = None,
        positive: int = 1,
        emphasis: tuple[float, ...] | None = None,
    ) -> Self:
        """Of a fitted classifier."""
        made = cls(model, calibrator, threshold, positive, emphasis)
        made.model_ = model
        return made

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit a copy of the model; what is done to its shares stays as it is."""
        self.model_ = clone(self.model).fit(X, y, sample_weight=sample_weight)
        return self

    @property
    def classes_(self) -> np.ndarray:
        """Class labels in the order of ``predict_proba``."""
        return np.asarray(self.model_.classes_)

    def predict_proba(self, X: Any) -> np.ndarray:
        """Shape (rows, classes)."""
        shares = np.asarray(self.model_.predict_proba(X), dtype=np.float64)
        return shares if self.calibrator is None else self.calibrator(shares)

    def predict(self, X: Any) -> np.ndarray:
        """The answer for each row, shape (rows,)."""
        shares = self.predict_proba(X)
        if self.threshold is None:
            return np.asarray(self.classes_[(shares * (self.emphasis or 1.0)).argmax(axis=1)])
        said = shares[:, self.positive] >= self.threshold
        return np.asarray(self.classes_[np.where(said, self.positive, 1 - self.positive)])
