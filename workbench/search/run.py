"""A search from table to champion, within its budget whatever happens."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workbench.budget import Budget
from workbench.contracts import SearchResult, Table
from workbench.cores import cores
from workbench.errors import BudgetError, InputError
from workbench.events import Events
from workbench.memory import give_back
from workbench.pipelines import (
    TOPICS,
    Preparer,
    blocks_for,
    packages_of,
    read_space,
)
from workbench.pipelines.conditions import under
from workbench.pipelines.own_families import adopt
from workbench.pipelines.quantiles import for_quantile, quantile_of
from workbench.problem.folds import HOLD_OUT, HOLD_OUT_ROWS, Plan, hold_out, plan_folds
from workbench.problem.rows import Problem, problem_of
from workbench.search.champion.outcome import baseline_outcome
from workbench.search.evaluation.cost_table import CostTable
from workbench.search.evaluation.metrics import metric_for, objective_of
from workbench.search.executors import InlineSlots, LocalSlots, Slots, warm_up
from workbench.search.setting import Setting
from workbench.search.task.families import searched_families
from workbench.search.task.reading import topics_in_time
from workbench.search.trials.journal import begun, identity_of
from workbench.search.trials.looks import conditions_of

_LEAST_SECONDS = 0.6
"""Below this not even the preparation is begun: the baseline is the champion."""
_UNREAD = "texts unread"
"""In the identity of a search whose trials knew only the lengths of texts."""
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
    own_families: bool = False,
    workers: int | None = None,
    warm: Path | None = None,
    cluster: str | None = None,
    costs: str | None = None,
) -> SearchResult:
    """Search for the best model of a table's target.

    Args:
        budget: the champion is fitted and everything is computed before it ends.
        folder: where the journal and the out-of-fold predictions are kept; one search at a time writes to it.
        metric: what is reported; ``None`` takes ``roc_auc``, ``log_loss`` or ``rmse`` by task.
        families: which to search; ``None`` takes those that are searched without being named.
        trials: reproducible mode: begin this many on one worker and never let the clock decide.
        resume: go on with what ``folder`` holds.
        spaces: folder of other search spaces.
        own_families: run the code of families that lies beside them.
        warm: folder of an earlier search of the same table: the best trial of each family there is tried first.
        workers: processes; ``None`` chooses by rows and cores, 0 fits in this process.
        costs: what mistakes cost, such as ``false positive=1, false negative=5``; see ``CostTable``.
        cluster: address of a dask scheduler whose workers fit the models; ``workers`` then says how many at most.

    Returns:
        the champion, the leaderboard and all trials; ``stopped`` is set when the user ended it early.

    Raises:
        InputError: table, metric, families, spaces or cluster can't be used, or the folder holds something else.
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
    wanted = metric_for(table.task, metric)
    quantile = quantile_of(wanted.name)
    adopt(spaces if own_families else None)
    names = searched_families(table.task, families, spaces, events, quantile=quantile is not None)
    for sentence in problem.notices:
        events.notice("search", sentence)
    conditions = conditions_of(problem, objective_of(wanted))
    setting = Setting(
        problem=problem,
        plan=_plan(problem, seed, folder if resume else None),
        metric=wanted,
        spaces={name: for_quantile(under(read_space(name, spaces), conditions), quantile) for name in names},
        budget=budget,
        events=events,
        folder=folder,
        trials=trials,
        seed=seed,
        warm=warm,
        costs=CostTable.of(costs, problem) if costs else None,
    )
    width = 1 if trials is not None and workers is None else workers
    return _found(setting, resume, width, cluster)


def _plan(problem: Problem, seed: int, earlier: Path | None) -> Plan:
    """How rows are divided; a search that is resumed keeps to one hold-out if it had no time for folds."""
    plan = plan_folds(problem, seed=seed)
    if earlier is None or plan.resampling.kind == HOLD_OUT or not _was_hold_out(earlier):
        return plan
    return hold_out(problem, seed=seed, why="As before")


def _was_hold_out(earlier: Path) -> bool:
    return str(identity_of(earlier).get("folds", "")).startswith(HOLD_OUT)


def _topics_before(earlier: Path) -> int | None:
    if not begun(earlier):
        return None
    return 0 if identity_of(earlier).get(_UNREAD) else TOPICS


def _found(setting: Setting, resume: bool, workers: int | None, cluster: str | None) -> SearchResult:
    """Prepare the rows once, then search."""
    events, announce = setting.events, setting.announce
    if setting.objective.name != setting.metric.name:
        announce.decision(
            f"Models are chosen by {setting.objective.name}, a proper score; {setting.metric.name} is reported."
        )
    if setting.budget.remaining < _LEAST_SECONDS:
        return _too_late(setting, resume)
    events.check_stop()
    frame = setting.problem.frame
    setting.topics, unread = topics_in_time(
        setting.problem, setting.budget, _topics_before(setting.folder) if resume else None
    )
    if unread:
        events.notice("search", unread)
    preparer = Preparer(setting.problem.columns, topics=setting.topics, seed=setting.seed).fit(frame)
    events.check_stop()
    del frame
    for sentence in preparer.notices_:
        events.notice("search", sentence)
    if not preparer.derived_:
        events.notice("search", "No column varies, so there is nothing to predict from.")
        return baseline_outcome(setting, [], "")
    events.check_stop()
    if setting.budget.remaining < _LEAST_SECONDS:
        return _too_late(setting, resume)
    return _searched(setting, preparer, resume, workers, cluster)


def _searched(
    setting: Setting, preparer: Preparer, resume: bool, workers: int | None, cluster: str | None
) -> SearchResult:
    # Optuna is imported here, while the workers start
    from workbench.search.champion.ending import Ending
    from workbench.search.engine import Engine
    from workbench.search.executors.worker import forget
    from workbench.search.probe import plan_for_time
    from workbench.search.resuming import take_up
    from workbench.search.scheduling.features import FeatureBlocks
    from workbench.search.scheduling.row_steps import row_steps
    from workbench.search.task.store import Workspace
    from workbench.search.trials.journal import Journal
    from workbench.search.trials.studies import FamilyStudy

    problem = setting.problem
    slots, threads = _slots(setting, workers) if cluster is None else _distant_slots(setting, workers, cluster)
    journal: Journal | None = None
    workspace: Workspace | None = None
    engine: Engine | None = None
    try:
        # from here on the matrix is a map of its file, which all processes share
        matrix = preparer.transform(problem.frame)
        if not resume:
            plan = plan_for_time(setting, matrix, width=slots.width, threads=threads)
            if plan is not setting.plan:
                setting.judge_by(plan)
        plan = setting.plan
        steps = row_steps(problem, plan.folds[0], setting.seed)
        if steps.sizes:
            setting.announce.decision(steps.sentence)
        divisions = (*plan.folds, *plan.finals, *steps.divisions)
        workspace = Workspace.create(problem, matrix, setting.objective.name, list(divisions))
        del matrix
        give_back()
        if setting.budget.remaining < _LEAST_SECONDS:
            return _too_late(setting, resume)
        journal = Journal(setting.folder, _identity(setting), resume=resume)
        setting.announce.log.keep(setting.folder, resume=journal.resumed)
        storage = journal.storage()
        studies = {
            name: FamilyStudy(storage, space, problem.task, len(problem), setting.seed + place)
            for place, (name, space) in enumerate(setting.spaces.items())
        }
        blocks = blocks_for(workspace.prepared, problem.fold_task, len(problem.classes))
        features = FeatureBlocks(
            studies,
            blocks,
            problem.target,
            problem.facts,
            objective=setting.objective,
            baseline_loss=setting.baseline.loss,
            budget=setting.budget,
            width=slots.width,
            trials=setting.trials,
            announce=setting.announce,
            seed=setting.seed,
        )
        engine = Engine(
            workspace=workspace,
            divisions=divisions,
            folds=len(plan.folds),
            steps=steps,
            metric=setting.metric,
            objective=setting.objective,
            studies=studies,
            journal=journal,
            slots=slots,
            budget=setting.budget,
            events=setting.events,
            announce=setting.announce,
            seed=setting.seed,
            threads=threads,
            trials=setting.trials,
            repeatable=setting.trials is not None,
            baseline_loss=setting.baseline.loss,
            features=features,
        )
        ending = Ending(setting, engine, preparer)
        engine.reserve = ending.reserve
        if journal.resumed:
            take_up(engine)
        # what it starts from may be gone when a search goes on
        if setting.warm is not None and (begun(setting.warm) or not journal.resumed):
            from workbench.search.scheduling.warm import start_warm

            start_warm(setting.warm, _identity(setting), studies, blocks, setting.announce)
        engine.run()
        return ending.result()
    finally:
        (engine.slots if engine is not None else slots).close()
        if journal is not None:
            journal.close()
        if workspace is not None:
            forget(str(workspace.folder))  # what was fitted in this process left its folds in memory
            workspace.remove()


def _slots(setting: Setting, workers: int | None) -> tuple[Slots, int]:
    if workers == 0:
        return InlineSlots(), 1
    available = cores()
    small = len(setting.problem) <= _FEW_ROWS
    width = workers or (min(2, available) if small else 1)
    threads = 1 if setting.trials is not None else max(1, min(4, available // width))
    setting.announce.decision(f"{width} worker process(es) of {threads} thread(s) fit the models.")
    return LocalSlots(width, threads), threads


def _distant_slots(setting: Setting, workers: int | None, address: str) -> tuple[Slots, int]:
    from workbench.search.executors.cluster import ClusterSlots

    threads = 1 if setting.trials is not None else None
    slots = ClusterSlots(
        address,
        width=workers,
        threads=threads,
        notice=setting.announce.notice,
        packages=packages_of(setting.spaces),
    )
    who = "1 worker" if slots.width == 1 else f"{slots.width} workers"
    fit = "fits" if slots.width == 1 else "fit"
    setting.announce.decision(f"{who} of the cluster at {address} {fit} the models, {slots.threads} thread(s) each.")
    return slots, slots.threads


def _identity(setting: Setting) -> dict[str, object]:
    """What a resumed search must agree in."""
    problem, resampling = setting.problem, setting.plan.resampling
    more = f", {setting.held_out} held out" if setting.held_out > HOLD_OUT_ROWS and resampling.kind == HOLD_OUT else ""
    return {
        "table": problem.table.fingerprint,
        "target": str(problem.table.target),
        "columns": [column.name for column in problem.columns],
        "task": problem.task.value,
        "metric": setting.metric.name,
        "folds": f"{resampling.kind} {resampling.folds} of {len(problem)} rows{more}",
        "seed": setting.seed,
        # only where they are not: searches of before this was known had them
        **({} if setting.topics else {_UNREAD: True}),
    }


def _too_late(setting: Setting, resume: bool) -> SearchResult:
    """No time for anything: the baseline, but never in the place of models that were found before."""
    if resume and begun(setting.folder):
        raise BudgetError(
            "No time was left for the search to go on: give it a longer budget; what was finished before is kept."
        )
    return baseline_outcome(setting, [], "before anything could be fitted")
