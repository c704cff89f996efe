"""Descriptive segments: customers who look alike, in as many groups as are stable, describable and tell something."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.budget import Budget
from workbench.contracts import Trial
from workbench.events import Events
from workbench.segments.bench import Bench, Solution
from workbench.segments.embedding import prepare
from workbench.segments.ground import Ground, usable
from workbench.segments.limits import Limits
from workbench.segments.null import NullTest, null_test, why_not
from workbench.segments.pace import SEARCH_ROWS
from workbench.segments.reading import Floats
from workbench.segments.space import Space
from workbench.segments.study import Studied, study

WINNER_DRAWS = 30
FINALISTS, CANDIDATES = 3, 6
"""How many solutions are judged again, and how many may be tried for that."""
_STUDY_SHARE = 0.5


@dataclass(frozen=True)
class Clustered:
    """The winner of a study.

    Attributes:
        solution: fitted on the whole sample.
        null: its comparison with shuffled columns.
        found: whether it exceeds them.
        why_not: a clause when it does not.
    """

    solution: Solution
    null: NullTest
    found: bool
    why_not: str
    trials: tuple[Trial, ...]


def cluster(
    ground: Ground, space: Space, limits: Limits, *, budget: Budget, events: Events
) -> Clustered | tuple[str, tuple[Trial, ...]]:
    """Search, judge the best again on the whole sample, test the winner against shuffled columns.

    Returns:
        the winner; or a clause that says why there is none, with the trials.

    Raises:
        Stopped: the user asked for it.
    """
    small = _bench(ground, limits, SEARCH_ROWS)
    if small is None:
        return "no column varies", ()
    studied = study(small, space, budget=budget.share(_STUDY_SHARE), events=events)
    if studied.cut:
        events.notice(
            "segments",
            f"Time ended the search for descriptive segments; solutions tried until then: {len(studied.trials)}.",
            trials=len(studied.trials),
        )
    if not studied.solutions:
        reasons = {trial.reason for trial in studied.trials}
        return (f"no solution kept the size limits ({next(iter(sorted(reasons)), 'nothing varies')})", studied.trials)
    full = small if small.reading.rows == len(ground.sample) else _bench(ground, limits, len(ground.sample))
    assert full is not None, "what varies in a part varies in the whole"
    winner = _best_of_finalists(full, studied.solutions, budget.reserving(_closing_seconds(studied)), events)
    if winner is None:
        return "the best solutions broke the size limits on the whole sample", studied.trials
    null = null_test(winner, small)
    reason = why_not(winner, null)
    return Clustered(winner, null, not reason, reason, studied.trials)


def _closing_seconds(studied: Studied) -> float:
    """Forecast of what follows the choice: the test against shuffled columns has some twice the fits of a trial that
    made its own null, and describing the segments costs about as much as a trial.
    """
    return 3 * max((trial.seconds for trial in studied.trials if trial.score is not None), default=0.0)


def _bench(ground: Ground, limits: Limits, rows: int) -> Bench | None:
    """A bench on the first ``rows`` of the shuffled sample, with the ground's own division into train and held out."""
    size = len(ground.sample)
    keep = (
        np.sort(np.random.default_rng([ground.seed, 37]).permutation(size)[:rows]) if rows < size else np.arange(size)
    )
    is_train = np.isin(keep, ground.train)
    # Rules are chosen within the training customers only: the held-out ones stay unseen until the end.
    train_rows = np.flatnonzero(is_train)
    halves = np.random.default_rng([ground.seed, 41]).permutation(len(train_rows))
    half = len(train_rows) // 2
    chosen = ground.sample[keep]
    outcome: Floats | None = None if ground.outcome is None else ground.outcome[chosen]
    if len(keep) == size:
        reading, preparation = ground.sampled, ground.preparation
    else:
        reading = ground.reading.take(chosen)
        frame = ground.table.frame.iloc[chosen]
        preparation = prepare(frame, usable(ground.table), ground.view, reading, ground.seed)
    if preparation is None:
        return None
    return Bench(
        preparation=preparation,
        view=ground.view,
        reading=reading,
        outcome=outcome,
        train=train_rows[halves[:half]],
        test=train_rows[halves[half:]],
        limits=limits,
        seed=ground.seed,
    )


def _best_of_finalists(full: Bench, solutions: tuple[Solution, ...], budget: Budget, events: Events) -> Solution | None:
    """The best of the leading solutions on all rows of the sample and with more bootstrap draws.

    The few draws of a trial flatter whoever leads after many trials; the finalists are judged anew for that reason.

    Returns:
        ``None`` when none of the candidates keeps the size limits on all rows.
    """
    judged: list[Solution] = []
    for candidate in solutions[:CANDIDATES]:
        events.check_stop()
        enough = len(judged) == FINALISTS or (judged and budget.expired)
        if enough:
            break
        again = full.attempt(candidate.recipe, WINNER_DRAWS, lambda: budget.expired, candidate.null)
        if again is not None and not again.reason:
            judged.append(again)
    return max(judged, key=lambda one: one.value, default=None)
