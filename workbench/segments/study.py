"""The search for descriptive segments: a seeded Optuna study over scaling, algorithm and number of segments."""

from __future__ import annotations

from dataclasses import dataclass

import optuna

from workbench.budget import Budget
from workbench.contracts import Trial, TrialState
from workbench.events import Events
from workbench.segments.bench import Bench, Solution
from workbench.segments.recipe import Recipe
from workbench.segments.space import Space

MAX_TRIALS = 32
DRAWS = 5
"""Bootstrap draws of a trial; the winner gets more."""


@dataclass(frozen=True)
class Studied:
    """What a study gave.

    Attributes:
        solutions: allowed ones, best first; each recipe once.
        trials: everything that was tried, in order.
        cut: whether time ended the study before its trials did.
    """

    solutions: tuple[Solution, ...]
    trials: tuple[Trial, ...]
    cut: bool


def study(bench: Bench, space: Space, *, budget: Budget, events: Events, max_trials: int = MAX_TRIALS) -> Studied:
    """Try recipes until the trials or the time are used up; without an allowed one the portfolio is tried in any case.

    The portfolio of the search space goes first, then Optuna's TPE sampler. A recipe that comes again is not
    computed again.

    Raises:
        Stopped: the user asked for it.
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.TPESampler(seed=bench.seed, n_startup_trials=max(4, len(space.starts)), multivariate=True)
    work = optuna.create_study(direction="maximize", sampler=sampler)
    for start in space.starts:
        work.enqueue_trial(dict(start))
    known: dict[Recipe, Solution | None] = {}
    trials: list[Trial] = []
    cut = False
    total = min(max_trials, space.size)
    asked = 0
    while len(known) < total and asked < 4 * total:
        events.check_stop()
        if budget.expired and _enough(known, len(space.starts)):
            cut = True
            break
        trial = work.ask()
        asked += 1
        recipe = space.suggest(trial)
        began = budget.elapsed
        repeated = recipe in known
        if not repeated:
            known[recipe] = bench.attempt(recipe, DRAWS)
        solution = known[recipe]
        work.tell(trial, -1.0 if solution is None else solution.value)
        if repeated:
            continue
        trials.append(_as_trial(len(trials), recipe, solution, budget.elapsed - began, asked <= len(space.starts)))
        events.progress("segments", f"Tried {recipe.clusters} segments", len(known), total)
    allowed = [solution for solution in known.values() if solution is not None and not solution.reason]
    allowed.sort(key=lambda one: -one.value)
    return Studied(tuple(allowed), tuple(trials), cut)


def _enough(known: dict[Recipe, Solution | None], starts: int) -> bool:
    """Whether the least has been done: one allowed solution, or all of the portfolio for want of one."""
    return len(known) >= max(1, starts) or any(one is not None and not one.reason for one in known.values())


def _as_trial(number: int, recipe: Recipe, solution: Solution | None, seconds: float, enqueued: bool) -> Trial:
    """A trial for the log; its fold scores are least stability, describability and, with an outcome, eta²."""
    done = solution is not None and not solution.reason
    parts: tuple[float, ...] = ()
    if solution is not None and done:
        parts = (float(solution.stability.min()), solution.describability)
        parts += (solution.eta2,) if solution.eta2 is not None else ()
    return Trial(
        number=number,
        family="clustering",
        state=TrialState.DONE if done else TrialState.PRUNED,
        params=recipe.params(),
        score=solution.value if solution is not None and done else None,
        fold_scores=parts,
        seconds=seconds,
        origin="portfolio" if enqueued else "sampler",
        reason="" if done else (solution.reason if solution is not None else "no column varies"),
    )
