"""The clustering family's last step, fitted as often as a search needs it."""

from __future__ import annotations

import warnings
from typing import Protocol

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from workbench.contracts import Task
from workbench.pipelines import family
from workbench.segments.reading import Floats, Integers

_MIXTURE_STEPS = 60
"""Expectation-maximisation creeps after that; labels hardly change any more."""


class Clusterer(Protocol):
    """Something fitted that says which cluster a point belongs to."""

    def predict(self, points: Floats) -> Integers:
        """Cluster positions 0 … k−1, shape (rows,)."""
        ...


def fit_clusters(points: Floats, params: dict[str, object], *, starts: int, seed: int) -> Clusterer:
    """Fit the algorithm that ``params`` name.

    Args:
        points: shape (rows, axes).
        params: of the clustering family: ``algorithm`` and ``clusters``.
        starts: how many random starts; the best of them by the algorithm's own criterion is kept.
    """
    model = family("clustering").estimator(Task.SEGMENTS, params, (), seed=seed)
    known = model.get_params()
    if params.get("algorithm") == "gaussian_mixture":
        model.set_params(n_init=max(1, starts // 2), max_iter=_MIXTURE_STEPS)
    elif "n_init" in known:
        model.set_params(n_init=starts)
    with warnings.catch_warnings():
        # Coinciding points give fewer clusters than asked for: the size limits see that, nobody else needs to.
        warnings.simplefilter("ignore", ConvergenceWarning)
        fitted: Clusterer = model.fit(points)
    return fitted


def labels_of(model: Clusterer, points: Floats) -> Integers:
    """Predicted clusters as 64-bit integers."""
    return np.asarray(model.predict(points), dtype=np.int64)
