"""What is begun next, and how long it may take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.budget import Budget
from workbench.contracts import TrialState
from workbench.pipelines import family
from workbench.search.blend.ensemble import reach
from workbench.search.blend.standing import Standing
from workbench.search.insight.announce import Announcer
from workbench.search.scheduling.chooser import FamilyChooser
from workbench.search.scheduling.costs import CostModel
from workbench.search.scheduling.row_steps import RowSteps
from workbench.search.trials.records import Record, Running, done_of
from workbench.search.trials.studies import FEATURES, FamilyStudy

_REDRAWS = 4
_LARGEST_SHARE = 0.25
"""Share of the whole budget that one trial may be expected to take once another one is finished."""
_AFTER_STEPS_SHARE = 0.4
"""The same where steps come first: those that get to a complete fit are worth it."""
_FIRST_SHARE = 0.4
"""The same for the first trial of a family, as the most that it gets before it is held to fewer rounds."""
_CHEAP_SHARE = 0.05
"""Share of the budget that the steps of the very first trial may take: a complete model comes before anything else."""
_DEAR_SHARE = 0.1
"""Share of the budget from which a complete fit is too dear to be there for the leaderboard alone."""
_SHORTEST = 0.25
"""Least share of its expected time with which a trial that can be held to fewer rounds is worth beginning."""
_FASTER = (1.5, 2.0, 3.0)
"""By what a start learns faster that has no time as it is."""
_PAUSE = 1.0
"""Seconds before trials are drawn again where those that were drawn were too much for the time left."""
_FAILURES = 3
"""Failed trials after which a family that has finished none is left alone."""
_CHANCES = 8
"""Trials after which a family is left alone, if none of them came near enough to the best to be blended."""


@dataclass(eq=False)
class Schedule:
    """Chooses families and trials by what they promise and cost.

    Attributes:
        work: expected seconds of one fit by the family's own account.
        width: fits that run at once.
        records, running: the engine's own lists, looked at and never changed.
        standing: tells what a trial adds to the blend.
        steps: what trials are judged on before their first fold; it may have none.
        time_left: seconds until the search must end, if a model whose fit takes so long is fitted on all rows then.
        repeatable: decide by counted work and never by the clock (a deadline, if there is one, still ends it all).
    """

    studies: dict[str, FamilyStudy]
    work: Callable[[str, dict[str, Any]], float]
    folds: int
    steps: RowSteps
    width: int
    records: list[Record]
    running: list[Running]
    budget: Budget
    time_left: Callable[[float], float]
    standing: Standing
    announce: Announcer
    seed: int
    repeatable: bool

    def __post_init__(self) -> None:
        self.costs = CostModel(fixed=self.repeatable)
        self._chooser = FamilyChooser(tuple(self.studies), self.seed)
        self._closed: set[str] = set()
        self._left_behind: set[str] = set()
        self._forgiven = 0
        self._dry = -np.inf

    def learn(self, record: Record) -> None:
        """A trial has ended."""
        cost = record.work * self.steps.cost(record) if self.repeatable else record.seconds
        self._chooser.learn(record, cost, self.standing.gain(record))

    def forgive(self) -> None:
        """What has failed so far was no family's fault."""
        self._forgiven = len(self.records)

    def look_again(self) -> None:
        """A fit has ended: what was too much for the time left may not be any more."""
        self._dry = -np.inf

    def propose(self, number: int) -> Record | None:
        """The next trial, on disk as running; ``None`` when nothing can be finished any more."""
        # each trial that is drawn and not begun is written to the disk, too
        if self.budget.elapsed - self._dry < _PAUSE:
            return None
        # where nothing else can be done with the time that is left, a trial held to fewer rounds is better than none
        for idle in (False, True) if not self.running else (False,):
            for name in self._candidates():
                for _ in range(_REDRAWS):
                    record = self._ask(name, number, idle=idle)
                    if record is not None:
                        return record
                    if name in self._closed:
                        break
        self._dry = self.budget.elapsed if self.running else -np.inf
        return None

    def limit(self, record: Record) -> float | None:
        """Seconds that the next fit of a trial may take, so that its other folds find time as well."""
        left = self.time_left(0.0)
        if self.repeatable or not np.isfinite(left):
            return None
        expected = self.costs.seconds(record.family, record.work)
        if record.losses:
            return max(0.05, min(left, max(4 * expected, 3 * record.fold_seconds)))
        # a first fit that takes many times what was expected would eat the search
        known = any(one.family == record.family for one in done_of(self.records))
        share = _LARGEST_SHARE if known else _FIRST_SHARE
        return max(0.05, min(left / self._turns, max(4 * expected, share * self.budget.seconds / self._turns)))

    def in_steps(self, record: Record) -> bool:
        """Whether a trial that begins goes through the steps."""
        if self.repeatable or not self.budget.limited or done_of(self.records):
            return True
        steps = self._steps_share(record.family) * self.costs.seconds(record.family, record.work)
        return steps <= _CHEAP_SHARE * self.budget.seconds

    def _steps_share(self, name: str) -> float:
        """What the steps of a trial take for a second of its fit on a fold: more than their share of the rows, as trees
        and the look at the held-out rows cost the same.
        """
        seen = [] if self.repeatable else [one for one in done_of(self.records) if one.family == name and one.steps]
        shares = [one.step_seconds / one.fold_seconds for one in seen if one.fold_seconds > 0]
        return float(np.median(shares)) if shares else self.steps.share

    def dear(self, record: Record) -> bool:
        """Whether a complete fit takes so long that nobody would wait for it without a reason."""
        if self.repeatable or not self.budget.limited:
            return False
        return self.costs.seconds(record.family, record.work) > _DEAR_SHARE * self.budget.seconds

    @property
    def _turns(self) -> int:
        """Fits one after another in a trial: its first fold alone, then as many at once as there are slots."""
        return 1 + -(-(self.folds - 1) // self.width)

    def _candidates(self) -> list[str]:
        """Families with a lost trial, then those without a first one, cheapest first, then by gain per second.

        In between come feature blocks of the leading family: they decide what all its later trials have. Those of the
        others are worth no more than their next trials are.
        """
        begun = {record.family for record in self.records}
        leading = [record.family for record in done_of(self.records)[:1]]
        lost = [name for name in self.studies if self.studies[name].peek().origin == "resumed"]
        features = [name for name in leading if self.studies[name].peek().origin == FEATURES]
        fresh = [name for name in self.studies if name not in begun and name not in self._closed]
        first = sorted(fresh, key=lambda name: self._expected(name, self._peeked(name)))
        rest = [name for name in self.studies if name in begun and not self._is_left_behind(name)]
        return list(dict.fromkeys([*lost, *first, *features, *self._chooser.order(rest)]))

    def _is_left_behind(self, name: str) -> bool:
        """Whether a family has shown with all its starts that nothing of it will be blended."""
        if name in self._left_behind:
            return True
        failed = [one for one in self.records[self._forgiven :] if one.family == name]
        failed = [one for one in failed if one.state is TrialState.FAILED]
        if len(failed) >= _FAILURES and all(one.family != name for one in done_of(self.records)):
            self._left_behind.add(name)
            self.announce.decision(f"{name}: {len(failed)} trials failed and none ended; it is left.")
            return True
        done = done_of(self.records)
        if not done or self.studies[name].peek().origin != "sampler":
            return False
        limit = reach(done[0].loss, self.standing.baseline)
        losses = [one.loss for one in self.records if one.family == name and one.state is not TrialState.RUNNING]
        if sum(np.isfinite(losses)) < _CHANCES or min(losses) <= limit:
            return False
        self._left_behind.add(name)
        self.announce.decision(
            f"{name}: none of its {len(losses)} trials came near enough to trial {done[0].number} to be blended; the "
            "time goes to the other families."
        )
        return True

    def _hastened(self, name: str) -> float:
        """Let a family's next start learn as much faster as it must to find time; 0 where that isn't enough.

        Boosting at twice the rate learns nearly as much in half the rounds, and is worth more than no trial at all.
        """
        study = self.studies[name]
        following = study.peek()
        for factor in _FASTER if following.origin == "portfolio" else ():
            faster = family(name).hastened(following.params, factor)
            if faster is None:
                return 0.0
            if self._affordable(name, self.work(name, {**following.fixed, **faster}), short=False):
                return factor if study.hasten(factor) else 0.0
        return 0.0

    def _peeked(self, name: str) -> float:
        following = self.studies[name].peek()
        return self.work(name, {**following.fixed, **following.params})

    def _ask(self, name: str, number: int, *, idle: bool) -> Record | None:
        """The next trial of a family, if it can be finished in time."""
        study = self.studies[name]
        following, work = study.peek(), self._peeked(name)
        first = all(record.family != name for record in self.records)
        # until one trial is done every family gets a try, however little time there is: it may be held to less
        forced = first and not done_of(self.records)
        if following.origin != "sampler" and not forced and not self._affordable(name, work, short=first or idle):
            what, expected = following.start or "a lost trial", self._expected(name, work)
            if factor := self._hastened(name):
                self.announce.decision(f"{name}: '{what}' learns {factor:g} times faster: for that there is time.")
                return self._begun(name, number)
            self.announce.decision(
                f"{name}: '{what}' was not begun, its {expected:.1f} s are too much for the time left."
            )
            study.drop()
            if first and study.peek().origin == "sampler":
                self._closed.add(name)
                self.announce.notice(f"No time was left for the family {name}.")
            return None
        record = self._begun(name, number)
        if not forced and not self._affordable(name, record.work, short=first or idle):
            study.forget(record)
            return None
        return record

    def _begun(self, name: str, number: int) -> Record:
        record = self.studies[name].ask(number)
        record.work = self.work(name, record.params)
        return record

    def _expected(self, name: str, work: float) -> float:
        """Seconds of a whole trial on its own."""
        return (self._turns + self._steps_share(name)) * self.costs.seconds(name, work)

    def _backlog(self) -> float:
        """Seconds until what is under way has ended."""
        folds = [
            (self.folds - len(one.record.losses) + (0.0 if one.record.losses else self._steps_share(one.record.family)))
            * self.costs.seconds(one.record.family, one.record.work)
            for one in self.running
        ]
        return sum(folds) / self.width

    def _affordable(self, name: str, work: float, *, short: bool) -> bool:
        """Whether a trial can end in time; ``short`` if fewer rounds will do, where a family has rounds."""
        left = self.time_left(self.costs.seconds(name, work))
        if self.repeatable or not np.isfinite(left):
            return True
        expected = self._expected(name, work)
        # on a large table the few trees that a forest is held to are worth less than other trials
        kind, large = family(name), bool(self.steps.sizes and done_of(self.records))
        if short and kind.shorter({}, 1) is not None and (kind.boosts or not large):
            expected *= _SHORTEST
            left = min(left, _FIRST_SHARE * self.budget.seconds)
        elif done_of(self.records):
            share = _AFTER_STEPS_SHARE if self.steps.sizes else _LARGEST_SHARE
            left = min(left, share * self.budget.seconds + self._backlog())
        return expected + self._backlog() <= left
