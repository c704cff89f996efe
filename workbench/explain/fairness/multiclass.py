"""Figures of several classes: how often each is the answer, how often rightly, and how good the shares are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from workbench.explain.fairness.estimates import Comparison, Drawn, Estimate, Share, difference, ratio
from workbench.explain.sampling.resampling import drawn_means, draws_for

ACCURACY, LOSS = "accuracy", "log loss"
LEAST_SHARE = 1e-15
"""As scikit-learn does: a share of zero for what came would make the mean infinite."""


def selection(name: str) -> str:
    """What the share of rows with this class as their answer is called."""
    return f"selection rate of '{name}'"


def figures(
    truth: np.ndarray,
    shares: np.ndarray,
    names: Sequence[str],
    emphasis: np.ndarray,
    random: np.random.Generator,
) -> dict[str, Estimate]:
    """The figures of one group.

    Args:
        truth: class positions, shape (rows,).
        shares: predicted, shape (rows, classes).
        names: of the classes.
        emphasis: what shares are multiplied by before the highest is the answer, shape (classes,).
    """
    rows = len(truth)
    answer = (shares * emphasis).argmax(axis=1)
    came = shares[np.arange(rows), truth] / np.maximum(shares.sum(axis=1), LEAST_SHARE)
    loss = -np.log(np.clip(came, LEAST_SHARE, 1.0))
    draws = drawn_means(random, loss[:, None], draws_for(rows))[:, 0]
    found: dict[str, Estimate] = {
        ACCURACY: Share(int((answer == truth).sum()), rows),
        LOSS: Drawn(float(loss.mean()), draws, rows),
    }
    return found | {selection(name): Share(int((answer == place).sum()), rows) for place, name in enumerate(names)}


def comparisons(own: Mapping[str, Estimate], other: Mapping[str, Estimate]) -> dict[str, Comparison]:
    """One group against the reference; equal selection rates of each class are its demographic parity."""
    found = {f"{metric} difference": difference(own[metric], other[metric]) for metric in (ACCURACY, LOSS)}
    for metric in own:
        if metric not in (ACCURACY, LOSS):
            found[f"{metric}, difference"] = difference(own[metric], other[metric])
            found[f"{metric}, ratio"] = ratio(own[metric], other[metric])
    return found
