"""Several fitted models as one: a weighted sum of what they say, each in the space where its explanation adds up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

from workbench.contracts.table import Task
from workbench.pipelines._base import predicted
from workbench.pipelines.derived import Prepared
from workbench.pipelines.encoders import Encoder

LEAST_SHARE = 1e-6
"""Shares below are taken for this before their logarithm: no model may be certain for all the others."""


@dataclass(frozen=True, eq=False)
class FittedModel:
    """The last two steps of a pipeline, fitted on numbers or class codes.

    Attributes:
        classes: how many there are; 0 for regression.
        family: whose model it is.
    """

    encoder: Encoder
    estimator: Any
    task: Task
    classes: int
    family: str = ""

    def predict(self, prepared: Prepared) -> np.ndarray:
        """Shape (rows,) for regression, else shares of shape (rows, classes)."""
        return predicted(self.estimator, self.encoder.transform(prepared), self.task, self.classes)


@dataclass(frozen=True, eq=False)
class Speech:
    """How predictions of a model are turned into scores that may be averaged.

    Numbers stay as they are. Shares become log-odds (of more than two classes: logarithms around their mean); those
    of forests, whose explanations add up in shares, are only stretched and shifted, as Platt (1999) does.

    Attributes:
        slope, shift: of stretched shares, ``shift`` with one figure per class; ``None`` where logarithms are taken.
    """

    slope: float | None = None
    shift: np.ndarray | None = None

    def scores(self, prediction: np.ndarray) -> np.ndarray:
        """Shape (rows,) for numbers, else (rows, classes) with a mean of zero in each row."""
        if prediction.ndim == 1:
            return np.asarray(prediction, dtype=np.float64)
        if self.slope is None:
            scores = np.log(np.clip(prediction, LEAST_SHARE, 1.0))
        else:
            scores = self.slope * prediction + (0.0 if self.shift is None else self.shift)
        return np.asarray(scores - scores.mean(axis=1, keepdims=True), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Voice:
    """One member of a blend: one model, or the models of all folds of one trial, whose scores are averaged."""

    weight: float
    models: tuple[FittedModel, ...]
    speech: Speech

    def scores(self, prepared: Prepared) -> np.ndarray:
        """The mean over its models."""
        each = [self.speech.scores(model.predict(prepared)) for model in self.models]
        return np.asarray(np.mean(each, axis=0), dtype=np.float64)


def shares_of(scores: np.ndarray, slope: float = 1.0) -> np.ndarray:
    """Class shares of averaged scores, shape (rows, classes)."""
    stretched = slope * (scores - scores.max(axis=1, keepdims=True))
    shares = np.exp(stretched)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), dtype=np.float64)


class _Blend(BaseEstimator):
    """The last step of a pipeline whose first one is a ``Preparer``.

    Args:
        voices: the members with their weights.
    """

    def __init__(self, voices: tuple[Voice, ...] = ()) -> None:
        self.voices = voices

    def fit(self, X: Prepared, y: Any = None) -> Self:
        """Nothing is learnt here: the members are fitted already."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return bool(self.voices)

    @property
    def families(self) -> tuple[str, ...]:
        """Whose models the members are, each once."""
        return tuple(dict.fromkeys(model.family for voice in self.voices for model in voice.models))

    def scores(self, X: Prepared) -> np.ndarray:
        """The weighted sum of the members' scores."""
        return np.asarray(sum(voice.weight * voice.scores(X) for voice in self.voices), dtype=np.float64)


class BlendRegressor(RegressorMixin, _Blend):  # type: ignore[misc]
    """A blend that predicts numbers.

    Args:
        shift: what is added to the weighted sum.
    """

    shift: float = 0.0  # for models that were kept before there was one

    def __init__(self, voices: tuple[Voice, ...] = (), shift: float = 0.0) -> None:
        super().__init__(voices)
        self.shift = shift

    def predict(self, X: Prepared) -> np.ndarray:
        """Shape (rows,)."""
        return self.scores(X) + self.shift


class BlendClassifier(ClassifierMixin, _Blend):  # type: ignore[misc]
    """A blend that predicts classes.

    Args:
        classes: labels in the order of the codes that the members were fitted on.
        slope: by which averaged scores are stretched, so that shares come true.
    """

    def __init__(self, voices: tuple[Voice, ...] = (), classes: Any = (), slope: float = 1.0) -> None:
        super().__init__(voices)
        self.classes = classes
        self.slope = slope

    @property
    def classes_(self) -> np.ndarray:
        """Class labels in the order of ``predict_proba``."""
        return np.asarray(self.classes)

    def predict_proba(self, X: Prepared) -> np.ndarray:
        """Shape (rows, classes)."""
        return shares_of(self.scores(X), self.slope)

    def predict(self, X: Prepared) -> np.ndarray:
        """The likeliest class of each row."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])
