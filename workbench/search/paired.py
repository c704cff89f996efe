"""Whether one model is better than another on the same rows, by more than chance explains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


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
