"""Whether a champion's class shares are led to what came: learnt and judged on out-of-fold predictions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from workbench.contracts import Calibration
from workbench.pipelines.blocks.parts import whole_groups
from workbench.pipelines.calibration import Calibrator, step, stretch
from workbench.problem.rows import Problem
from workbench.search.evaluation.metrics import METRICS, LogLoss
from workbench.search.evaluation.paired import paired_gain

LEAST = 200
"""Rows of the rarer class (of more than two: outside of the largest) that a calibration is learnt from."""
PARTS = 5
_CELLS = 200_000
"""Rows times classes that a calibration is learnt from at most."""
_BINS = 10
_DRAWS = 16

Fit = Callable[[np.ndarray, np.ndarray, "np.ndarray | None"], Calibrator]


@dataclass(frozen=True, eq=False)
class Calibrated:
    """What was found.

    Attributes:
        calibrator: ``None`` where shares are taken as they are.
        prediction: out of fold over all rows, shape (rows, classes); each row calibrated by others.
    """

    calibrator: Calibrator | None
    prediction: np.ndarray
    facts: Calibration


def forecast_seconds(rows: int, classes: int) -> float:
    """What ``calibrated`` takes."""
    return 0.1 + 1.5e-6 * min(_CELLS, rows * classes) + 5e-6 * rows


def calibrated(prediction: np.ndarray, problem: Problem, *, seed: int) -> Calibrated:
    """Calibrate, or don't.

    Each way is learnt on four fifths of the rows (whole groups; where rows are ordered in time, on what came before)
    and applied to the rest. The first one is kept whose log loss is lower by more than one standard error of the
    paired differences, a richer one only if it beats the simpler one in the same way.

    Args:
        prediction: out-of-fold shares, shape (rows, classes), NaN where a row was never held out.
    """
    known = np.flatnonzero(np.isfinite(prediction).all(axis=1))
    shares, truth = prediction[known].astype(np.float64), problem.target[known]
    weight = None if problem.weight is None else problem.weight[known]
    groups = None if problem.groups is None else problem.groups[known]
    moments = None if problem.moments is None else problem.moments[known]
    part = parts_of(known.size, groups, moments, seed)
    best, method, after, told = None, "", shares, ""
    ways = _ways(truth, shares.shape[1])
    for name, fit in ways:
        tried = _crossed(fit, shares, truth, weight, part, ahead=moments is not None)
        before_rows, after_rows = (_log_loss.rows(truth, one) for one in (after, tried))
        gain = paired_gain(before_rows, after_rows, weight=weight, groups=groups)
        if gain.certain:
            best, method, after = fit, name, tried
            told = f"log loss fell by {gain.mean:.4g} ± {gain.error:.2g}"
    if not ways:
        reason = f"Class shares are taken as they are: a calibration needs {LEAST} rows of the rarer class."
    elif best is None:
        reason = "Class shares are taken as they are: no calibration lowered log loss by more than a standard error."
    else:
        reason = f"Class shares are calibrated on out-of-fold predictions ({_TOLD[method]}): {told}, cross-fitted."
    calibrator = None if best is None else best(*_sample(shares, truth, weight, seed))
    whole = np.array(prediction, dtype=np.float32)
    whole[known] = after
    facts = _facts(method, reason, shares, after, truth, weight, seed)
    return Calibrated(calibrator, whole, facts)


_log_loss = LogLoss()
_TOLD = {
    "platt": "Platt: a line on the log-odds",
    "isotonic": "isotonic: a rising curve",
    "temperature": "temperature: one slope for all classes",
    "vector": "a slope, and a shift for each class",
}


def _ways(truth: np.ndarray, classes: int) -> list[tuple[str, Fit]]:
    """From simple to rich; none where rows are too few."""
    counts = np.bincount(truth, minlength=classes)
    if classes == 2:
        enough = counts.min() >= LEAST
        return [("platt", lambda *rows: stretch(*rows, shifted=True)), ("isotonic", step)] if enough else []
    if counts.sum() - counts.max() < LEAST:
        return []
    ways: list[tuple[str, Fit]] = [("temperature", lambda *rows: stretch(*rows, shifted=False))]
    if counts.min() >= LEAST:
        ways.append(("vector", lambda *rows: stretch(*rows, shifted=True)))
    return ways


def parts_of(
    rows: int, groups: np.ndarray | None, moments: np.ndarray | None, seed: int, count: int = PARTS
) -> np.ndarray:
    """A part for each row, 0 to ``count`` - 1; in the order of time where there is one, groups whole."""
    if moments is not None:
        ranks = np.unique(moments, return_inverse=True)[1]
        return np.asarray(ranks * count // (ranks.max() + 1))
    rng = np.random.default_rng([seed, 31_337])
    return whole_groups(np.arange(rows) if groups is None else groups, count, rng)


def _crossed(
    fit: Fit, shares: np.ndarray, truth: np.ndarray, weight: np.ndarray | None, part: np.ndarray, *, ahead: bool
) -> np.ndarray:
    said = shares.copy()
    for one in range(PARTS):
        inside = part == one
        rest = np.flatnonzero(part < one if ahead else ~inside)
        if not inside.any() or np.unique(truth[rest]).size < 2:
            continue
        found = fit(*_sample(shares[rest], truth[rest], None if weight is None else weight[rest], one))
        said[inside] = found(shares[inside])
    return said


def _sample(
    shares: np.ndarray, truth: np.ndarray, weight: np.ndarray | None, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    most = _CELLS // shares.shape[1]
    if truth.size <= most:
        return shares, truth, weight
    rows = np.sort(np.random.default_rng([seed, 7]).choice(truth.size, most, replace=False))
    return shares[rows], truth[rows], None if weight is None else weight[rows]


def _facts(
    method: str,
    reason: str,
    before: np.ndarray,
    after: np.ndarray,
    truth: np.ndarray,
    weight: np.ndarray | None,
    seed: int,
) -> Calibration:
    brier = METRICS["brier"]
    base = np.bincount(truth, weights=weight, minlength=before.shape[1])
    constant = np.broadcast_to(base / base.sum(), before.shape)
    rng = np.random.default_rng([seed, 99])
    # errors are compared with what they would be by chance, so both are of the same rows
    most = _CELLS // before.shape[1]
    rows = np.arange(truth.size) if truth.size <= most else np.sort(rng.choice(truth.size, most, replace=False))
    likely = after[rows] / after[rows].sum(axis=1, keepdims=True)
    drawn = [
        (likely.cumsum(axis=1) < rng.random((rows.size, 1))).sum(axis=1)
        for _ in range(max(2, 2 * _DRAWS // before.shape[1]))
    ]
    own = None if weight is None else weight[rows]
    by_chance = np.mean([calibration_error(likely, np.minimum(one, before.shape[1] - 1), own) for one in drawn])
    return Calibration(
        method=method,
        reason=reason,
        rows=truth.size,
        log_loss_before=_log_loss.score(truth, before, weight),
        log_loss_after=_log_loss.score(truth, after, weight),
        error_before=calibration_error(before[rows], truth[rows], own),
        error_after=calibration_error(after[rows], truth[rows], own),
        error_by_chance=float(by_chance),
        brier=brier.score(truth, after, weight),
        brier_baseline=brier.score(truth, constant, weight),
    )


def calibration_error(shares: np.ndarray, truth: np.ndarray, weight: np.ndarray | None = None) -> float:
    """Mean distance of predicted and seen shares over ten groups of equally many rows, by their weight; mean over
    classes (of two: one).

    Args:
        shares: shape (rows, classes).
        truth: class codes, shape (rows,).
    """
    outputs = [1] if shares.shape[1] == 2 else range(shares.shape[1])
    own = np.ones(truth.size) if weight is None else weight
    found = []
    for one in outputs:
        order = np.argsort(shares[:, one], kind="stable")
        off = (own * ((truth == one) - shares[:, one]))[order]
        found.append(sum(abs(float(group.sum())) for group in np.array_split(off, min(_BINS, off.size))) / own.sum())
    return float(np.mean(found))
