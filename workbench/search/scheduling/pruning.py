"""When a trial can't win any more."""

from __future__ import annotations

import math

import numpy as np

from workbench.search.trials.records import Record

RELATIVE = 0.01
"""A trial is never stopped for being worse by less than this share of the best loss."""
SPREAD = 2.0


def hopeless_at_step(
    record: Record, best: Record | None, finished: list[Record], rows: int, of_rows: int, *, like: Record | None = None
) -> str | None:
    """Why a trial should be stopped after the last of its steps, ``None`` to go on.

    A step is compared with nothing but the same step of finished trials of the same family: more rows help one family
    more than another. With the difference there and what the complete fits of those trials lost, the trial would stand
    behind the best one; by more than ``RELATIVE`` of its loss and ``SPREAD`` standard errors of the paired differences
    over the parts of the held-out rows is too much. Whoever is like one of several trials that turned out equally good
    goes on: they may differ at a step where the losses are not yet what they become.

    Args:
        best: the best of all finished trials.
        rows: what the step learnt from, of ``of_rows`` in a complete fit.
        like: the one trial to be compared with, where it is on trial against that one.
    """
    own = [one for one in finished if one.family == record.family and rows in one.steps]
    rivals = [like] if like is not None and rows in like.steps else _as_good_as_the_first(own)
    best = like or best
    if best is None or not rivals:
        return None
    if not all(_behind(record, rival, best, rows) for rival in rivals):
        return None
    loss, its = (float(np.nanmean(one.steps[rows])) for one in (record, rivals[0]))
    return f"{after_rows(rows, of_rows)}: its loss there was {loss:.4g}, that of trial {rivals[0].number} {its:.4g}"


def after_rows(rows: int, of_rows: int) -> str:
    """How the reason of a trial that was stopped at a step begins."""
    return f"stopped after {rows:,} of {of_rows:,} rows"


def _as_good_as_the_first(finished: list[Record]) -> list[Record]:
    return [one for one in finished if one.loss <= finished[0].loss + RELATIVE * abs(finished[0].loss)]


def _behind(record: Record, rival: Record, best: Record, rows: int) -> bool:
    """Whether a trial that differs from a rival as it does at a step would clearly be worse than the best one."""
    differences = np.array(record.steps[rows]) - np.array(rival.steps[rows])
    differences = differences[np.isfinite(differences)]
    if differences.size < 2:
        return False
    chance = float(differences.std(ddof=1)) / math.sqrt(differences.size)
    return bool(differences.mean() + rival.loss - best.loss > max(RELATIVE * abs(best.loss), SPREAD * chance))


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
