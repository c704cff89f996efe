"""How rows are divided for learning and checking, by size, groups and time; fixed by the seed, never by the clock."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from workbench.contracts import Resampling, Task
from workbench.search.task.problem import Problem

MEDIUM, LARGE = 20_000, 60_000
LARGE_WORK = 8_000_000
"""Rows times columns times classes (beyond two) from which a table counts as large, however few its rows."""
HOLD_OUT_ROWS = 15_000
SEARCH_ROWS = 250_000
"""Rows that a search learns from at most; the champion is refitted on all."""

HOLD_OUT = "hold-out"

Division = tuple[np.ndarray, np.ndarray]
"""Training and test positions within the problem's rows."""


@dataclass(frozen=True, eq=False)
class Plan:
    """The folds that all trials share.

    Attributes:
        folds: training and test positions.
        finals: folds that the finalists are judged on where ``folds`` is one hold-out; else empty.
    """

    resampling: Resampling
    folds: tuple[Division, ...]
    finals: tuple[Division, ...] = ()

    @property
    def one_hold_out(self) -> bool:
        """Whether trials are judged once: there are no models of folds that could be blended."""
        return len(self.folds) == 1


def plan_folds(problem: Problem, *, seed: int) -> Plan:
    """Divide the rows.

    A class with a single row is always learnt from and never checked.
    """
    rows = len(problem)
    rng = np.random.default_rng([seed, 8_431])
    if problem.moments is not None:
        return _in_time(problem, seed)
    count = 3 if rows > MEDIUM else 5
    kind, why = _kind(problem)
    count = _possible(problem, count)
    if not _large(problem):
        folds = _divide(problem, count, rng)
        size = "small enough" if rows <= MEDIUM else "large enough"
        reason = f"{rows:,} rows are {size} for {len(folds)} folds; {why}"
        return Plan(Resampling(kind, len(folds), 1, reason, seed), tuple(folds))
    return _held_out(problem, rng, seed, f"With {rows:,} rows and {len(problem.columns):,} columns")


def hold_out(problem: Problem, *, seed: int, why: str) -> Plan:
    """One hold-out to search by and folds for the finalists, however many rows there are.

    Args:
        why: the beginning of the reason, before "one hold-out is enough".
    """
    return _held_out(problem, np.random.default_rng([seed, 8_431]), seed, why)


def _held_out(problem: Problem, rng: np.random.Generator, seed: int, why: str) -> Plan:
    train, test = next(_parts(problem, max(5, -(-len(problem) // HOLD_OUT_ROWS)), rng))
    if train.size > SEARCH_ROWS:
        train = np.sort(rng.choice(train, SEARCH_ROWS, replace=False))
    finals = tuple(_divide(problem, _possible(problem, 3), rng))
    reason = (
        f"{why} one hold-out of {test.size:,} rows is enough to search by (learning from {train.size:,}); the best "
        f"trials are checked on {len(finals)} folds where time allows. {_kind(problem)[1]}"
    )
    return Plan(Resampling(HOLD_OUT, 1, 1, reason, seed), ((train, test),), finals)


def _large(problem: Problem) -> bool:
    rows, classes = len(problem), len(problem.classes)
    work = rows * len(problem.columns) * (classes if classes > 2 else 1)
    return rows > LARGE or (rows > MEDIUM and work > LARGE_WORK)


def _kind(problem: Problem) -> tuple[str, str]:
    if problem.groups is not None:
        return "group", "rows of one group stay together."
    if problem.task is Task.REGRESSION:
        return "k-fold", "each has its share of low and high values."
    return "stratified", "each has its share of every class."


def _possible(problem: Problem, count: int) -> int:
    """Fewer folds where there are too few groups or the smaller of two classes is too small."""
    if problem.groups is not None:
        return max(2, min(count, np.unique(problem.groups).size))
    if problem.task is not Task.REGRESSION and len(problem.classes) == 2:
        return max(2, min(count, int(np.bincount(problem.target).min())))
    return count


def _divide(problem: Problem, count: int, rng: np.random.Generator) -> list[Division]:
    return list(_parts(problem, count, rng))


def _parts(problem: Problem, count: int, rng: np.random.Generator) -> Iterator[Division]:
    """One division after another: all of them for many rows would take many times their positions."""
    rows = len(problem)
    if problem.groups is not None:
        part = _deal_groups(problem.groups, problem, count, rng)
    elif problem.task is Task.REGRESSION:
        # dealt in order of the target, in shuffled blocks of one per fold
        order = np.lexsort((rng.random(rows), problem.target))
        part = np.empty(rows, dtype=np.int64)
        for start in range(0, rows, count):
            block = order[start : start + count]
            part[block] = rng.permutation(count)[: block.size]
    else:
        part = np.empty(rows, dtype=np.int64)
        for code in range(len(problem.classes)):
            members = rng.permutation(np.flatnonzero(problem.target == code))
            part[members] = (np.arange(members.size) + rng.integers(count)) % count
    everything = np.arange(rows)
    checked = _checked(problem)
    for fold in range(count):
        train, test = everything[part != fold], everything[(part == fold) & checked]
        if test.size and train.size:
            yield train, test


def _checked(problem: Problem) -> np.ndarray:
    """Rows that may be held out: not the only one of their class."""
    if problem.task is Task.REGRESSION:
        return np.ones(len(problem), dtype=bool)
    return np.asarray(np.bincount(problem.target)[problem.target] > 1)


def _deal_groups(groups: np.ndarray, problem: Problem, count: int, rng: np.random.Generator) -> np.ndarray:
    """Largest groups first, each to the lightest fold; for classes the fold that has least of the group's rarest."""
    _, codes, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    order = np.lexsort((rng.random(sizes.size), -sizes))
    home = np.empty(sizes.size, dtype=np.int64)
    if problem.task is Task.REGRESSION or sizes.size > 20_000:
        load = np.zeros(count)
        for group in order:
            home[group] = int(load.argmin())
            load[home[group]] += sizes[group]
        return home[codes]
    shares = np.zeros((sizes.size, len(problem.classes)))
    np.add.at(shares, (codes, problem.target), 1.0)
    shares /= np.bincount(problem.target, minlength=len(problem.classes))
    loads = np.zeros((count, len(problem.classes)))
    for group in order:
        cost = (loads + shares[group]).max(axis=1) + loads.sum(axis=1) * 1e-3
        home[group] = int(cost.argmin())
        loads[home[group]] += shares[group]
    return home[codes]


def _in_time(problem: Problem, seed: int) -> Plan:
    """Learn from the past, check on what follows: the later half in three parts (or the last fifth of many rows)."""
    assert problem.moments is not None
    moments = problem.moments
    order = np.argsort(moments, kind="stable")
    rows = len(problem)
    single = _large(problem)
    marks = [0.8, 1.0] if single else [0.5, 2 / 3, 5 / 6, 1.0]
    # equal moments never stand on both sides
    edges = [int(np.searchsorted(moments[order], moments[order[min(rows - 1, int(m * rows))]])) for m in marks[:-1]]
    edges = [*edges, rows]
    folds: list[Division] = []
    for start, stop in itertools.pairwise(edges):
        train, test = order[:start], order[start:stop]
        if problem.groups is not None:
            test = test[~np.isin(problem.groups[test], problem.groups[train])]
        if single and test.size > HOLD_OUT_ROWS:
            test = np.random.default_rng([seed, 5]).choice(test, HOLD_OUT_ROWS, replace=False)
        varied = problem.task is Task.REGRESSION or np.unique(problem.target[train]).size > 1
        if train.size >= 5 and test.size and varied:
            folds.append((np.sort(train[-SEARCH_ROWS:]), np.sort(test)))
    if not folds:
        # one moment for nearly all rows: there is no past to learn from
        parts = _divide(problem, _possible(problem, 5), np.random.default_rng([seed, 8_431]))
        reason = "The time column doesn't part the rows into a past and a future, so they were divided at random."
        return Plan(Resampling(_kind(problem)[0], len(parts), 1, reason, seed), tuple(parts))
    reason = f"Rows are ordered in time: {len(folds)} fold(s) learn from the past and are checked on what follows it."
    return Plan(Resampling("time", len(folds), 1, reason, seed), tuple(folds))
