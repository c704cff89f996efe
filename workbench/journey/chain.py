"""The chain of stages: table → search → predictions → explanation → segments → gap → strategy → report → record."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from workbench.budget import Budget
from workbench.contracts import (
    Explanation,
    GapReport,
    JourneyResult,
    Model,
    SearchResult,
    Segmentation,
    Strategy,
    Table,
    Task,
)
from workbench.errors import BudgetError, InputError, Stopped, StoreError
from workbench.events import Events
from workbench.journey.choices import check_choices, without_target
from workbench.journey.claim import held, new_run
from workbench.journey.left_out import BROKEN, LATER
from workbench.journey.opening import TableRequest, open_table, told_at_start
from workbench.journey.record import RunRecord, journal_folder, read_record, write_record
from workbench.journey.search_inputs import check_families, check_later_stages, keep_spaces, spaces_of_run
from workbench.journey.settings import JourneySettings
from workbench.journey.shares import after_search
from workbench.journey.stages import Stages
from workbench.journey.warm import earlier_run
from workbench.tracking import RunLogger, Store, environment

_ROWS_COMPARED = 200
_MOST_HANDING = 0.3
"""Most of the time that is left for what is made of the champion before the later stages."""

OnModel = Callable[[Model], Sequence[str]]
"""Called with the champion as soon as there is one, before anything else is made of it; gives sentences to be told."""


def run_journey(
    table: Table,
    settings: JourneySettings,
    *,
    budget: Budget,
    events: Events,
    request: TableRequest | None = None,
    home: Path = Path("mlruns"),
    on_model: OnModel | None = None,
    handing: float = 0.0,
) -> JourneyResult:
    """Run the whole journey on a table.

    Args:
        table: as ``open_table`` gives it.
        settings: the analyst's choices.
        budget: of the whole process; every stage gets its part of it.
        events: where progress and notices go, and where the wish to stop comes from.
        request: how the table was opened; without it the run can't be resumed.
        home: folder of the embedded store, the journals and the reports.
        on_model: called with the champion before the later stages begin.
        handing: seconds that this is expected to take, which the search leaves it.

    Returns:
        what was found; after a stop, what was finished until then (``stopped`` is set); where the report or the
        record could not be written at the end, ``unrecorded`` says so.

    Raises:
        InputError, StoreError: something given can't be used, or the store can't be written from the beginning.
        Stopped: the user stopped before anything was finished.
    """
    check_later_stages(settings)  # what was given wrongly is told now and not after the search
    check_families(table, settings)
    store = Store(home=home)
    settings = replace(settings, warm_start=earlier_run(store, home, table, settings.warm_start, events))
    check_choices(store, home, table, settings)
    if unused := without_target(table, settings):
        events.notice("search", unused)
    store.client(write=True)  # a store that can't be written is told before anything is made
    with new_run(home, settings.name, lambda: store.next_name(table.name)) as name:
        logger = RunLogger(store, events)
        run_id = logger.begin(name, params=_parameters(table, settings), tags={"table": table.name})
        if request is not None:
            record = RunRecord(name, request, replace(settings, name=name), table.fingerprint, run_id)
            write_record(journal_folder(home, name), record)
        return _chain(
            table, settings, name, logger, budget=budget, events=events, home=home, on_model=on_model, handing=handing
        )


def resume_journey(
    name: str,
    *,
    budget: Budget,
    events: Events,
    home: Path = Path("mlruns"),
    on_model: OnModel | None = None,
    cluster: str | None = None,
) -> JourneyResult:
    """Go on with a run that was stopped, killed or finished: its trials are kept and more are added.

    Args:
        cluster: another address than the run's own; empty for processes of this machine; ``None`` changes nothing.

    Raises:
        InputError: there is no such run, its table has changed since, or its cluster can't be used.
        BudgetError: there is too little time to go on; nothing was changed.
    """

    record = read_record(home, name)
    table = open_table(record.request)
    if table.fingerprint != record.fingerprint:
        raise InputError(f"The table of '{name}' has changed since the run began; start a new run on it instead.")
    address = record.settings.cluster if cluster is None else cluster or None
    settings = replace(
        record.settings,
        budget_seconds=budget.seconds if budget.limited else None,
        cluster=address,
        spaces=spaces_of_run(record.settings, journal_folder(home, name)),
    )
    check_later_stages(settings)
    check_families(table, settings)
    with held(home, name):
        logger = RunLogger(Store(home=home), events)
        parameters = _parameters(table, record.settings)
        run_id = logger.begin(name, params=parameters, tags={"table": table.name}, run_id=record.run_id)
        if run_id != record.run_id:  # it was deleted on MLflow's own page: the new one is gone on with from now on
            write_record(journal_folder(home, name), replace(record, run_id=run_id))
        before = partial(logger.result_before, name)
        return _chain(
            table, settings, name, logger, budget=budget, events=events, home=home, on_model=on_model, before=before
        )


def _chain(
    table: Table,
    settings: JourneySettings,
    name: str,
    logger: RunLogger,
    *,
    budget: Budget,
    events: Events,
    home: Path,
    on_model: OnModel | None,
    handing: float = 0.0,
    before: Callable[[], JourneyResult | None] | None = None,
) -> JourneyResult:
    """
    Args:
        before: the whole result that the run had, where there is one; ``None`` for a new run.
    """
    stages = Stages(table, settings, budget, events)
    for message in told_at_start(table):
        events.notice("data", message)
    events.add_listener(logger)
    try:
        if settings.full:
            _import_ahead()
        spaces = keep_spaces(settings, journal_folder(home, name))
        search = _search(stages, journal_folder(home, name), before is not None, handing)
        _keep_what_is_finished(stages, logger)
        if search is not None and on_model is not None:
            _hand_out(stages, search, on_model)
        result = _assemble(stages, name, search, logger.run_id)
        files: dict[str, Path] = {}
        if settings.full:
            result = _deepen(stages, result, before)
            _keep_what_is_finished(stages, logger)
            files = _report(stages, result, home)
            _keep_what_is_finished(stages, logger)
        files |= spaces
        result = _record(stages, replace(result, report=str(files.get("report.html", ""))), logger, files)
    except (Stopped, BudgetError) as end:
        logger.stopped(str(end))
        raise
    except BaseException as error:
        asked = events.stop_requested and not isinstance(error, Exception)  # a second Ctrl-C is no fault
        (logger.stopped if asked else logger.fail)(str(error) or type(error).__name__)
        raise
    finally:
        events.remove_listener(logger)
    return result


def _keep_what_is_finished(stages: Stages, logger: RunLogger) -> None:
    """A finished run that was resumed keeps its result where what follows it was stopped half-way.

    Raises:
        Stopped: it was; the trials of now are in the journal.
    """
    if logger.finished_before and stages.events.stop_requested:
        raise Stopped("Stopped as you asked; the run keeps the result that it had, and resuming it goes on.")


def _hand_out(stages: Stages, search: SearchResult, on_model: OnModel) -> None:
    """Give the champion to whoever waits for it; what goes wrong there costs nothing of the run."""
    told: Sequence[str] = ()
    try:
        for sentence in stages.attempt("journey", lambda: on_model(search.champion), told):
            stages.events.notice("journey", sentence)
    except (InputError, StoreError) as problem:
        stages.unrecorded.append(str(problem))
        stages.events.notice("journey", f"No predictions were written: {problem}")


def _search(stages: Stages, folder: Path, resume: bool, handing: float) -> SearchResult | None:
    """Search within its part of the budget; ``None`` for a table without a target."""
    if stages.table.task is Task.SEGMENTS:
        return None
    # of what is left and not of the whole: on a slow machine the imports must not cost the search everything
    warm = folder.parent / stages.settings.warm_start if stages.settings.warm_start else None
    reserve = after_search(stages.table, stages.budget.remaining, full=stages.settings.full)
    reserve += min(handing, _MOST_HANDING * stages.budget.remaining)
    return stages.search(stages.budget.reserving(reserve), folder, resume, warm)


def _deepen(stages: Stages, result: JourneyResult, before: Callable[[], JourneyResult | None] | None) -> JourneyResult:
    """Everything that is made of a table and a champion; a stop keeps what is there."""
    found = result.search
    try:
        explanation: Explanation | None = stages.attempt("explain", lambda: stages.explain(found), None)
        if explanation is None and before is not None:
            explanation = stages.attempt("explain", lambda: _explained(found, before()), None)
            if explanation is not None:
                stages.events.notice("explain", "The explanation is that of before: the model says the same.")
        result = replace(result, explanation=explanation)
        segmentations: tuple[Segmentation, ...] = stages.attempt("segments", stages.segment, ())
        result = replace(result, segmentations=segmentations)
        if not segmentations and before is not None and (earlier := before()) is not None and earlier.segmentations:
            # they are of the same table, whatever the search has found since
            stages.events.notice(
                "segments", "Segments, gaps and strategies are those of before: there are none of now."
            )
            names = ("segmentations", "strategy_segmentation", "gaps", "strategies")
            return replace(result, **{one: getattr(earlier, one) for one in names})
        chosen = stages.strategy_segmentation(segmentations)
        segmentation = segmentations[chosen] if chosen is not None else None
        labels = segmentation.labels if segmentation is not None else None
        gaps: GapReport | None = stages.attempt("gap", lambda: stages.find_gaps(labels), None)
        result = replace(result, gaps=gaps, strategy_segmentation=chosen)
        if segmentation is not None:
            strategies: tuple[Strategy, ...] = stages.attempt(
                "strategy", lambda: stages.recommend(segmentation, gaps, explanation), ()
            )
            result = replace(result, strategies=strategies)
    except (Stopped, BudgetError) as end:
        stages.events.notice("journey", f"{LATER} {end}")
    except (InputError, StoreError) as problem:
        stages.unrecorded.append(str(problem))
        stages.events.notice("journey", f"{BROKEN} {problem}")
    return result


def _explained(search: SearchResult | None, earlier: JourneyResult | None) -> Explanation | None:
    """The explanation of before, if the model of now says the same of the first rows to the last digit."""
    if search is None or earlier is None or earlier.search is None or earlier.explanation is None:
        return None
    now, then = search.explained, earlier.search.explained
    if (now.family, now.params) != (then.family, then.params):
        return None
    rows = earlier.table.frame.head(_ROWS_COMPARED)
    return earlier.explanation if now.predict(rows).equals(then.predict(rows)) else None


def _report(stages: Stages, result: JourneyResult, home: Path) -> dict[str, Path]:
    """Report and figures by the name that they have in the run; a stop or a full disk must not cost the record."""
    try:
        return stages.attempt("report", lambda: stages.figures_and_report(result, home), {})
    except Stopped as end:
        stages.events.notice("report", f"The report was left out: {end}")
    except StoreError as problem:
        stages.unrecorded.append(str(problem))
        stages.events.notice("report", f"The report was not written: {problem}")
    return {}


def _record(
    stages: Stages,
    result: JourneyResult,
    logger: RunLogger,
    files: dict[str, Path],
) -> JourneyResult:
    """The sealed result, in the store; where the store refuses, the result is handed on and says so."""
    result = stages.seal(result)
    try:
        logger.finish(result, result.search.champion if result.search is not None else None, files)
    except StoreError as problem:
        logger.fail(str(problem))
        stages.unrecorded.append(str(problem))
        return stages.seal(result)
    return result


def _assemble(stages: Stages, name: str, search: SearchResult | None, run_id: str) -> JourneyResult:
    settings = stages.settings
    return JourneyResult(
        name=name,
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        table=stages.table,
        search=search,
        explanation=None,
        segmentations=(),
        strategy_segmentation=None,
        gaps=None,
        strategies=(),
        notices=(),
        seed=settings.seed,
        budget_seconds=settings.budget_seconds,
        seconds=stages.budget.elapsed,
        timings={},
        environment=environment(),
        command=settings.command,
        run_id=run_id,
        settings=settings.as_json(),
    )


def _parameters(table: Table, settings: JourneySettings) -> dict[str, object]:
    return {
        **{key: value for key, value in settings.as_json().items() if key not in ("name", "command")},
        "table": table.name,
        "target": table.target,
        "task": table.task.value,
        "rows": len(table.frame),
        "columns": len(table.columns),
        "fingerprint": table.fingerprint,
        "cut_off": str(table.cut_off) if table.cut_off is not None else None,
        "horizon_days": table.horizon_days,
    }


def _import_ahead() -> None:
    """Import what the later stages need while the trial processes work: together some seconds."""

    def load() -> None:
        import matplotlib.figure  # noqa: F401

        import workbench.explain
        import workbench.gap
        import workbench.report
        import workbench.segments
        import workbench.strategy

        workbench.explain.warm_up()

    threading.Thread(target=load, name="import-ahead", daemon=True).start()
