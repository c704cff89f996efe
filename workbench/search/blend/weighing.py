"""Weights of a blend: by greedy selection, or by a regression of the truth on what the candidates say."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from workbench.pipelines.blend import shares_of
from workbench.search.evaluation.metric import Metric

STEPS = 25
"""Members drawn by a greedy selection, with repetition; more change nothing that can be measured."""
MOST_MEMBERS = 6
_PATIENCE = 5
_LEAST_WEIGHT = 0.03
_PENALTIES = np.logspace(-1, 5, 13)
"""For predictions with a spread of one; leaving one row out after the other chooses."""

Weights = tuple[np.ndarray, float]
"""A weight for each candidate, 0 for those that stay out, and what is added to the weighted sum of scores."""


class Weigher(ABC):
    """A way to weigh candidates, learnt from scores that are out of fold.

    Args:
        objective: that the blend should be good by.
    """

    def __init__(self, objective: Metric) -> None:
        self.objective = objective

    @abstractmethod
    def learn(self, scores: np.ndarray, truth: np.ndarray, weight: np.ndarray | None) -> Weights:
        """Weigh by some rows.

        Args:
            scores: shape (candidates, rows[, classes]).
        """

    @abstractmethod
    def final(self, found: list[Weights], scores: np.ndarray, truth: np.ndarray, weight: np.ndarray | None) -> Weights:
        """The weights to keep.

        Args:
            found: what was learnt from each complement of a part of these rows.
        """


class Selection(Weigher):
    """Members are added one by one, each time the one that helps most, with repetition; the mean of the parts'
    weightings is steadier than one.

    Caruana, Niculescu-Mizil, Crew & Ksikes (2004), "Ensemble selection from libraries of models", and their "bagging".
    """

    def learn(self, scores: np.ndarray, truth: np.ndarray, weight: np.ndarray | None) -> Weights:
        """Weights that sum to one."""
        return greedy(scores, truth, weight, self.objective)[0], 0.0

    def final(self, found: list[Weights], scores: np.ndarray, truth: np.ndarray, weight: np.ndarray | None) -> Weights:
        """The heaviest members, at most ``MOST_MEMBERS``."""
        weights = np.mean([one for one, _ in found], axis=0)
        kept = np.argsort(-weights, kind="stable")[:MOST_MEMBERS]
        pruned = np.zeros_like(weights)
        pruned[kept] = np.where(weights[kept] >= _LEAST_WEIGHT, weights[kept], 0.0)
        return np.asarray(pruned / pruned.sum()), 0.0


class Stacking(Weigher):
    """Ridge regression of numbers on what the candidates say of them, for squared errors.

    Breiman (1996), "Stacked regressions". A mean lies between its members: it can't stretch what all of them shrink,
    nor take from one what another has too much of. Here weights may be negative and needn't sum to one. Candidates
    leave one by one, those that move the blend least first, until there are at most ``MOST_MEMBERS``.
    """

    def learn(self, scores: np.ndarray, truth: np.ndarray, weight: np.ndarray | None) -> Weights:
        """Weights and a shift."""
        from sklearn.linear_model import RidgeCV

        spreads = scores.std(axis=1)
        weights, inside = np.zeros(len(scores)), np.flatnonzero(spreads > 0)
        if not inside.size:
            return weights, float(np.average(truth, weights=weight))
        penalties = _PENALTIES * float(np.mean(spreads[inside] ** 2))
        while True:
            model = RidgeCV(alphas=penalties).fit(scores[inside].T, truth, sample_weight=weight)
            if inside.size <= MOST_MEMBERS:
                weights[inside] = model.coef_
                return weights, float(model.intercept_)
            inside = np.delete(inside, np.argmin(np.abs(model.coef_) * spreads[inside]))

    def final(self, found: list[Weights], scores: np.ndarray, truth: np.ndarray, weight: np.ndarray | None) -> Weights:
        """Learnt anew from all rows: a mean of weights would have more members."""
        return self.learn(scores, truth, weight)


def weighers_for(objective: Metric) -> tuple[Weigher, ...]:
    """Those that serve an objective; one behind another must be better by more than a standard error."""
    selection = Selection(objective)
    return (selection, Stacking(objective)) if objective.name == "rmse" else (selection,)


def greedy(
    scores: np.ndarray, truth: np.ndarray, weight: np.ndarray | None, objective: Metric
) -> tuple[np.ndarray, float]:
    """Weights of the best prefix of a greedy selection, shape (candidates,), and its loss on the same rows."""
    counts = np.zeros(len(scores))
    total = np.zeros(scores.shape[1:])
    best, best_counts, since = np.inf, counts.copy(), 0
    for step in range(1, STEPS + 1):
        means = ((total + one) / step for one in scores)
        said = (mean if mean.ndim == 1 else shares_of(mean) for mean in means)
        losses = [objective.loss(objective.score(truth, one, weight)) for one in said]
        place = int(np.argmin(np.where(np.isnan(losses), np.inf, losses)))
        counts[place] += 1
        total += scores[place]
        if losses[place] < best - 1e-12:
            best, best_counts, since = losses[place], counts.copy(), step
        elif step - since >= _PATIENCE:
            break
    return np.asarray(best_counts / max(1.0, best_counts.sum())), float(best)
