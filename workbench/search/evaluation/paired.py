"""Whether one model is better than another on the same rows, by more than chance explains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.search.evaluation.metric import Metric


@dataclass(frozen=True)
class Gain:
    """A mean difference of losses with its standard error; positive where the first is better."""

    mean: float
    error: float

    @property
    def certain(self) -> bool:
        """Whether it exceeds one standard error: what a block must gain to stay."""
        return self.mean > self.error


def paired_gain(
    before: np.ndarray, after: np.ndarray, *, weight: np.ndarray | None = None, groups: np.ndarray | None = None
) -> Gain:
    """How much smaller the losses became.

    Args:
        before, after: a loss per row, shape (rows,), of the same rows.
        weight: of each row.
        groups: rows of one group are one observation: their differences are not independent.
    """
    weight = np.ones(before.size) if weight is None else weight
    difference = (before - after) * weight
    total = float(weight.sum())
    mean = float(difference.sum()) / total
    centred = difference - mean * weight
    if groups is not None:
        centred = np.bincount(np.unique(groups, return_inverse=True)[1], weights=centred)
    if centred.size < 2:
        return Gain(mean, float("inf"))
    return Gain(mean, float(np.sqrt(centred.size / (centred.size - 1) * (centred**2).sum())) / total)


def losses_by_part(
    prediction: np.ndarray, truth: np.ndarray, weight: np.ndarray | None, part: np.ndarray, by: Metric
) -> np.ndarray:
    """The loss on each part of the rows, shape (parts,): so every metric can be paired, also one without row losses.

    NaN where it is not defined: in a part without rows that have a prediction, or with one class only.

    Args:
        prediction: shape (rows,) or (rows, classes), NaN where there is none.
        truth, weight: of the same rows.
        part: of each row, from 0 on.
    """
    known = np.isfinite(prediction).reshape(part.size, -1).all(axis=1)
    losses = np.full(int(part.max(initial=-1)) + 1, np.nan)
    for place in range(losses.size):
        rows = np.flatnonzero(known & (part == place))
        if rows.size and (prediction.ndim == 1 or np.unique(truth[rows]).size > 1):
            own = None if weight is None else weight[rows]
            losses[place] = by.loss(by.score(truth[rows], prediction[rows].astype(np.float64), own))
    return losses


def gain_over_parts(before: np.ndarray, after: np.ndarray) -> Gain:
    """How much smaller losses on parts became; ``before`` and ``after`` as ``losses_by_part`` gives them."""
    differences = before - after
    differences = differences[np.isfinite(differences)]
    if differences.size < max(2, before.size // 2):
        return Gain(0.0, float("inf"))
    return Gain(float(differences.mean()), float(differences.std(ddof=1) / np.sqrt(differences.size)))
