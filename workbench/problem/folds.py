"""How rows are divided for learning and checking, by size, groups and time; fixed by the seed, never by the clock."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np

from workbench.contracts import Resampling, Task
from workbench.pipelines.rare_rows import with_rare
from workbench.problem.rows import Problem

MEDIUM, LARGE = 20_000, 60_000
LARGE_WORK = 8_000_000
"""Rows times columns times classes (beyond two) from which a table counts as large, however few its rows."""
HOLD_OUT_ROWS = 15_000
_RARE_HELD_OUT, _MOST_HELD_OUT = 300, 60_000
"""Rows of the rarer of two classes that one hold-out should have, and rows that it may have for that."""
SEARCH_ROWS = 250_000
"""Rows that a search learns from at most; the champion is refitted on all."""

_GROUPS_HELD_OUT = 10
"""Groups of a hold-out, where there are as many: what is said of one or two tells little of others."""
_LATER = 30
"""Later rows of groups that are new then, from which they alone are checked (if they are half of the later rows)."""

_NOT_TOGETHER = "Groups that are kept together leave one class only to learn from or to check, so they were not"

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


def plan_folds(problem: Problem, *, seed: int, count: int | None = None) -> Plan:
    """Divide the rows.

    A class with a single row is never checked, and always learnt from unless its group is held out.

    Args:
        count: of folds, where the rows are not parted in time; by default 5, or 3 for many rows.
    """
    rows = len(problem)
    rng = np.random.default_rng([seed, 8_431])
    if problem.moments is not None:
        return _in_time(problem, seed)
    large, few = _large(problem), _few_groups(problem)
    if large and not few:
        return _held_out(problem, rng, seed, f"With {rows:,} rows and {len(problem.columns):,} columns")
    folds, kind, why = _folds(problem, count or (3 if rows > MEDIUM else 5), rng)
    if large:
        folds = [(_drawn(train, problem, rng), _at_most(test, _held_out_rows(problem), rng)) for train, test in folds]
    size = "in few groups are enough" if few else "are small enough" if rows <= MEDIUM else "are large enough"
    reason = f"{rows:,} rows {size} for {len(folds)} folds; {why}"
    return Plan(Resampling(kind, len(folds), 1, reason, seed), tuple(folds))


def hold_out(problem: Problem, *, seed: int, why: str) -> Plan:
    """One hold-out to search by and folds for the finalists, however many rows there are.

    Args:
        why: the beginning of the reason, before "one hold-out is enough".
    """
    return _held_out(problem, np.random.default_rng([seed, 8_431]), seed, why)


def _held_out(problem: Problem, rng: np.random.Generator, seed: int, why: str) -> Plan:
    most = _held_out_rows(problem)
    count = max(5, -(-len(problem) // most))
    if problem.groups is not None:
        count = max(2, min(count, np.unique(problem.groups).size // _GROUPS_HELD_OUT))
    part = _dealt(problem, count, rng)
    possible = (_division(problem, part, fold) for fold in _by_groups(part, count, problem.groups))
    found = next((one for one in possible if one is not None and _varied(problem, one[1])), None)
    if found is None and problem.groups is not None:
        return _held_out(replace(problem, groups=None), rng, seed, f"{_NOT_TOGETHER}; {why[:1].lower()}{why[1:]}")
    assert found is not None  # without groups each part has its share of every class
    train, test = _drawn(found[0], problem, rng), _at_most(found[1], most, rng)
    finals = tuple(_divide(problem, _possible(problem, 3), rng))
    reason = (
        f"{why} one hold-out of {test.size:,} rows is enough to search by (learning from {train.size:,}); the best "
        f"trials are checked on {len(finals)} folds where time allows. {_kind(problem)[1]}"
    )
    return Plan(Resampling(HOLD_OUT, 1, 1, reason, seed), ((train, test),), finals)


def _held_out_rows(problem: Problem) -> int:
    """Rows of one hold-out: more where one of two classes is so rare that it would hold next to none of it."""
    if len(problem.classes) != 2:
        return HOLD_OUT_ROWS
    share = float(np.bincount(problem.target, minlength=2).min()) / len(problem)
    return int(np.clip(_RARE_HELD_OUT / max(share, 1e-9), HOLD_OUT_ROWS, _MOST_HELD_OUT))


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


def _few_groups(problem: Problem) -> bool:
    """Whether a hold-out would be made of hardly any groups: all are checked then, in turn."""
    return problem.groups is not None and np.unique(problem.groups).size < 2 * _GROUPS_HELD_OUT


def _folds(problem: Problem, count: int, rng: np.random.Generator) -> tuple[list[Division], str, str]:
    """Folds, of what kind they are and why."""
    folds = _divide(problem, _possible(problem, count), rng)
    if folds or problem.groups is None:
        return folds, *_kind(problem)
    folds, kind, why = _folds(replace(problem, groups=None), count, rng)
    return folds, kind, f"{_NOT_TOGETHER[:1].lower()}{_NOT_TOGETHER[1:]}; {why}"


def _divide(problem: Problem, count: int, rng: np.random.Generator) -> list[Division]:
    part = _dealt(problem, count, rng)
    found = (_division(problem, part, fold) for fold in range(count))
    return [division for division in found if division is not None]


def _dealt(problem: Problem, count: int, rng: np.random.Generator) -> np.ndarray:
    """The part of each row, shape (rows,)."""
    rows = len(problem)
    if problem.groups is not None:
        return deal_groups(problem.groups, problem.target, len(problem.classes), count, rng)
    part = np.empty(rows, dtype=np.int64)
    if problem.task is Task.REGRESSION:
        # dealt in order of the target, in shuffled blocks of one per fold
        order = np.lexsort((rng.random(rows), problem.target))
        for start in range(0, rows, count):
            block = order[start : start + count]
            part[block] = rng.permutation(count)[: block.size]
        return part
    for code in range(len(problem.classes)):
        members = rng.permutation(np.flatnonzero(problem.target == code))
        part[members] = (np.arange(members.size) + rng.integers(count)) % count
    return part


def _division(problem: Problem, part: np.ndarray, fold: int) -> Division | None:
    """Training and test rows; ``None`` where one is empty, or where there is one class only to learn from."""
    checked = _checked(problem)
    # what is never checked is learnt from in every fold, unless it belongs to a group that is held out
    always = ~checked if problem.groups is None else np.zeros(len(problem), dtype=bool)
    train, test = np.flatnonzero((part != fold) | always), np.flatnonzero((part == fold) & checked)
    return (train, test) if train.size and test.size and _varied(problem, train) else None


def _varied(problem: Problem, rows: np.ndarray) -> bool:
    return problem.task is Task.REGRESSION or bool(np.count_nonzero(np.bincount(problem.target[rows])) > 1)


def _by_groups(part: np.ndarray, count: int, groups: np.ndarray | None) -> list[int]:
    """The parts, those first that are made of many groups: the largest group may fill one by itself."""
    if groups is None:
        return list(range(count))
    _, first = np.unique(groups, return_index=True)
    made_of = np.bincount(part[first], minlength=count)
    return [int(fold) for fold in np.argsort(-made_of, kind="stable")]


def _drawn(train: np.ndarray, problem: Problem, rng: np.random.Generator) -> np.ndarray:
    """As many of the rows to learn from as a search may have, with some of each class."""
    drawn = _at_most(train, SEARCH_ROWS, rng)
    if drawn.size == train.size or problem.task is Task.REGRESSION:
        return drawn
    return with_rare(drawn, problem.target, train)


def _at_most(rows: np.ndarray, most: int, rng: np.random.Generator) -> np.ndarray:
    return rows if rows.size <= most else np.sort(rng.choice(rows, most, replace=False))


def _checked(problem: Problem) -> np.ndarray:
    """Rows that may be held out: not the only one of their class."""
    if problem.task is Task.REGRESSION:
        return np.ones(len(problem), dtype=bool)
    return np.asarray(np.bincount(problem.target)[problem.target] > 1)


def deal_groups(
    groups: np.ndarray, target: np.ndarray, classes: int, count: int, rng: np.random.Generator
) -> np.ndarray:
    """The part of each row, shape (rows,), so that groups stay together.

    Largest groups first, each to the lightest part; for classes the part that has least of the group's rarest.

    Args:
        target: class codes; not looked at for numbers.
        classes: how many; 0 for numbers.
    """
    _, codes, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    order = np.lexsort((rng.random(sizes.size), -sizes))
    home = np.empty(sizes.size, dtype=np.int64)
    if not classes or sizes.size > 20_000:
        load = np.zeros(count)
        for group in order:
            home[group] = int(load.argmin())
            load[home[group]] += sizes[group]
        return home[codes]
    shares = np.zeros((sizes.size, classes))
    np.add.at(shares, (codes, target), 1.0)
    shares /= np.bincount(target, minlength=classes)
    loads = np.zeros((count, classes))
    for group in order:
        cost = (loads + shares[group]).max(axis=1) + loads.sum(axis=1) * 1e-3
        home[group] = int(cost.argmin())
        loads[home[group]] += shares[group]
    return home[codes]


def _of_new_groups(problem: Problem, train: np.ndarray, test: np.ndarray) -> np.ndarray:
    return test if problem.groups is None else test[~np.isin(problem.groups[test], problem.groups[train])]


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
    pairs = [(order[:start], order[start:stop]) for start, stop in itertools.pairwise(edges)]
    new = [_of_new_groups(problem, train, test) for train, test in pairs]
    apart = all(few.size >= max(_LATER, test.size / 2) for few, (_, test) in zip(new, pairs, strict=True) if test.size)
    folds: list[Division] = []
    for (train, test), few in zip(pairs, new, strict=True):
        later = few if apart else test
        if single:
            later = _at_most(later, _held_out_rows(problem), np.random.default_rng([seed, 5]))
        if train.size >= 5 and later.size and _varied(problem, train):
            folds.append((np.sort(train[-SEARCH_ROWS:]), np.sort(later)))
    if not folds:
        # one moment for nearly all rows: there is no past to learn from
        parts, kind, _ = _folds(problem, 5, np.random.default_rng([seed, 8_431]))
        reason = "The time column doesn't part the rows into a past and a future, so they were divided at random."
        return Plan(Resampling(kind, len(parts), 1, reason, seed), tuple(parts))
    reason = f"Rows are ordered in time: {len(folds)} fold(s) learn from the past and are checked on what follows it."
    if problem.groups is not None and not apart:
        reason += " Most later rows are of groups that were there before, so groups are on both sides, as in use."
    return Plan(Resampling("time", len(folds), 1, reason, seed), tuple(folds))
