"""When a trial can't win any more."""

from __future__ import annotations

import math

import numpy as np

from workbench.search.records import Record

RELATIVE = 0.01
"""A trial is never stopped for being worse by less than this share of the best loss."""
SPREAD = 2.0


def hopeless(record: Record, best: Record | None, finished: list[Record]) -> str | None:
    """Why a trial should be stopped after the folds that it has, ``None`` to go on.

    Folds are paired with the best trial's: the mean difference must exceed both ``RELATIVE`` of the best loss and
    ``SPREAD`` standard errors of such differences, estimated from the finished trials. (A Wilcoxon test can't speak
    that early: with three folds its smallest one-sided p-value is 1/8.)
    """
    if best is None or not record.losses:
        return None
    folds = [fold for fold in record.losses if fold in best.losses]
    differences = np.array([record.losses[fold] - best.losses[fold] for fold in folds])
    differences = differences[np.isfinite(differences)]
    if not differences.size:
        return None
    spread = _typical_spread(best, finished)
    allowed = max(RELATIVE * abs(best.loss), SPREAD * spread / math.sqrt(differences.size))
    if differences.mean() <= allowed:
        return None
    return f"after {differences.size} fold(s) worse than trial {best.number} by more than chance allows"


def _typical_spread(best: Record, finished: list[Record]) -> float:
    spreads = []
    for other in finished:
        shared = [fold for fold in other.losses if fold in best.losses]
        if other is best or len(shared) < 2:
            continue
        differences = np.array([other.losses[fold] - best.losses[fold] for fold in shared])
        if np.isfinite(differences).all():
            spreads.append(float(differences.std(ddof=1)))
    # before there is anything to go by, the best trial's own spread over folds is the most it can be
    own = np.array([loss for loss in best.losses.values() if np.isfinite(loss)])
    return float(np.median(spreads)) if spreads else (float(own.std(ddof=1)) if own.size > 1 else 0.0)
