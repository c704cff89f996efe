"""A segmentation from its parts, and the one that says that nothing was found."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.contracts import Segment, Segmentation, SegmentationKind, Trial
from workbench.segments.assigners import Assigner, Division, Together
from workbench.segments.conditions import Condition
from workbench.segments.describe import describe, measured
from workbench.segments.goals import Goal
from workbench.segments.ground import Ground
from workbench.segments.intervals import mean_interval
from workbench.segments.limits import FEWEST_ROWS
from workbench.segments.map import map_points
from workbench.segments.reading import Floats, Integers


def assemble(
    ground: Ground,
    kind: SegmentationKind,
    *,
    method: str,
    labels: Integers,
    rules: tuple[tuple[Condition, ...], ...],
    division: Division,
    stability: Floats,
    quality: dict[str, float],
    because: str,
    found: bool,
    trials: tuple[Trial, ...],
    coordinates: pd.DataFrame,
    honest: bool,
) -> Segmentation:
    """Describe the segments and put everything together; ``labels`` are in the final order."""
    return Segmentation(
        kind=kind,
        method=method,
        labels=_series(ground, labels),
        segments=describe(ground, labels, rules, stability, honest=honest),
        quality=quality,
        chosen_because=because,
        found=found,
        trials=trials,
        coordinates=coordinates,
        assigner=Assigner(ground.view, division, rules, ground.sample[ground.held_out]),
    )


def nothing(
    ground: Ground,
    kind: SegmentationKind,
    *,
    method: str,
    because: str,
    coordinates: pd.DataFrame,
    trials: tuple[Trial, ...] = (),
    quality: dict[str, float] | None = None,
) -> Segmentation:
    """Everybody in one segment, and why."""
    rows = len(ground.table.frame)
    held = ground.sample[ground.held_out]
    worth = mean_interval(ground.outcome, ground.seed) if ground.outcome is not None else None
    everybody = Segment(
        id=0,
        name="All customers",
        size=rows,
        share=1.0,
        rule=measured((), np.ones(len(held), dtype=bool), ground.reading.take(held)),
        stability=1.0,
        profile=(),
        outcome_mean=worth[0] if worth else None,
        outcome_low=worth[1] if worth else None,
        outcome_high=worth[2] if worth else None,
    )
    return Segmentation(
        kind=kind,
        method=method,
        labels=_series(ground, np.zeros(rows, dtype=np.int64)),
        segments=(everybody,) if rows else (),
        quality=quality or {},
        chosen_because=because,
        found=False,
        trials=trials,
        coordinates=coordinates,
        assigner=Assigner(ground.view, Together(), ((),), held),
    )


def too_little(ground: Ground) -> str:
    """Why the table can't be divided at all; empty when it can."""
    rows = len(ground.table.frame)
    if rows < FEWEST_ROWS:
        return f"the table has {rows} customers, and segments of fewer than {FEWEST_ROWS} would be noise"
    if not ground.view.columns:
        return "no column that could tell customers apart is left"
    return ""


def order_of(ground: Ground, labels: Integers, segments: int, goal: Goal | None = None) -> Integers:
    """Old segment ids in their new order: the most valuable first, then the largest.

    Value is the outcome; without one, the goal's number or the share of its last class; without that, size alone.
    """
    sizes = np.bincount(labels, minlength=segments).astype(np.float64)
    value = ground.outcome
    if value is None and goal is not None:
        value = goal.values[:, -1]
    if value is None:
        return np.lexsort((np.arange(segments), -sizes))
    known = np.isfinite(value)
    counts = np.bincount(labels[known], minlength=segments)
    means = np.bincount(labels[known], value[known], segments) / np.maximum(counts, 1)
    return np.lexsort((-sizes, -means))


def lay_out(ground: Ground) -> pd.DataFrame:
    """Positions of all customers on a map, columns ``x`` and ``y``; zeros where nothing varies."""
    index = ground.table.frame.index
    embedding = ground.plain if len(index) > 2 else None
    if embedding is None:
        return pd.DataFrame({"x": np.zeros(len(index)), "y": np.zeros(len(index))}, index=index)
    return pd.DataFrame(map_points(embedding.encode(ground.table.frame)), columns=["x", "y"], index=index)


def _series(ground: Ground, labels: Integers) -> pd.Series:
    return pd.Series(labels, index=ground.table.frame.index, name="segment", dtype="int64")
