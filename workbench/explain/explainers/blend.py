"""Blends: the contributions of their members, weighted in the space in which a blend adds them up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin

from workbench.explain.explainers._base import Contributions, Explainer, Matrix
from workbench.explain.explainers.fallback import FallbackExplainer
from workbench.explain.members import Members
from workbench.pipelines import inner_model
from workbench.pipelines._base import predicted
from workbench.pipelines.blend import BlendClassifier, BlendRegressor, FittedModel, Speech, Voice
from workbench.pipelines.finished import FinishedClassifier
from workbench.pipelines.scaled import ScaledRegressor


@dataclass(frozen=True, eq=False)
class Part:
    """One model of a blend.

    Attributes:
        factor: what its contributions count for.
        shift: what is added to its base, shape (outputs of the blend,).
        shares: whether its own output are shares of classes, which a blend stretches, instead of log-odds.
    """

    explainer: Explainer
    factor: float
    shift: np.ndarray
    shares: bool

    def scores(self, figures: np.ndarray) -> np.ndarray:
        """Its figures as the blend counts them; outputs last."""
        if self.shares and figures.shape[-1] == 1:
            figures = 2 * figures  # what the second class gains the first one loses
        elif figures.shape[-1] > 1:
            figures = figures - figures.mean(axis=-1, keepdims=True)
        return np.asarray(self.factor * figures)


class Said(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """A member as a black box that says what the blend adds up."""

    def __init__(self, model: FittedModel, speech: Speech) -> None:
        self.model = model
        self.speech = speech

    def predict(self, matrix: np.ndarray) -> np.ndarray:
        """Numbers, or scores; of two classes how much the second's is above the first's."""
        model = self.model
        scores = self.speech.scores(predicted(model.estimator, matrix, model.task, model.classes))
        return scores[:, 1] - scores[:, 0] if model.classes == 2 else scores


class BlendExplainer(Explainer):
    """φ = Σ w φ_member, exact as far as the members' are, because a blend averages scores and not shares.

    Members say log-odds or numbers as they are; shares of forests are stretched, as the blend does it. What a member
    says that is calibrated or predicted on another scale is no sum in the blend's space: it is sampled as a black box.
    A share that is all but certain is cut off in a prediction, and is not here.
    """

    method = "weighted contributions of the blend's members"
    untimed_rows = 2_000

    def __init__(self, estimator: Any, groups: np.ndarray, reference: np.ndarray | None = None) -> None:
        super().__init__(estimator, groups, reference)
        self.additive = all(part.explainer.additive for part in self.parts)
        sampled = any(isinstance(part.explainer, FallbackExplainer) for part in self.parts)
        if sampled:
            self.notice = "Some members of the blend are no sum in its space: their contributions are sampled."

    @classmethod
    def supports(cls, estimator: Any) -> bool:
        """Blends of the search."""
        return isinstance(estimator, BlendClassifier | BlendRegressor)

    @classmethod
    def reference_from(cls, matrix: Matrix, seed: int) -> np.ndarray | None:
        """The members' own references side by side; shorter ones are filled up with rows of NaN."""
        assert isinstance(matrix, Members)
        found = [
            _kind(model, speech).reference_from(part, seed)
            for (model, speech), part in zip(matrix.models, matrix.parts, strict=True)
        ]
        rows = max((len(reference) for reference in found if reference is not None), default=0)
        if rows == 0:
            return None
        together = np.full((rows, matrix.shape[1]), np.nan)
        for reference, columns in zip(found, matrix.columns, strict=True):
            if reference is not None:
                together[: len(reference), columns] = reference
        return together

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Every model of every voice."""
        made, at = [], 0
        for voice in self.estimator.voices:
            for model in voice.models:
                columns = slice(at, at + len(model.encoder.names_out_))
                made.append(self._part(voice, model, columns))
                at = columns.stop
        return tuple(made)

    def space(self, target: str) -> str:
        """Log-odds for classes, the target's units for regression."""
        return "log-odds" if isinstance(self.estimator, BlendClassifier) else f"units of {target}"

    def margin(self, matrix: Matrix) -> np.ndarray:
        """The members' own margins, added up; shape (rows, outputs)."""
        assert isinstance(matrix, Members)
        total = self._start()
        for part, own in zip(self.parts, matrix.parts, strict=True):
            total = total + part.scores(part.explainer.margin(own)) + part.shift
        return np.asarray(total)

    def contributions(self, matrix: Matrix) -> Contributions:
        """Those of the members, each for its own derived columns."""
        assert isinstance(matrix, Members)
        base, values = self._start(), []
        for part, own in zip(self.parts, matrix.parts, strict=True):
            found = part.explainer.contributions(own)
            values.append(part.scores(found.values))
            base = base + part.scores(found.base) + part.shift
        return Contributions(np.concatenate(values, axis=1), np.asarray(base))

    def interactions(self, matrix: Matrix, groups: np.ndarray) -> np.ndarray | None:
        """Those of the members, if all of them know theirs."""
        assert isinstance(matrix, Members)
        total: np.ndarray | None = None
        count = int(groups.max(initial=-1)) + 1
        for part, own, columns in zip(self.parts, matrix.parts, matrix.columns, strict=True):
            chosen = groups[columns]
            found = part.explainer.interactions(own, chosen)
            if found is None and part.explainer.additive:
                continue  # nothing off the diagonal, which is filled below
            if found is None:
                return None
            wide = np.zeros((own.shape[0], count, count, found.shape[-1]))
            wide[:, : found.shape[1], : found.shape[2]] = found
            scores = part.scores(wide)
            total = scores if total is None else total + scores
        if total is None:
            return None
        values = self.contributions(matrix).values
        diagonal = np.arange(count)
        total[:, diagonal, diagonal] = 0
        alone = -total.sum(axis=2)
        for column, group in enumerate(groups):
            if group >= 0:
                alone[:, group] += values[:, column]
        total[:, diagonal, diagonal] = alone
        return total

    def _start(self) -> np.ndarray:
        if isinstance(self.estimator, BlendRegressor):
            return np.array([self.estimator.shift])
        return np.zeros(1 if len(self.estimator.classes) == 2 else len(self.estimator.classes))

    def _part(self, voice: Voice, model: FittedModel, columns: slice) -> Part:
        kind, weight = _kind(model, voice.speech), voice.weight / len(voice.models)
        reference = None if self.reference is None else self.reference[:, columns]
        if reference is not None:
            reference = reference[~np.isnan(reference).all(axis=1)] if reference.shape[1] else reference
        box = Said(model, voice.speech)
        boxed = kind is FallbackExplainer and voice.speech.slope is None
        explainer = kind(box if boxed else inner_model(model.estimator), self.groups[columns], reference)
        if isinstance(self.estimator, BlendRegressor):
            return Part(explainer, weight, np.zeros(1), False)
        factor, speech = self.estimator.slope * weight, voice.speech
        if speech.slope is None:
            return Part(explainer, factor, np.zeros(1), False)
        stretched = factor * speech.slope
        classes = len(self.estimator.classes)
        own = np.zeros(classes) if speech.shift is None else np.asarray(speech.shift, dtype=np.float64)
        if classes == 2:
            return Part(explainer, stretched, np.array([factor * (own[1] - own[0]) - stretched]), True)
        return Part(explainer, stretched, factor * (own - own.mean()), True)


def _kind(model: FittedModel, speech: Speech) -> type[Explainer]:
    """The exact kind for the model inside, where its margin is what the blend adds up; else sampling."""
    from workbench.explain.explainers.dispatch import explainer_kind  # which knows of blends

    estimator = model.estimator
    kind = explainer_kind(inner_model(estimator))
    scaled = isinstance(estimator, ScaledRegressor)
    led = isinstance(estimator, FinishedClassifier) and estimator.calibrator is not None
    partial = model.classes > 0 and len(estimator.classes_) != model.classes
    if scaled or led or partial:
        return FallbackExplainer
    return kind
