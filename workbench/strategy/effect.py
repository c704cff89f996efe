"""What strategies did, read from a randomised hold-out: sample-ratio check first, then effects with intervals."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import chisquare, norm

from workbench.contracts import JourneyResult, Task
from workbench.errors import InputError
from workbench.strategy.holdout import CONTROL, TREATED, UNPLANNED_SHARE

SAMPLE_RATIO_ALPHA = 0.001
LEAST_PER_ARM = 20
Z95 = float(norm.ppf(0.975))


@dataclass(frozen=True)
class SegmentEffect:
    """The difference treated minus control in one segment, in the outcome's unit.

    Attributes:
        low, high: 95 % interval of the single comparison.
        p_holm: p-value after Holm's correction over all segments.
        decision: ``keep``, ``stop`` or ``unclear``; ``unclear`` also when there are too few customers.
    """

    segment: int | None
    segment_name: str
    treated: int
    control: int
    effect: float | None
    low: float | None
    high: float | None
    p_holm: float | None
    decision: str


@dataclass(frozen=True)
class EffectReadout:
    """Effects by segment and overall, with what was checked and which adjustment was really applied."""

    outcome: str
    adjustment: str
    sample_ratio_p: float
    checks: tuple[str, ...]
    effects: tuple[SegmentEffect, ...]

    def as_json(self) -> dict[str, Any]:
        """JSON-ready."""
        return dataclasses.asdict(self)


def read_effects(
    result: JourneyResult, frame: pd.DataFrame, *, arm: str = "arm", outcome: str | None = None
) -> EffectReadout:
    """Read a hold-out test.

    Args:
        result: the run whose strategies were carried out.
        frame: outcomes: the run's id column, ``arm`` (``treated`` or ``control``) and the outcome.
        arm: name of the column with the arms.
        outcome: name of the outcome's column; ``None`` takes the run's outcome if the frame has it.

    Raises:
        InputError: a column is missing, the arms are not these two, no customer matches, or the arms are so unlike the
            plan (p < 0.001) that the assignment must have been broken.
    """
    identity = result.table.id_column
    if identity is None:
        raise InputError(f"Run '{result.name}' has no id column, so outcomes can't be matched to its customers.")
    outcome = outcome or result.table.outcome
    listed = ", ".join(str(column) for column in frame.columns[:8])
    if outcome is None:
        raise InputError(f"Name the column with the outcome: --outcome NAME; there are {listed}.")
    if outcome not in frame.columns:
        raise InputError(f"The outcomes have no column '{outcome}': name it with --outcome; there are {listed}.")
    for needed in (identity, arm):
        if needed not in frame.columns:
            raise InputError(f"The outcomes need a column '{needed}', as in the assignment file.")
    rows = _matched(result, frame, identity, arm, outcome)
    planned = _planned_share(result, rows)
    p = _sample_ratio(rows, planned)
    if p < SAMPLE_RATIO_ALPHA:
        raise InputError(
            f"The arms are {(rows.arm == TREATED).sum():,} treated and {(rows.arm == CONTROL).sum():,} control, "
            f"unlike the planned control share of {planned:.0%} (p = {p:.1g}): find out why before any effect is read."
        )
    values, adjustment = _adjusted(result, rows)
    rows = rows.assign(value=values)
    effects = [_compare_all(rows, "all segments")]
    effects += [
        _compare(rows[rows.segment == entry.segment], entry.segment, entry.segment_name) for entry in result.strategies
    ]
    checks = (
        f"Matched {len(rows):,} of {len(frame):,} outcome rows to customers of the run.",
        f"Sample ratio agrees with the planned control share of {planned:.0%} (p = {p:.2g}).",
        f"Adjustment applied: {adjustment}.",
        "All segments together are the mean of the segments' effects, weighted by their customers: segments with "
        "unlike shares of control must not pass for an effect.",
    )
    return EffectReadout(outcome, adjustment, p, checks, tuple(_holm(effects)))


def _matched(result: JourneyResult, frame: pd.DataFrame, identity: str, arm: str, outcome: str) -> pd.DataFrame:
    chosen = result.strategy_segmentation
    labels = (
        result.segmentations[chosen].labels if chosen is not None else pd.Series(-1, index=result.table.frame.index)
    )
    known = pd.DataFrame(
        {"id": result.table.ids().astype(str).to_numpy(), "segment": labels.to_numpy(), "row": np.arange(len(labels))}
    )
    given = pd.DataFrame(
        {
            "id": frame[identity].astype(str).to_numpy(),
            "arm": frame[arm].astype(str).str.strip().str.lower().to_numpy(),
            "outcome": pd.to_numeric(frame[outcome], errors="coerce").to_numpy(),
        }
    )
    strange = sorted(set(given.arm) - {TREATED, CONTROL})
    if strange:
        raise InputError(f"The column '{arm}' holds '{strange[0]}': only {TREATED} and {CONTROL} are known.")
    if given.id.duplicated().any():
        raise InputError(
            f"Customer '{given.id[given.id.duplicated()].iloc[0]}' has more than one outcome; keep one row each."
        )
    rows = given.merge(known, on="id", how="inner").dropna(subset=["outcome"])
    if rows.empty:
        raise InputError(f"No id of the outcomes is a customer of run '{result.name}'.")
    return rows


def _planned_share(result: JourneyResult, rows: pd.DataFrame) -> float:
    """The share of control among these customers if all went by the customer file: each segment has its own."""
    shares = {
        entry.segment: entry.test.control_share if entry.test is not None else UNPLANNED_SHARE
        for entry in result.strategies
    }
    return float(rows.segment.map(shares).fillna(UNPLANNED_SHARE).mean())


def _sample_ratio(rows: pd.DataFrame, planned: float) -> float:
    control, total = int((rows.arm == CONTROL).sum()), len(rows)
    if not 0 < planned < 1:
        return 1.0
    return float(chisquare([total - control, control], [total * (1 - planned), total * planned]).pvalue)


def _adjusted(result: JourneyResult, rows: pd.DataFrame) -> tuple[np.ndarray, str]:
    """Outcomes less what the model had predicted of them (CUPED, Deng et al. 2013); the difference of arms stays."""
    values = rows.outcome.to_numpy(dtype=float)
    search = result.search
    if search is None or search.task is not Task.REGRESSION:
        return values, "none (no prediction of the outcome before the campaign)"
    predicted = np.asarray(search.out_of_fold, dtype=float).reshape(len(result.table.frame), -1)[rows.row, 0]
    usable = np.isfinite(predicted)
    if usable.mean() < 0.99 or np.std(predicted[usable]) == 0:
        return values, "none (the model's predictions are not there for all customers)"
    predicted = np.where(usable, predicted, predicted[usable].mean())
    slope = float(np.cov(values, predicted)[0, 1] / np.var(predicted, ddof=1))
    explained = float(np.corrcoef(values, predicted)[0, 1] ** 2)
    return values - slope * (predicted - predicted.mean()), (
        f"CUPED with the model's out-of-fold prediction (variance lower by {explained:.0%})"
    )


def _compare_all(rows: pd.DataFrame, name: str) -> SegmentEffect:
    """The segments' differences, weighted by their customers; those without two customers in each arm say nothing."""
    treated, control = int((rows.arm == TREATED).sum()), int((rows.arm == CONTROL).sum())
    nothing = SegmentEffect(None, name, treated, control, None, None, None, None, "unclear")
    if min(treated, control) < LEAST_PER_ARM:
        return nothing
    parts = []
    for _, members in rows.groupby("segment"):
        with_it, without = members.value[members.arm == TREATED], members.value[members.arm == CONTROL]
        if min(len(with_it), len(without)) >= 2:
            error = with_it.var() / len(with_it) + without.var() / len(without)
            parts.append((len(members), float(with_it.mean() - without.mean()), float(error)))
    if not parts:
        return nothing
    sizes, differences, errors = np.array(parts).T
    weights = sizes / sizes.sum()
    difference, error = float(weights @ differences), math.sqrt(float(weights**2 @ errors))
    return _with_interval(None, name, treated, control, difference, error)


def _compare(rows: pd.DataFrame, segment: int | None, name: str) -> SegmentEffect:
    treated, control = rows.value[rows.arm == TREATED], rows.value[rows.arm == CONTROL]
    if min(len(treated), len(control)) < LEAST_PER_ARM:
        return SegmentEffect(segment, name, len(treated), len(control), None, None, None, None, "unclear")
    difference = float(treated.mean() - control.mean())
    error = math.sqrt(treated.var() / len(treated) + control.var() / len(control))
    return _with_interval(segment, name, len(treated), len(control), difference, error)


def _with_interval(
    segment: int | None, name: str, treated: int, control: int, difference: float, error: float
) -> SegmentEffect:
    p = 2 * float(norm.sf(abs(difference) / error)) if error > 0 else float(difference == 0)
    low, high = difference - Z95 * error, difference + Z95 * error
    return SegmentEffect(segment, name, treated, control, difference, low, high, p, "unclear")


def _holm(effects: list[SegmentEffect]) -> list[SegmentEffect]:
    """Holm's step-down correction over the segments; the overall comparison stands alone."""
    tested = sorted(
        (index for index, effect in enumerate(effects) if effect.segment is not None and effect.p_holm is not None),
        key=lambda index: effects[index].p_holm or 0.0,
    )
    corrected = {index: effect.p_holm for index, effect in enumerate(effects)}
    worst = 0.0
    for rank, index in enumerate(tested):
        worst = max(worst, min(1.0, (effects[index].p_holm or 0.0) * (len(tested) - rank)))
        corrected[index] = worst
    return [
        dataclasses.replace(e, p_holm=corrected[i], decision=_decide(e, corrected[i])) for i, e in enumerate(effects)
    ]


def _decide(effect: SegmentEffect, p: float | None) -> str:
    if effect.effect is None or p is None or p >= 0.05:
        return "unclear"
    return "keep" if effect.effect > 0 else "stop"
