"""Steps on large tables: a trial learns from few rows first, and gets all of them only if it does well enough."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.contracts import Task
from workbench.problem.folds import Division
from workbench.problem.rows import Problem
from workbench.search.evaluation.calibrating import parts_of
from workbench.search.evaluation.metric import Metric
from workbench.search.evaluation.paired import losses_by_part
from workbench.search.trials.records import Record

SIZES = (10_000,)
GROWTH = 8
"""Training rows of the fold for a row of a step, at least. A step costs more than its share of the rows, as its trees
are not fewer and the held-out rows are looked at as often: before a LightGBM fit on 250,000 rows of 30 columns, steps
of 10,000 and 40,000 rows took a quarter to all of its own time, and a step of 10,000 alone a tenth to a third (few
trials of one table, on a busy machine). With fewer rows to be saved than this, whoever goes on pays too much; a second
step of 40,000 would need more rows than a search learns from.
"""
PARTS = 20
"""Parts of the held-out rows, whose differences tell how far a difference may be chance."""
_STRATA = 50
_OF_EACH_CLASS = 20
"""Rows (or groups) of each class that the first step has, where there are as many."""
_RAREST = 100
"""Rows of the rarer of two classes without which a step tells nothing."""


@dataclass(frozen=True, eq=False)
class RowSteps:
    """The steps before the first fold, the same for all trials; none on smaller tables.

    Attributes:
        divisions: some of the fold's training rows with all of its test rows, smallest first; each has all rows of
            the one before.
        rows: training rows of the fold.
        part: 0 to ``PARTS`` - 1 for each test row of the fold.
    """

    divisions: tuple[Division, ...] = ()
    rows: int = 0
    part: np.ndarray | None = None

    @property
    def sizes(self) -> tuple[int, ...]:
        """Training rows of each step."""
        return tuple(train.size for train, _ in self.divisions)

    @property
    def share(self) -> float:
        """Rows of all steps together per training row of the fold: what the steps cost for a fold that costs one."""
        return sum(self.sizes) / self.rows if self.rows else 0.0

    @property
    def sentence(self) -> str:
        """What they are for, for the analyst."""
        sizes = " and ".join(f"{size:,}" for size in self.sizes)
        return (
            f"Trials learn from {sizes} rows before they learn from all {self.rows:,}; those that are clearly worse "
            "there than the best of their family was with the same rows are stopped."
        )

    def cost(self, record: Record) -> float:
        """What a trial took of the work of a fold, as far as it came; 1 for those that got there."""
        if record.losses or not record.steps:
            return 1.0
        return sum(record.steps) / self.rows

    def losses(self, prediction: np.ndarray, truth: np.ndarray, weight: np.ndarray | None, by: Metric) -> list[float]:
        """The loss on each part of the test rows; NaN where it is not defined.

        Args:
            prediction: for the test rows, shape (rows,) or (rows, classes).
            truth, weight: of the test rows.
        """
        assert self.part is not None
        return [float(one) for one in losses_by_part(prediction, truth, weight, self.part, by)]


def row_steps(problem: Problem, fold: Division, seed: int) -> RowSteps:
    """Choose the rows of the steps.

    They are drawn from the fold's training rows, so whatever keeps these apart from the test rows (time, groups) keeps
    the steps apart as well. Groups come whole, as in the fold: rows of one group tell less than as many strangers.
    Classes, and low and high numbers, have the share that they have in the fold. Where rows are ordered in time, the
    steps reach back as far as the fold does.
    """
    train, test = fold
    sizes = [size for size in SIZES if GROWTH * size <= train.size]
    if not sizes:
        return RowSteps()
    turn = _turns(problem, train, seed)
    order = np.argsort(turn, kind="stable")
    divisions: list[Division] = []
    for size in sizes:
        # a group is never cut in two
        count = int(np.searchsorted(turn[order], turn[order[size - 1]], side="right"))
        rows = np.sort(train[order[:count]])
        if count <= 2 * size and _tells(problem, rows):
            divisions.append((rows, test))
    groups = None if problem.groups is None else problem.groups[test]
    moments = None if problem.moments is None else problem.moments[test]
    return RowSteps(tuple(divisions), train.size, parts_of(test.size, groups, moments, seed, PARTS))


def _tells(problem: Problem, rows: np.ndarray) -> bool:
    if len(problem.classes) != 2:
        return True
    return int(np.bincount(problem.target[rows], minlength=2).min()) >= _RAREST


def _turns(problem: Problem, train: np.ndarray, seed: int) -> np.ndarray:
    """When each training row gets its turn: the first so many are a stratified sample, however many they are.

    Rows of a group have the same turn, all others turns of their own.
    """
    rng = np.random.default_rng([seed, 40_009])
    if problem.groups is None:
        return _dealt(_strata(problem, problem.target[train]), problem.task, rng)
    _, codes, sizes = np.unique(problem.groups[train], return_inverse=True, return_counts=True)
    if problem.task is Task.REGRESSION:
        kind = _strata(problem, np.bincount(codes, weights=problem.target[train]) / sizes)
    else:
        # a group counts as one of the rarest class that it holds: the others are plentiful without it
        rarity = np.argsort(np.argsort(-np.bincount(problem.target, minlength=len(problem.classes)), kind="stable"))
        kind = np.zeros(sizes.size, dtype=np.int64)
        np.maximum.at(kind, codes, rarity[problem.target[train]])
    return _dealt(kind, problem.task, rng)[codes]


def _strata(problem: Problem, target: np.ndarray) -> np.ndarray:
    if problem.task is not Task.REGRESSION:
        return target
    return np.asarray(np.argsort(np.argsort(target, kind="stable"), kind="stable") * _STRATA // target.size)


def _dealt(stratum: np.ndarray, task: Task, rng: np.random.Generator) -> np.ndarray:
    """A place from 0 on for each unit, no two alike; in any beginning of them strata have their shares."""
    due = np.empty(stratum.size)
    for one in np.unique(stratum):
        members = rng.permutation(np.flatnonzero(stratum == one))
        due[members] = (np.arange(members.size) + rng.random()) / members.size
        if task is not Task.REGRESSION:
            due[members[:_OF_EACH_CLASS]] = 0.0
    turn = np.empty(stratum.size, dtype=np.int64)
    turn[np.lexsort((rng.random(stratum.size), due))] = np.arange(stratum.size)
    return turn
