"""From labels to segments: sizes, rules with held-out figures, profiles, what they are worth, names."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from workbench.contracts import ProfileRow, Rule, Segment, Task
from workbench.segments.beam import RuleSearch
from workbench.segments.conditions import Condition, all_hold, rule_text
from workbench.segments.embedding import rank_correlation
from workbench.segments.figures import shown
from workbench.segments.goals import goal_of
from workbench.segments.ground import Ground
from workbench.segments.intervals import mean_interval
from workbench.segments.measures import Rows
from workbench.segments.names import affirmative, name_all, readable
from workbench.segments.profiles import level_rows, number_rows, profiles
from workbench.segments.reading import Flags, Floats, Integers, LevelColumn, NumberColumn, Reading

PROFILE_ROWS = 100_000
_RULE_ROWS = 6_000
AKIN = 0.5
"""Absolute rank correlation from which two columns get one word in a name."""


@dataclass(frozen=True)
class Worth:
    """The outcome of one segment with its 95 % interval."""

    mean: float
    low: float
    high: float


def rules_for(ground: Ground, labels: Integers, segments: int) -> tuple[tuple[Condition, ...], ...]:
    """A rule per segment, learned from the training customers of the sample."""
    rows = ground.sample[ground.train]
    if len(rows) > _RULE_ROWS:
        rows = np.random.default_rng([ground.seed, 29]).choice(rows, _RULE_ROWS, replace=False)
    search = RuleSearch(ground.view, ground.reading.take(rows))
    return tuple(search.best(labels[rows] == segment) for segment in range(segments))


def measured(conditions: tuple[Condition, ...], inside: Flags, held_out: Reading) -> Rule:
    """A rule with its figures on held-out customers; a figure without any customer is 0.

    Args:
        inside: which held-out customers are in the segment.
    """
    holds = all_hold(conditions, held_out)
    both = int(np.sum(holds & inside))
    fulfilling, members = int(holds.sum()), int(inside.sum())
    precision = both / fulfilling if fulfilling else 0.0
    share = members / len(inside) if len(inside) else 0.0
    return Rule(
        text=rule_text(conditions),
        precision=precision,
        coverage=both / members if members else 0.0,
        lift=precision / share if share else 0.0,
        rows=fulfilling,
    )


def describe(
    ground: Ground,
    labels: Integers,
    rules: tuple[tuple[Condition, ...], ...],
    stability: Floats,
    *,
    honest: bool,
) -> tuple[Segment, ...]:
    """Describe every segment.

    Args:
        labels: of all rows, 0 … segments−1.
        honest: measure what segments are worth on held-out customers only, because the others shaped the segments.
    """
    segments = len(rules)
    held = ground.sample[ground.held_out]
    held_reading = ground.reading.take(held)
    judged = held if honest else np.arange(len(labels))
    rows = np.arange(len(labels))
    if len(rows) > PROFILE_ROWS:
        rows = np.sort(np.random.default_rng([ground.seed, 31]).choice(rows, PROFILE_ROWS, replace=False))
    reading = ground.reading.take(rows)
    described = profiles(ground.view, reading, labels[rows], segments)
    worths = _worths(ground, labels, segments, judged)
    goals = _goals(ground, labels, segments, judged)
    sizes = np.bincount(labels, minlength=segments)
    pairs = {
        column.name: column.levels
        for column in ground.view.columns
        if isinstance(column, LevelColumn) and column.complete and len(column.levels) == 2
    }
    names = name_all(
        described,
        _tiers(ground, worths, judged, segments),
        _akin(ground),
        [int(size) for size in sizes],
        pairs,
    )
    return tuple(
        Segment(
            id=segment,
            name=names[segment],
            size=int(sizes[segment]),
            share=float(sizes[segment] / len(labels)),
            rule=measured(rules[segment], labels[held] == segment, held_reading),
            stability=float(stability[segment]),
            profile=described[segment],
            outcome_mean=worths[segment].mean if worths else None,
            outcome_low=worths[segment].low if worths else None,
            outcome_high=worths[segment].high if worths else None,
            goals=goals[segment],
        )
        for segment in range(segments)
    )


def _worths(ground: Ground, labels: Integers, segments: int, rows: Rows) -> list[Worth]:
    if ground.outcome is None:
        return []
    outcome, segment = ground.outcome[rows], labels[rows]
    found = [Worth(*mean_interval(outcome[segment == one], ground.seed + one)) for one in range(segments)]
    return found if all(math.isfinite(worth.mean) for worth in found) else []


def _tiers(ground: Ground, worths: list[Worth], rows: Rows, segments: int) -> list[str]:
    """ "high …" or "low …" where the whole interval lies off everybody's mean by a tenth or more."""
    if not worths or ground.outcome is None or ground.outcome_name is None or segments < 2:
        return [""] * segments
    everyone = float(np.nanmean(ground.outcome[rows]))
    margin = 0.1 * abs(everyone)
    what = readable(ground.outcome_name)
    if ground.table.task is Task.BINARY and ground.outcome_name == ground.table.target:
        goal = goal_of(ground.table)
        if goal is not None and not affirmative(goal.classes[-1]):
            what = f"{what}: {shown(goal.classes[-1], 20)}"
    tiers: list[str] = []
    for worth in worths:
        if worth.low > everyone + margin:
            tiers.append(f"high {what}")
        elif worth.high < everyone - margin:
            tiers.append(f"low {what}")
        else:
            tiers.append("")
    return tiers


def _akin(ground: Ground) -> Callable[[str, str], bool]:
    """Whether two number columns have an absolute rank correlation of one half or more."""
    numbers = [column.name for column in ground.view.columns if isinstance(column, NumberColumn)]
    places = {name: place for place, name in enumerate(numbers)}
    correlation = rank_correlation(numbers, ground.sampled)

    def alike(one: str, other: str) -> bool:
        if one not in places or other not in places:
            return one == other
        return abs(float(correlation[places[one], places[other]])) >= AKIN

    return alike


def _goals(ground: Ground, labels: Integers, segments: int, rows: Rows) -> list[tuple[ProfileRow, ...]]:
    """Target and outcome against the rest, with p-values adjusted for the number of segments (Bonferroni)."""
    found: list[list[ProfileRow]] = [[] for _ in range(segments)]
    if segments < 2:
        return [() for _ in range(segments)]
    goal = goal_of(ground.table)
    if goal is not None and goal.classes:
        column = LevelColumn(goal.name, goal.classes)
        codes = np.where(goal.known, np.nan_to_num(goal.values).argmax(axis=1), -1).astype(np.int64)
        for segment, levels in level_rows(column, codes[rows], labels[rows], segments).items():
            found[segment].extend(levels)
    numbers: dict[str, Floats] = {}
    if goal is not None and not goal.classes:
        numbers[goal.name] = goal.values[:, 0]
    if ground.table.outcome is not None and ground.outcome is not None:
        numbers.setdefault(ground.table.outcome, ground.outcome)
    for name, values in numbers.items():
        for segment, row in number_rows(name, values[rows], labels[rows], segments).items():
            found[segment].append(row)
    return [tuple(replace(row, q_value=min(1.0, row.q_value * segments)) for row in rows_) for rows_ in found]
