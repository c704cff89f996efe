"""A search from table to champion, within its budget whatever happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.budget import Budget
from workbench.contracts import Model, SearchResult, Table, Task
from workbench.errors import BudgetError, InputError, Stopped
from workbench.events import Events
from workbench.pipelines import Prepared, Preparer, SearchSpace, families_for, family, read_space
from workbench.search.announce import Announcer
from workbench.search.baseline import baseline_record
from workbench.search.executors import InlineSlots, LocalSlots, Slots, warm_up
from workbench.search.folds import Plan, plan_folds
from workbench.search.journal import begun
from workbench.search.leaderboard import best_by_family, compare, draws_within, forecast_seconds
from workbench.search.metrics import METRICS, Metric, metric_for
from workbench.search.problem import Problem, problem_of
from workbench.search.records import Record
from workbench.search.refit import baseline_model, cores, refit

_LEAST_SECONDS = 0.6
"""Below this not even the preparation is begun: the baseline is the champion."""
_TAIL_SECONDS = 0.3
_ANEW_SECONDS = 0.3
"""Encoding and binning all rows, which the folds did once for all their trials."""
_STOPPED_REFIT_SECONDS = 4.0
_FEW_ROWS = 200_000
"""Up to here two workers of one thread each beat one worker of two, whose threads wait for each other."""


def search(
    table: Table,
    *,
    budget: Budget,
    events: Events,
    folder: Path,
    metric: str | None = None,
    families: Sequence[str] | None = None,
    trials: int | None = None,
    seed: int = 0,
    resume: bool = False,
    spaces: Path | None = None,
    workers: int | None = None,
) -> SearchResult:
    """Search for the best model of a table's target.

    Args:
        budget: the champion is fitted and everything is computed before it ends.
        folder: where the journal and the out-of-fold predictions are kept; one search at a time writes to it.
        metric: what is reported; ``None`` takes ``roc_auc``, ``log_loss`` or ``rmse`` by task.
        families: which to search; ``None`` takes all that fit the task.
        trials: reproducible mode: begin this many on one worker and never let the clock decide.
        resume: go on with what ``folder`` holds.
        spaces: folder of other search spaces.
        workers: processes; ``None`` chooses by rows and cores, 0 fits in this process.

    Returns:
        the champion, the leaderboard and all trials; ``stopped`` is set when the user ended it early.

    Raises:
        InputError: table, metric, families or spaces can't be used, or the folder holds something else.
        BudgetError: the budget is too short to go on with a search that was resumed.
        StoreError: the journal or the temporary files can't be written.
        Stopped: the user stopped before any trial was finished; those that were running begin anew on resuming.
    """
    if trials is None and not budget.limited:
        raise InputError("A search needs an end: give it a budget, such as 60s, or a number of trials.")
    if trials is not None and trials < 1:
        raise InputError(f"{trials} trials are not enough: give at least one.")
    if workers != 0:
        warm_up()
    problem = problem_of(table)
    names = _families(table.task, families)
    wanted = metric_for(table.task, metric)
    for sentence in problem.notices:
        events.notice("search", sentence)
    plan = plan_folds(problem, seed=seed)
    run = _Run(
        problem=problem,
        plan=plan,
        metric=wanted,
        objective=_objective(problem, plan, wanted),
        spaces={name: read_space(name, spaces) for name in names},
        budget=budget,
        watch=Budget.unlimited(clock=budget.clock),
        events=events,
        folder=folder,
        trials=trials,
        seed=seed,
        workers=1 if trials is not None and workers is None else workers,
    )
    return run.result(resume)


def _families(task: Task, wanted: Sequence[str] | None) -> tuple[str, ...]:
    possible = families_for(task)
    if wanted is None:
        return possible
    chosen = tuple(dict.fromkeys(name.strip() for name in wanted if name.strip()))
    for name in chosen:
        if family(name).name not in possible:
            raise InputError(f"The family '{name}' can't be used for {task.value}: choose from {', '.join(possible)}.")
    if not chosen:
        raise InputError(f"No model family was named: choose from {', '.join(possible)}.")
    return chosen


def _objective(problem: Problem, plan: Plan, metric: Metric) -> Metric:
    """The metric's own objective, or log loss where a fold holds one class only and nothing can be ranked in it."""
    objective = METRICS[metric.objective]
    ranks = objective.name in ("roc_auc", "average_precision")
    if ranks and any(np.unique(problem.target[test]).size < 2 for _, test in plan.folds):
        return METRICS["log_loss"]
    return objective


@dataclass(eq=False)
class _Run:
    """One search with everything that is decided at its start."""

    problem: Problem
    plan: Plan
    metric: Metric
    objective: Metric
    spaces: dict[str, SearchSpace]
    budget: Budget
    watch: Budget
    events: Events
    folder: Path
    trials: int | None
    seed: int
    workers: int | None

    def __post_init__(self) -> None:
        self.announce = Announcer(self.events, self.metric, self.watch)
        self.baseline = baseline_record(self.problem, self.plan.folds, self.metric, self.objective)
        self.announce.baseline = self.baseline.score

    def result(self, resume: bool) -> SearchResult:
        """Prepare, search, refit, compare."""
        self.announce.trial(self.baseline)
        self.announce.decision(self.plan.resampling.reason)
        if self.objective.name != self.metric.name:
            self.announce.decision(
                f"Models are chosen by {self.objective.name}, a proper score; {self.metric.name} is reported."
            )
        if self.budget.remaining < _LEAST_SECONDS:
            return self._too_late(resume)
        self.events.check_stop()
        preparer = Preparer(self.problem.columns, seed=self.seed).fit(self.problem.frame)
        self.events.check_stop()
        prepared = preparer.transform(self.problem.frame)
        for sentence in preparer.notices_:
            self.events.notice("search", sentence)
        if prepared.shape[1] == 0:
            self.events.notice("search", "No column varies, so there is nothing to predict from.")
            return self._baseline_result([], "")
        self.events.check_stop()
        if self.budget.remaining < _LEAST_SECONDS:
            return self._too_late(resume)
        return self._searched(preparer, prepared, resume)

    def _searched(self, preparer: Preparer, prepared: Prepared, resume: bool) -> SearchResult:
        # Optuna is imported here, while the workers start
        from workbench.search.engine import Engine
        from workbench.search.journal import Journal
        from workbench.search.store import Workspace
        from workbench.search.studies import FamilyStudy

        divisions = (*self.plan.folds, *self.plan.finals)
        slots, threads = self._slots()
        journal: Journal | None = None
        workspace: Workspace | None = None
        engine: Engine | None = None
        try:
            workspace = Workspace.create(self.problem, prepared, self.objective.name, list(divisions))
            journal = Journal(self.folder, self._identity(), resume=resume)
            storage = journal.storage()
            studies = {
                name: FamilyStudy(storage, space, self.problem.task, len(self.problem), self.seed + place)
                for place, (name, space) in enumerate(self.spaces.items())
            }
            engine = Engine(
                workspace=workspace,
                divisions=divisions,
                folds=len(self.plan.folds),
                metric=self.metric,
                objective=self.objective,
                studies=studies,
                journal=journal,
                slots=slots,
                budget=self.budget,
                events=self.events,
                announce=self.announce,
                reserve=self._reserve,
                seed=self.seed,
                threads=threads,
                trials=self.trials,
                repeatable=self.trials is not None,
            )
            self._engine = engine
            if journal.resumed:
                engine.restore()
            engine.run()
            champion = engine.best
            if champion is None:
                if engine.stopped:
                    raise Stopped("Stopped as you asked before a model was finished; resume the run to go on.")
                return self._baseline_result(engine.records, "before a model was finished")
            out_of_fold = self._judge(champion)
            engine.slots.close()
            return self._finished(preparer, prepared, champion, out_of_fold)
        finally:
            (engine.slots if engine is not None else slots).close()
            if journal is not None:
                journal.close()
            if workspace is not None:
                workspace.remove()

    def _slots(self) -> tuple[Slots, int]:
        if self.workers == 0:
            return InlineSlots(), 1
        available = cores()
        small = len(self.problem) <= _FEW_ROWS
        width = self.workers or (min(2, available) if small else 1)
        threads = 1 if self.trials is not None else max(1, min(4, available // width))
        self.announce.decision(f"{width} worker process(es) of {threads} thread(s) fit the models.")
        return LocalSlots(width, threads), threads

    def _identity(self) -> dict[str, object]:
        resampling = self.plan.resampling
        return {
            "table": self.problem.table.fingerprint,
            "target": str(self.problem.table.target),
            "columns": [column.name for column in self.problem.columns],
            "task": self.problem.task.value,
            "metric": self.metric.name,
            "folds": f"{resampling.kind} {resampling.folds} of {len(self.problem)} rows",
            "seed": self.seed,
        }

    # time

    def _reserve(self, best: Record | None, fit: float = 0.0) -> float:
        """Seconds that the end of the search needs: the refit of the best trial so far (or of one whose fit on a fold
        takes ``fit`` seconds, if that is more), and the figures.
        """
        figures = forecast_seconds(self._held_out, len(self._engine.done), len(self.spaces))
        figures = min(figures, 0.05 * self.budget.seconds) if self.budget.limited else figures
        grown = len(self.problem) / self.plan.folds[0][0].size
        refit = max(fit * grown, self._refit_seconds(best) if best is not None else 0.0)
        reserve = _TAIL_SECONDS + figures + refit
        # a forecast that is far off must not leave the search without time
        return min(reserve, 0.5 * self.budget.seconds)

    @property
    def _held_out(self) -> int:
        return sum(test.size for _, test in self.plan.folds)

    def _refit_seconds(self, record: Record) -> float:
        folds = max(1, len(record.losses))
        grown = len(self.problem) / self.plan.folds[0][0].size
        # boosting needs no patience any more, its rounds are known; but its rows are encoded and binned anew
        if record.family == "lightgbm":
            return 1.2 * record.seconds / folds * grown + _ANEW_SECONDS
        # what was encoded for an earlier trial cost this one nothing: the slowest of the family tells what it takes
        per_fold = [one.seconds / len(one.losses) for one in self._engine.done if one.family == record.family]
        return 1.3 * max([record.seconds / folds, *per_fold]) * grown + 0.05

    def _judge(self, champion: Record) -> np.ndarray | None:
        """Where one hold-out was enough for the search: the champion on folds over all rows, if time allows."""
        if not self.plan.finals or self._engine.stopped:
            return None
        numbers = [len(self.plan.folds) + place for place in range(len(self.plan.finals))]
        expected = 1.3 * champion.seconds * len(numbers) / self._engine.slots.width
        spare = self.budget.remaining - self._reserve(champion) if self.budget.limited else float("inf")
        if expected > spare:
            self.events.notice("search", "No time was left to check the champion on folds over all rows.")
            return None
        prediction = self._engine.judge(champion, numbers, min(spare, 1e6))
        if prediction is None:
            self.events.notice("search", "The check of the champion on folds over all rows didn't end in time.")
        else:
            self.announce.decision(f"The champion was checked on {len(numbers)} folds over all rows.")
        return prediction

    # the end

    def _finished(
        self, preparer: Preparer, prepared: Prepared, champion: Record, out_of_fold: np.ndarray | None
    ) -> SearchResult:
        records = self._engine.records
        figures = forecast_seconds(self._held_out, len(self._engine.done), len(self.spaces), least=True)
        model, kept = self._refit(preparer, prepared, champion, figures + _TAIL_SECONDS / 2)
        if kept is not champion:
            out_of_fold = None
        return self._assemble(model, kept, records, out_of_fold)

    def _refit(self, preparer: Preparer, prepared: Prepared, champion: Record, after: float) -> tuple[Model, Record]:
        """The champion on all rows; if its fit can't end in time, the next best family whose fit can."""
        limit = self.budget.reserving(after) if self.budget.limited else None
        if self._engine.stopped:
            limit = Budget.of(
                min(_STOPPED_REFIT_SECONDS, limit.remaining if limit else _STOPPED_REFIT_SECONDS),
                clock=self.budget.clock,
            )
        for record in [champion, *(one for one in best_by_family(self._engine.records) if one is not champion)]:
            # linear solvers can't be interrupted; trees end at the limit with fewer rounds
            if record.family == "linear" and limit is not None and self._refit_seconds(record) > limit.remaining + 0.5:
                self.events.notice("search", f"No time was left to fit trial {record.number} on all rows.")
                continue
            try:
                model, complete = refit(self.problem, preparer, prepared, record, budget=limit, seed=self.seed)
            except (ArithmeticError, MemoryError, ValueError) as error:
                self.events.notice("search", f"Trial {record.number} could not be fitted on all rows: {error}")
                continue
            if not complete:
                self.events.notice(
                    "search", f"The final fit of trial {record.number} ended at the deadline, with fewer trees."
                )
            return model, record
        self.events.notice("search", "No model could be fitted on all rows in time: the baseline stands in for it.")
        return baseline_model(self.problem, self.baseline), self.baseline

    def _too_late(self, resume: bool) -> SearchResult:
        """No time for anything: the baseline, but never in the place of models that were found before."""
        if resume and begun(self.folder):
            raise BudgetError(
                "No time was left for the search to go on: give it a longer budget; what was finished before is kept."
            )
        return self._baseline_result([], "before anything could be fitted")

    def _baseline_result(self, records: list[Record], when: str) -> SearchResult:
        if when:
            self.events.notice("search", f"The budget ended {when}: the baseline is the champion.")
        return self._assemble(baseline_model(self.problem, self.baseline), self.baseline, records, None)

    def _assemble(
        self, model: Model, champion: Record, records: list[Record], out_of_fold: np.ndarray | None
    ) -> SearchResult:
        left = max(0.0, self.budget.remaining - _TAIL_SECONDS / 2)
        finished = sum(record.prediction is not None for record in records)
        standing = compare(
            self.problem,
            self.metric,
            self.objective,
            records,
            self.baseline,
            champion,
            seed=self.seed,
            draws=draws_within(left, self._held_out, finished, len(self.spaces)),
        )
        prediction = out_of_fold if out_of_fold is not None else champion.prediction
        assert prediction is not None
        # back to the rows of the table: those without a target were never held out
        whole = np.full((len(self.problem.table.frame), *prediction.shape[1:]), np.nan)
        whole[self.problem.rows] = prediction
        return SearchResult(
            task=self.problem.task,
            metric=self.metric.name,
            greater_is_better=self.metric.greater,
            baseline=standing.baseline,
            leaderboard=standing.leaderboard,
            trials=tuple(record.as_trial() for record in [self.baseline, *records]),
            champion=model,
            champion_score=standing.champion_score,
            against_baseline=standing.against_baseline,
            out_of_fold=whole,
            resampling=self.plan.resampling,
            curve=tuple(self.announce.curve),
            seconds=self.watch.elapsed,
            seed=self.seed,
            journal=self.folder / "studies.journal" if (self.folder / "studies.journal").exists() else None,
            decisions=tuple(self.announce.decisions),
            stopped=self.events.stop_requested,
        )
