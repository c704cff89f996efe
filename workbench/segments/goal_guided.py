"""Goal-guided segments of a table: the leaves of an honest tree, described and judged."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.budget import Budget
from workbench.contracts import Segmentation, SegmentationKind
from workbench.events import Events
from workbench.segments.assemble import assemble, nothing, order_of, too_little
from workbench.segments.assigners import ByTree
from workbench.segments.goals import Goal
from workbench.segments.ground import Ground
from workbench.segments.grown_tree import Grown, grow_for, smallest_leaf
from workbench.segments.limits import FEWEST_ROWS
from workbench.segments.measures import Rows, eta2, internal_indices
from workbench.segments.reading import Floats, Integers
from workbench.segments.stability import bootstrap_jaccard
from workbench.segments.tree import assign_leaves, fit_axes, grow, rules_of, tame

KIND = SegmentationKind.GOAL_GUIDED
DRAWS, LEAST_DRAWS = 30, 10


def goal_guided(
    ground: Ground, goal: Goal, coordinates: pd.DataFrame, *, fixed: int | None, budget: Budget, events: Events
) -> Segmentation:
    """Grow a tree for the goal and describe its leaves.

    Args:
        budget: its end cuts the bootstrap draws short; the tree itself is always grown.
        fixed: the number of leaves that the analyst wants; fewer are given where the data do not allow so many.
    """
    method = f"tree on {goal.name}"
    known = np.flatnonzero(goal.known[ground.sample])
    reason = too_little(ground)
    if not reason and len(known) < FEWEST_ROWS:
        reason = f"only {len(known)} customers have a value of {goal.name}"
    if reason:
        because = f"No segments guided by {goal.name}: {reason}."
        return nothing(ground, KIND, method=method, because=because, coordinates=coordinates)
    if len(known) < len(ground.sample):
        missing = len(ground.sample) - len(known)
        events.notice("segments", f"{missing:,} customers without {goal.name} did not shape the goal-guided segments.")
    rows = ground.sample[known]
    picked = Goal(goal.name, goal.classes, goal.values[rows])
    reading = ground.reading.take(rows)
    train = np.flatnonzero(np.isin(known, ground.train))
    grown = grow_for(picked, ground.view, reading, train, leaves=fixed, events=events, seed=ground.seed)
    quality = {"goal_eta2": grown.gain, "goal_eta2_low": grown.gain_low, **grown.figures}
    if len(grown.leaves) < 2:
        because = (
            f"No segment structure beyond the average of {goal.name}: no tree of at most three conditions tells it "
            "better for customers that it has not seen."
        )
        return nothing(
            ground, KIND, method=method, because=because, coordinates=coordinates,
            trials=grown.trials, quality=quality,
        )  # fmt: skip
    order = order_of(ground, assign_leaves(grown.leaves, ground.reading), len(grown.leaves), goal)
    leaves = tuple(grown.leaves[int(place)] for place in order)
    labels = assign_leaves(leaves, ground.reading)
    stability = _stability(ground, picked, rows, labels[rows], len(leaves), budget)
    return assemble(
        ground,
        KIND,
        method=f"{method}, {len(leaves)} leaves",
        labels=labels,
        rules=leaves,
        division=ByTree(leaves),
        stability=stability,
        quality=quality | _quality(ground, goal, labels, stability, grown),
        because=_words(ground, goal, grown, fixed),
        found=grown.found,
        trials=grown.trials,
        coordinates=coordinates,
        honest=True,
    )


def _words(ground: Ground, goal: Goal, grown: Grown, fixed: int | None) -> str:
    measure = "skill (Brier)" if goal.classes else "eta²"
    count = len(grown.leaves)
    start = f"{count} leaves, as asked" if fixed == count else f"{count} leaves"
    if fixed is None:
        start += ", the fewest within one standard error of the best tree"
    words = (
        f"{start}: out-of-fold {measure} {grown.gain:.2f} on {goal.name}; rules were learned from "
        f"{len(ground.train):,} customers and judged by {len(ground.held_out):,} others"
    )
    if not grown.found:
        words += f"; but no segment structure beyond the average of {goal.name} is certain"
    return f"{words}."


def _quality(ground: Ground, goal: Goal, labels: Integers, stability: Floats, grown: Grown) -> dict[str, float]:
    quality = {
        "stability_min": float(stability.min()),
        "stability_mean": float(stability.mean()),
        "rule_balanced_accuracy": 1.0,  # its leaves are the rules
    }
    if ground.outcome is not None:
        held = ground.sample[ground.held_out]
        same = ground.outcome_name == goal.name and not goal.classes
        quality["outcome_eta2"] = grown.gain if same else eta2(labels[held], ground.outcome[held], seed=ground.seed)
    if ground.plain_points is not None:
        quality |= internal_indices(ground.plain_points, labels[ground.sample], ground.seed)
    return quality


def _stability(ground: Ground, goal: Goal, rows: Rows, labels: Integers, leaves: int, budget: Budget) -> Floats:
    reading = ground.reading.take(rows)

    def again(drawn: Rows, _: int) -> Integers:
        target = tame(goal.values[drawn])
        part = reading.take(drawn)
        axes = fit_axes(ground.view, part, target)
        points = axes.encode(part)
        tree = grow(points, target, leaves, smallest_leaf(len(drawn)))
        return assign_leaves(rules_of(tree, axes, points), reading)

    return bootstrap_jaccard(
        labels, again, segments=leaves, draws=DRAWS, seed=ground.seed, enough=lambda: budget.expired, least=LEAST_DRAWS
    )
