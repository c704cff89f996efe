"""Where one hold-out was enough for the search: the best trials on folds over all rows, where time allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from workbench.budget import Budget
from workbench.pipelines.scaled import is_scaled
from workbench.search.engine import Engine
from workbench.search.evaluation.calibrating import parts_of
from workbench.search.evaluation.paired import gain_over_parts, losses_by_part
from workbench.search.executors.batch import run_batch
from workbench.search.executors.worker import fit_fold
from workbench.search.scheduling.pruning import RELATIVE
from workbench.search.setting import Setting
from workbench.search.trials.records import Record, done_of

MOST = 3
"""Trials that are checked."""
_PARTS = 20
_CAUTION = 1.3
_SHARE = 0.1
"""Most of a search's time that is kept for the check."""


def finalists(best: Record, records: list[Record]) -> list[Record]:
    """The best trial, and those whose distance to it on one hold-out is too small to mean anything; best first.

    Whether the target has a scale was decided before, so all of them have one or none.
    """
    limit = best.loss + RELATIVE * abs(best.loss)
    near = [
        one
        for one in done_of(records)
        if one is not best and one.loss <= limit and is_scaled(one.params) == is_scaled(best.params)
    ]
    return [best, *near][:MOST]


@dataclass(eq=False)
class Finals:
    """The check at the end of one search.

    Attributes:
        after: seconds that must be left for what comes after, given the champion.
    """

    setting: Setting
    engine: Engine
    after: Callable[[Record], float]

    def reserve(self, best: Record | None) -> float:
        """Seconds that the search leaves for the check; none where not even the best trial could be checked in them."""
        if best is None or not self.setting.plan.finals:
            return 0.0
        one = self._seconds(best)
        most = _SHARE * self.setting.budget.seconds if self.setting.budget.limited else float("inf")
        return min(MOST * one, most) if one <= most else 0.0

    def settled(self, best: Record) -> tuple[Record, np.ndarray | None]:
        """The champion, and its predictions on folds over all rows; ``None`` where there are no more or no time.

        The best trial is checked first and stays the champion, unless another finalist is better on these folds by
        more than a standard error.
        """
        setting = self.setting
        if not setting.plan.finals or self.engine.stopped:
            return best, None
        said = self._checked(best)
        if said is None:
            return best, None
        setting.announce.decision(f"The best trial was checked on {len(setting.plan.finals)} folds over all rows.")
        champion, its, losses = best, said, self._losses(said)
        others = 0
        for record in finalists(best, self.engine.records)[1:]:
            if self._seconds(record) > self._spare(record) or (said := self._checked(record)) is None:
                continue
            others += 1
            gain = gain_over_parts(losses, after := self._losses(said))
            if gain.certain:
                setting.announce.decision(
                    f"Trial {record.number} took the place of trial {champion.number}: on folds over all rows its loss "
                    f"is lower by {gain.mean:.3g} ± {gain.error:.2g}."
                )
                champion, its, losses = record, said, after
        if others and champion is best:
            setting.announce.decision(f"It stays the champion against {others} other finalist(s) on these folds.")
        return champion, its

    def _checked(self, record: Record) -> np.ndarray | None:
        setting, spare = self.setting, self._spare(record)
        if self._seconds(record) > spare:
            setting.events.notice("search", f"No time was left to check trial {record.number} on folds over all rows.")
            return None
        first = len(setting.plan.folds)
        numbers = [first + place for place in range(len(setting.plan.finals))]
        prediction = self._predicted(record, numbers, min(spare, 1e6))
        if prediction is None:
            setting.events.notice(
                "search", f"The check of trial {record.number} on folds over all rows didn't end in time."
            )
        return prediction

    def _predicted(self, record: Record, folds: list[int], seconds: float) -> np.ndarray | None:
        """Out of fold on these folds, ``None`` when they didn't all end in time."""
        engine = self.engine
        tasks = [engine.task(record, fold, seconds) for fold in folds]
        budget = Budget.of(seconds, clock=engine.budget.clock)
        results = run_batch(engine.slots, fit_fold, tasks, budget=budget, events=engine.events)
        done = {fold: one.prediction for fold, one in zip(folds, results, strict=True) if one and one.complete}
        return engine.pooled(done) if len(done) == len(folds) else None

    def _seconds(self, record: Record) -> float:
        plan = self.setting.plan
        grown = plan.finals[0][0].size / plan.folds[0][0].size
        return _CAUTION * record.fold_seconds * grown * len(plan.finals) / self.engine.slots.width

    def _spare(self, record: Record) -> float:
        budget = self.setting.budget
        return budget.remaining - self.after(record) if budget.limited else float("inf")

    def _losses(self, prediction: np.ndarray) -> np.ndarray:
        setting, problem = self.setting, self.setting.problem
        part = parts_of(len(problem), problem.groups, problem.moments, setting.seed, _PARTS)
        return losses_by_part(prediction, problem.target, problem.weight, part, setting.objective)
