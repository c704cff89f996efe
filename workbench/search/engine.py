"""The search itself: one owner that asks, hands out folds, prunes, counts the time and keeps the record."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, wait
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.budget import Budget
from workbench.contracts import Task, TrialState
from workbench.events import BEGINS_ANEW, Events
from workbench.pipelines import BLOCK_COLUMNS, SEPARATOR, family
from workbench.problem.folds import Division
from workbench.search.blend.ensemble import candidates_of
from workbench.search.blend.standing import Standing
from workbench.search.evaluation.metric import Metric
from workbench.search.evaluation.metrics import RANKING
from workbench.search.executors import InlineSlots, Slots
from workbench.search.executors.batch import submitted
from workbench.search.executors.worker import FoldResult, FoldTask, fit_fold
from workbench.search.insight.announce import Announcer
from workbench.search.scheduling.features import FeatureBlocks
from workbench.search.scheduling.pruning import hopeless, hopeless_at_step
from workbench.search.scheduling.row_steps import RowSteps
from workbench.search.scheduling.schedule import Schedule
from workbench.search.task.store import Workspace
from workbench.search.trials.flights import Flights
from workbench.search.trials.journal import Journal
from workbench.search.trials.records import BLOCKS_KEY, TIME_UP, Record, Running, blocks_of, done_of
from workbench.search.trials.studies import FamilyStudy

_LOOK = 0.1
"""Seconds between looks at the wish to stop."""
_FEWEST_ROUNDS = 20
_BROKEN_STARTS = 3


@dataclass(eq=False)
class Engine:
    """Runs trials until the time, the number of trials or the wish of the user ends it.

    Attributes:
        divisions: folds of the workspace; the first ``folds`` are those that trials are judged on, the last those of
            ``steps``, which trials go through before.
        objective: what is optimised; ``metric`` is what is reported.
        baseline_loss: of the baseline, by the objective.
        features: decides which feature blocks trials have; ``None`` where there is nothing to make of the columns.
        reserve: seconds that must be left for what comes after the search, given the best trial so far
            and the seconds that another one takes on a fold.
        trials: how many to begin, ``None`` for as many as the time allows.
        repeatable: decide by counted work and never by the clock.
    """

    workspace: Workspace
    divisions: tuple[Division, ...]
    folds: int
    steps: RowSteps
    metric: Metric
    objective: Metric
    studies: dict[str, FamilyStudy]
    journal: Journal
    slots: Slots
    budget: Budget
    events: Events
    announce: Announcer
    seed: int
    threads: int
    trials: int | None
    repeatable: bool
    baseline_loss: float
    features: FeatureBlocks | None = None
    reserve: Callable[[Record | None, float], float] = lambda best, fit: 0.0

    def __post_init__(self) -> None:
        self.records: list[Record] = []
        self.best: Record | None = None
        self.stopped = False
        self._running: list[Running] = []
        truth, weight = self.workspace.target, self.workspace.facts.weight
        held_out = np.concatenate([test for _, test in self.divisions[: self.folds]])
        ranks = self.objective.name in RANKING
        self.standing = Standing(truth, weight, self.objective, self.baseline_loss, self.seed, held_out, ranks)
        self.schedule = Schedule(
            studies=self.studies,
            work=self._work,
            folds=self.folds,
            steps=self.steps,
            width=self.slots.width,
            records=self.records,
            running=self._running,
            budget=self.budget,
            time_left=self._time_left,
            standing=self.standing,
            announce=self.announce,
            seed=self.seed,
            repeatable=self.repeatable,
        )
        self._step_folds = tuple(range(len(self.divisions) - len(self.steps.divisions), len(self.divisions)))
        self.expanding: dict[str, float] = {}
        """The longest that the columns of feature blocks took on a fold, by the blocks."""
        self._flights = Flights(lambda: self.budget.elapsed)
        self._with_models: set[int] = set()
        self._begun = 0
        self._broken = 0

    @property
    def done(self) -> list[Record]:
        """Finished trials, best first."""
        return done_of(self.records)

    def count_on(self) -> None:
        """Count the trials that were taken up: those that are missing are begun, or as many again where none is."""
        self._begun = len(self.records)
        if self.trials is not None and self.trials <= self._begun:
            self.trials += self._begun

    def run(self) -> None:
        """Run trials; returns when nothing is running any more."""
        try:
            while True:
                if self.events.stop_requested:
                    self.stopped = True
                    break
                if self._time_left() <= 0:
                    break
                if not self.events.paused:
                    self._fill()
                if not len(self._flights):
                    if not self.events.paused:
                        break
                    threading.Event().wait(_LOOK)
                    continue
                self._collect()
                self.announce.progress(self._ended, self.trials, self.budget, self.best)
        finally:
            self._cut()

    @property
    def _ended(self) -> int:
        return sum(one.state is not TrialState.RUNNING for one in self.records)

    def _time_left(self, fit: float = 0.0) -> float:
        """Seconds until the search must end, if the model to be fitted at the end takes ``fit`` seconds on a fold."""
        if not self.budget.limited:
            return float("inf")
        return self.budget.remaining - self.reserve(self.best, fit)

    def _work(self, name: str, params: dict[str, Any], fold: int = 0) -> float:
        rows, columns = self.divisions[fold][0].size, family(name).width(self.workspace.prepared.derived)
        blocks = len(str(params[BLOCKS_KEY]).split(SEPARATOR)) if params.get(BLOCKS_KEY) else 0
        columns += blocks * BLOCK_COLUMNS
        return family(name).work(self.workspace.task, params, rows, columns, self.workspace.classes)

    # handing out

    def _fill(self) -> None:
        busy = self._flights.slots
        for slot in range(self.slots.width):
            if slot in busy:
                continue
            job = self._next_fold()
            if job is None:
                return
            self._submit(slot, *job)

    def _next_fold(self) -> tuple[Running, int] | None:
        for running in self._running:
            # steps and the first fold go alone: they may show that the others aren't worth their time
            if running.waiting and (running.record.losses or not running.flying):
                return running, running.waiting.pop(0)
        begun = self._begin()
        return (begun, begun.waiting.pop(0)) if begun is not None else None

    def _submit(self, slot: int, running: Running, fold: int) -> None:
        record = running.record
        # where each row is held out once, the models of the folds together are one of all rows;
        # that of a single hold-out stands in for one of all rows when there is no time to fit it
        keep = family(record.family).light and fold not in self._step_folds
        limit = self.schedule.limit(record)
        task = self.task(record, fold, limit, keep=keep)
        self._flights.begin(submitted(self.slots, slot, fit_fold, task), slot, running, fold, limit)

    def task(self, record: Record, fold: int, seconds: float | None, *, keep: bool = False) -> FoldTask:
        """What a worker needs for one fit."""
        stepping = fold in self._step_folds
        return FoldTask(
            workspace=str(self.workspace.folder),
            fold=fold,
            family=record.family,
            params=dict(family(record.family).briefly(record.params)) if stepping else record.params,
            seed=self.seed,
            threads=self.threads,
            seconds=seconds,
            keep=str(self.workspace.model_path(record.number, fold)) if keep else None,
        )

    def _begin(self) -> Running | None:
        if self.trials is not None and self._begun >= self.trials:
            return None
        record = self.schedule.propose(1 + max((one.number for one in self.records), default=0))
        if record is None:
            return None
        self._begun += 1
        self.records.append(record)
        steps = self._step_folds if self.schedule.in_steps(record) else ()
        running = Running(record, [*steps, *range(self.folds)])
        self._running.append(running)
        self.announce.trial(record)
        return running

    # taking in

    def _collect(self) -> None:
        left = self._time_left()
        finished, _ = wait(list(self._flights), timeout=max(0.0, min(_LOOK, left)), return_when=FIRST_COMPLETED)
        # in the order of submission, so that nothing depends on which of two came first
        for future in [one for one in self._flights if one in finished]:
            if future not in self._flights:
                continue  # it went down with the worker processes
            error = future.exception()
            flight = self._flights.end(future, lost=error is not None)
            self.schedule.look_again()
            if error is None:
                self._broken = -1
                self._take(flight.running, flight.fold, future.result())
            elif isinstance(error, BrokenExecutor):
                self._renew(flight.slot)
                self._fail(flight.running, "the worker process ended unexpectedly (killed, or out of memory)")
            else:
                told = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"[:200]
                self._fail(flight.running, told)
        for future in self._flights.overdue():
            flight = self._flights.end(future, lost=True)
            self.schedule.look_again()
            self.slots.renew(flight.slot)
            if flight.running.record.state is TrialState.RUNNING:
                self._end(flight.running, TrialState.CUT, "a fit took far longer than it may, and can't end itself")

    def _renew(self, slot: int) -> None:
        self.slots.renew(slot)
        if self._broken < 0:
            return
        self._broken += 1
        if self._broken >= _BROKEN_STARTS:
            self.events.notice(
                "search", "Worker processes can't be kept alive here; models are fitted in this process."
            )
            self.slots.close()
            self.slots = InlineSlots()
            for future in self._flights:
                self._fail(self._flights.end(future).running, "the worker process ended unexpectedly")
            self.schedule.forgive()

    def _take(self, running: Running, fold: int, result: FoldResult) -> None:
        record = running.record
        record.seconds += result.seconds
        if record.state is not TrialState.RUNNING:
            if not running.flying:  # the last of its fits has left a model behind
                self._forget_models(record)
            return
        stepping = fold in self._step_folds
        if not result.complete and (stepping or not self._shortened(running, result)):
            self._end(running, TrialState.CUT, "a fit reached its time limit before it was complete")
            return
        test = self.divisions[fold][1]
        truth, weight = self.workspace.target[test], self.workspace.facts.weight
        weight = None if weight is None else weight[test]
        prediction = result.prediction.astype(np.float64)
        if stepping:
            record.steps[self.divisions[fold][0].size] = self.steps.losses(prediction, truth, weight, self.objective)
            record.step_seconds += result.seconds
            self._after_step(running, fold, result.seconds)
            return
        self.schedule.costs.learn(record.family, record.work, result.seconds)
        if result.expanding:
            blocks = blocks_of(record)
            self.expanding[blocks] = max(result.expanding, self.expanding.get(blocks, 0.0))
        record.losses[fold] = self.objective.loss(self.objective.score(truth, prediction, weight))
        record.scores[fold] = self.metric.score(truth, prediction, weight)
        running.predictions[fold] = result.prediction
        if result.rounds is not None:
            record.rounds.append(result.rounds)
        record.spread += result.spread
        if len(record.losses) == self.folds:
            self._complete(running)
            return
        # the first finished trial of a family is never stopped: the leaderboard has a row for each
        if any(one.family == record.family for one in self.done):
            reason = hopeless(record, self._rival(record), self.done)
            if reason is not None:
                self._end(running, TrialState.PRUNED, reason)

    def _rival(self, record: Record) -> Record | None:
        """What a trial must keep up with to go on: that with one block less, else the best."""
        base = self.features.base(record) if self.features is not None else None
        return base or self.best

    def _after_step(self, running: Running, fold: int, seconds: float) -> None:
        """Stop a trial that was not good enough with the rows of a step to be worth those of a fold."""
        record, rows = running.record, self.divisions[fold][0].size
        like, finished = None, self.done
        if all(one.family != record.family for one in finished):
            if fold == self._step_folds[-1]:
                # the only thing that is known of what the family takes here
                self.schedule.costs.learn(record.family, self._work(record.family, record.params, fold), seconds)
            # boosting can be held to few rounds, and gains more by rows than others: its first trial is never stopped
            if family(record.family).boosts or not self.schedule.dear(record):
                return
            like = self.best
        elif self.features is not None:
            like = self.features.base(record)
        reason = hopeless_at_step(record, self.best, finished, rows, self.steps.rows, like=like)
        if reason is not None:
            self._end(running, TrialState.PRUNED, reason)

    def _shortened(self, running: Running, result: FoldResult) -> bool:
        """Whether the trial can go on as one with fewer rounds: those that its first fold had time for.

        All folds then keep to that number, so that the trial is complete and fairly compared.
        """
        record = running.record
        if record.losses or running.flying or not result.rounds or result.rounds < _FEWEST_ROUNDS:
            return False
        shorter = family(record.family).shorter(record.params, result.rounds)
        turns = -(-(self.folds - 1) // self.slots.width)
        if shorter is None or result.seconds * turns > self._time_left():
            return False
        record.params = dict(shorter)
        record.work = self._work(record.family, record.params)
        self.announce.decision(f"Trial {record.number} was held to {result.rounds} rounds, for which there is time.")
        return True

    def _complete(self, running: Running) -> None:
        record = running.record
        record.prediction = self.pooled(running.predictions)
        self.journal.keep_prediction(record.number, record.prediction)
        kept = self.journal.prediction(record.number)
        record.prediction = record.prediction if kept is None else kept
        self._end(running, TrialState.DONE, "")
        if np.isfinite(record.loss) and (self.best is None or record.loss < self.best.loss):
            self.best = record
            self.announce.best(record)

    def pooled(self, predictions: dict[int, np.ndarray]) -> np.ndarray:
        """Out-of-fold predictions over all rows, NaN for rows that were never held out."""
        rows = self.workspace.target.size
        shape = (rows,) if self.workspace.task is Task.REGRESSION else (rows, self.workspace.classes)
        table = np.full(shape, np.nan, dtype=next((one.dtype for one in predictions.values()), np.float32))
        for fold, prediction in predictions.items():
            table[self.divisions[fold][1]] = prediction
        return table

    def _fail(self, running: Running, reason: str) -> None:
        if running.record.state is TrialState.RUNNING:
            self._end(running, TrialState.FAILED, reason)

    def _end(self, running: Running, state: TrialState, reason: str) -> None:
        record = running.record
        record.state, record.reason = state, reason
        running.waiting.clear()
        self._running.remove(running)
        self.studies[record.family].tell(record)
        self.schedule.learn(record)
        self.announce.trial(record)
        if self.features is not None:
            self.features.learn(record)
        self._forget_models(record)

    def _forget_models(self, ended: Record) -> None:
        """Delete the fold models of trials that no blend will take; who falls behind never comes back."""
        self._with_models.add(ended.number)
        wanted = {one.number for one in candidates_of(self.records)}
        for number in self._with_models - wanted:
            self.workspace.forget_models(number)
        self._with_models &= wanted

    def _cut(self) -> None:
        """End what still runs: at the deadline for good, after a stop to be begun anew on resuming."""
        # looked at once: a wish that comes while workers are renewed is met by the end, which needs them
        self.stopped = self.stopped or self.events.stop_requested
        for slot in self._flights.slots if not self.stopped else ():
            self.slots.renew(slot)
        if self.stopped:
            self.slots.close()
        self._flights.clear()
        for running in list(self._running):
            if self.stopped:
                running.record.state, running.record.reason = TrialState.CUT, BEGINS_ANEW
                self.announce.trial(running.record)
            else:
                self._end(running, TrialState.CUT, TIME_UP)
        self._running.clear()
