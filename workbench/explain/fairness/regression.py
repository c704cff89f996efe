"""Figures of numbers: what is predicted on average, how far that is off, and how far single rows are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from workbench.explain.fairness.estimates import Comparison, Drawn, Estimate, difference, ratio
from workbench.explain.sampling.resampling import drawn_means, draws_for

PREDICTED, ERROR, RMSE = "mean prediction", "mean error", "RMSE"


def figures(truth: np.ndarray, prediction: np.ndarray, random: np.random.Generator) -> dict[str, Estimate]:
    """The figures of one group, in the target's unit; the error is predicted minus observed.

    Args:
        truth, prediction: shape (rows,).
    """
    rows = len(truth)
    off = prediction - truth
    each = np.column_stack([prediction, off, off**2])
    draws = drawn_means(random, each, draws_for(rows))
    mean = each.mean(axis=0)
    return {
        PREDICTED: Drawn(float(mean[0]), draws[:, 0], rows),
        ERROR: Drawn(float(mean[1]), draws[:, 1], rows),
        RMSE: Drawn(float(np.sqrt(mean[2])), np.sqrt(draws[:, 2]), rows),
    }


def comparisons(own: Mapping[str, Estimate], other: Mapping[str, Estimate]) -> dict[str, Comparison]:
    """One group against the reference; equal mean predictions are demographic parity on average."""
    found = {f"{metric} difference": difference(own[metric], other[metric]) for metric in (PREDICTED, ERROR, RMSE)}
    return found | {f"{RMSE} ratio": ratio(own[RMSE], other[RMSE])}
