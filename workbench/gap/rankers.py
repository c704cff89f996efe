"""Ways to rank categories for customers: the one that is used and those that it must beat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from workbench.gap.ease import LAMBDA_BINARY, LAMBDA_MONEY, ease_weights
from workbench.gap.matrix import Floats

EASE = "EASE on log spend"
EASE_BINARY = "EASE on bought or not"
POPULARITY = "popularity"
POPULARITY_ACTIVITY = "popularity x activity"
KNN = "item-kNN cosine"
BASELINES = (POPULARITY, POPULARITY_ACTIVITY, KNN)

Ranker = Callable[[Floats], Floats]
"""Past spend of some customers, shape (customers, categories), to scores of the same shape: higher is more wanted."""


def log_spend(past: Floats) -> Floats:
    """Money on a scale on which one large basket doesn't outshout the rest; returns count as nothing."""
    return np.log1p(np.maximum(past, 0.0))


def bought(past: Floats) -> Floats:
    """1 where anything was bought."""
    return (past > 0).astype(np.float64)


@dataclass(frozen=True)
class Rankers:
    """All rankers, learnt from one matrix of past spend.

    Attributes:
        score: a ranker by name.
        share: of customers who bought each category, shape (categories,).
    """

    score: dict[str, Ranker]
    share: Floats


def fit_rankers(past: Floats) -> Rankers:
    """Every ranker, learnt from the past spend of all customers, shape (customers, categories)."""
    flags = bought(past)
    share = flags.mean(axis=0)
    money = ease_weights(log_spend(past), LAMBDA_MONEY)
    binary = ease_weights(flags, LAMBDA_BINARY)
    similar = _cosine(flags)
    score: dict[str, Ranker] = {
        EASE: lambda rows: log_spend(rows) @ money,
        EASE_BINARY: lambda rows: bought(rows) @ binary,
        KNN: lambda rows: bought(rows) @ similar,
        POPULARITY_ACTIVITY: lambda rows: np.outer(bought(rows).sum(axis=1) + 1.0, share),
        POPULARITY: lambda rows: np.tile(share, (len(rows), 1)),
    }
    return Rankers(score, share)


def _cosine(flags: Floats) -> Floats:
    """Cosine similarity of categories by who bought them, zero with themselves."""
    overlap = flags.T @ flags
    size = np.sqrt(np.maximum(np.diag(overlap), 1.0))
    similar: Floats = overlap / np.outer(size, size)
    np.fill_diagonal(similar, 0.0)
    return similar
