"""Whether there is time for folds: one fit is tried before the first trial, and the rows are divided accordingly."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from workbench.budget import Budget
from workbench.contracts.table import Task
from workbench.events import Events
from workbench.pipelines import Fold, Prepared, SearchSpace, family
from workbench.pipelines.spaces import Start
from workbench.problem.folds import Plan, hold_out
from workbench.search.setting import Setting

TRIALS = 12
"""Trials on all folds that a search should have time for: with fewer it finds more on one hold-out."""
FEW_TRIALS = 4
"""The same for more than two classes, each of which has trees of its own."""
_ROWS, _TELLING = 2_500, 100
"""Rows of a hold-out that trials may be chosen by, and how many of them must decide over a score (``_telling``). On
fewer, trials fit what is peculiar to the hold-out: on 1,343 card holders, a few of whom bought for most of the money,
the best of 282 trials had an error of 606 there and of 1,443 on new rows, where folds came to 899.
"""
_SHARE = 0.7
"""Of the time left, what goes to trials."""


def plan_for_time(setting: Setting, prepared: Prepared, *, width: int, threads: int) -> Plan:
    """The plan as it is, or one hold-out in place of folds where trials on all of them take too long.

    Classes keep their folds as long as there is time for a few trials: on the tables that were tried more of them
    gained nothing, as the models of folds, which together are one, were worth as much. With a hundred classes there
    may be time for no boosted trial at all.

    The fit that is tried is the middling start of the first family of boosted trees, on the first fold. It gets as
    many seconds as it may take if ``TRIALS`` such trials are to end in time, so it never costs more than a fraction
    of one of them.

    Args:
        width, threads: fits at once, and threads of each.
    """
    plan, budget = setting.plan, setting.budget
    folds = len(plan.folds)
    problem = setting.problem
    wanted = {Task.REGRESSION: TRIALS, Task.MULTICLASS: FEW_TRIALS}.get(problem.task)
    if setting.trials is not None or not budget.limited or wanted is None:
        return plan
    if plan.resampling.kind not in ("k-fold", "stratified"):
        return plan  # groups and time keep the folds that are made for them
    telling = _telling(problem.target) if problem.task is Task.REGRESSION else len(problem)
    if len(problem) < 5 * _ROWS or telling < 5 * _TELLING:
        return plan
    space = next((one for name, one in setting.spaces.items() if family(name).boosts), None)
    limit = _SHARE * budget.remaining * width / (folds * wanted)
    if space is None or _ends(setting, prepared, space, limit, threads):
        return plan
    why = f"A fit took more than {limit:.1f} s, so there was no time for {wanted} trials on {folds} folds;"
    return hold_out(problem, seed=setting.seed, why=why)


def _telling(target: np.ndarray) -> float:
    """How many rows decide over a score.

    As many as would weigh as much in the sum of squares if each weighed the same, (Σd²)² / Σd⁴ over the distances to
    the mean: a few customers with most of the money are a small sample, however many others there are.
    """
    squares = (target - target.mean()) ** 2
    return float(squares.sum() ** 2 / max(float(np.sum(squares**2)), np.finfo(np.float64).tiny))


def _ends(setting: Setting, prepared: Prepared, space: SearchSpace, limit: float, threads: int) -> bool:
    problem, kind = setting.problem, family(space.family)
    start = _middling(setting, prepared, space)
    if start is None:
        return True
    fold = Fold(
        prepared,
        problem.target,
        problem.weight,
        *setting.plan.folds[0],
        problem.fold_task,
        len(problem.classes),
        setting.objective.name,
        problem.groups,
    )
    kind.load()
    events = setting.events
    try:
        fit = kind.fit_fold(
            fold, start.params, seed=setting.seed, threads=threads, budget=_until_stopped(Budget.of(limit), events)
        )
    except Exception:  # noqa: BLE001 - whatever it is, the trial of this start will meet it and say so
        return True
    events.check_stop()
    return fit.complete


def _until_stopped(budget: Budget, events: Events) -> Budget:
    """A budget that is over as soon as the user wishes to stop."""
    clock = budget.clock
    return replace(budget, clock=lambda: math.inf if events.stop_requested else clock())


def _middling(setting: Setting, prepared: Prepared, space: SearchSpace) -> Start | None:
    """The start whose expected work is the median; those on a scale of the target are fitted otherwise."""
    problem = setting.problem
    rows, classes = setting.plan.folds[0][0].size, len(problem.classes)

    def work(start: Start) -> float:
        said = family(space.family).work(problem.fold_task, start.params, rows, prepared.matrix.shape[1], classes)
        return said if math.isfinite(said) else 0.0

    starts = [one for one in space.portfolio(problem.task, len(problem)) if "target_scale" not in one.params]
    return sorted(starts, key=work)[len(starts) // 2] if starts else None
