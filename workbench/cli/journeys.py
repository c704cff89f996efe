"""Running a journey from the command line: budget from the start of the process, Ctrl-C, progress, result."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.budget import Budget, parse_duration, process_start
from workbench.cli import interrupts
from workbench.cli.progress import ProgressPrinter
from workbench.errors import DefectError, InputError, Stopped, StoreError
from workbench.events import Events
from workbench.seeds import check_seed

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.contracts import JourneyResult, Model


DEFAULT_BUDGET = "2m"
DEFAULT_PLAYBOOK = "ecommerce"
_PREDICTING = 1e-7
"""Seconds for reading and predicting a byte of a table."""


@dataclass(frozen=True)
class Wish:
    """What the command line asked for; see ``workbench run --help``."""

    location: str
    target: str | None = None
    task: str | None = None
    metric: str | None = None
    budget: str | None = None
    trials: int | None = None
    families: tuple[str, ...] | None = None
    time: str | None = None
    group: str | None = None
    ignore: tuple[str, ...] = ()
    seed: int | None = None
    predict: Path | None = None
    predictions: Path | None = None
    segments: int | None = None
    playbook: str | None = None
    spaces: Path | None = None
    warm_start: str | None = None
    cluster: str | None = None
    cost: str | None = None
    full: bool = True
    name: str | None = None
    home: Path = Path("mlruns")
    command: str = ""


def with_defaults(wish: Wish) -> Wish:
    """The wish with what the project file says wherever the command line said nothing."""
    if Path(wish.location).suffix.lower() != ".toml":
        return wish
    from workbench.project import Project

    project = Project.read(Path(wish.location))
    return replace(
        wish,
        metric=wish.metric or project.metric,
        cost=wish.cost or (None if "segments" in (wish.task, wish.target) else project.cost),
        budget=wish.budget or project.budget,
        families=wish.families or project.families or None,
        seed=project.seed if wish.seed is None else wish.seed,
        playbook=wish.playbook or project.named_playbook,
    )


def run_wish(wish: Wish, *, as_json: bool, quiet: bool) -> None:
    """Run a journey and print what it found.

    Raises:
        Stopped: the user stopped it; what was finished has been kept.
    """
    wish = with_defaults(wish)
    check_seed(wish.seed or 0)
    limit = parse_duration(wish.budget or DEFAULT_BUDGET)
    seconds = None if wish.trials is not None else limit
    budget = Budget.unlimited() if seconds is None else Budget(seconds, process_start())
    _warm_up()
    from workbench.contracts import Role, Task
    from workbench.journey import JourneySettings, TableRequest, open_table, run_journey

    _check_predictions(wish)
    request = TableRequest(
        location=wish.location,
        target=wish.target,
        task=Task(wish.task) if wish.task else None,
        time=wish.time,
        group=wish.group,
        roles=dict.fromkeys(wish.ignore, Role.IGNORE),
    )
    settings = JourneySettings(
        name=wish.name,
        metric=wish.metric,
        families=wish.families,
        trials=wish.trials,
        budget_seconds=seconds,
        seed=wish.seed or 0,
        full=wish.full,
        segments=wish.segments,
        playbook=_located(wish.playbook or DEFAULT_PLAYBOOK),
        spaces=str(wish.spaces) if wish.spaces else None,
        own_families=wish.spaces is not None,
        warm_start=wish.warm_start,
        cluster=wish.cluster,
        cost=wish.cost,
        command=wish.command,
    )
    table = open_table(request)
    if table.target is None and wish.predict is not None:
        raise InputError("There is no target, so nothing can be predicted: name one with --target.")
    printer = ProgressPrinter(quiet=quiet)
    events = Events(printer, began=budget.started)
    with stoppable(events, printer):
        result = run_journey(
            table, settings, budget=budget, events=events, request=request, home=wish.home, on_model=predictor(wish),
            handing=_PREDICTING * wish.predict.stat().st_size if wish.predict is not None else 0.0,
        )  # fmt: skip
    finish(result, as_json=as_json)


def resume(name: str, *, budget: str | None, cluster: str | None, home: Path, as_json: bool, quiet: bool) -> None:
    """Go on with a run and print what it found by then; one that counts its trials does so without a clock."""
    limit = Budget(parse_duration(budget or DEFAULT_BUDGET), process_start())
    _warm_up()
    from workbench.journey import read_record, resume_journey

    name = _name_of(name, home)
    if budget is None and read_record(home, name).settings.trials is not None:
        limit = Budget.unlimited()
    printer = ProgressPrinter(quiet=quiet)
    events = Events(printer, began=limit.started)
    with stoppable(events, printer):
        result = resume_journey(name, budget=limit, events=events, home=home, cluster=cluster)
    finish(result, as_json=as_json)


def _located(playbook: str) -> str:
    """A shipped name as it is, a file by its whole path: the run may be gone on with from another folder."""
    return str(Path(playbook).expanduser().resolve()) if Path(playbook).suffix else playbook


def _name_of(run: str, home: Path) -> str:
    """The name of a run that may be given by name, id or ``latest``: journals are kept by name."""
    from workbench.journey import read_record
    from workbench.tracking import Store

    with contextlib.suppress(InputError):
        return read_record(home, run).name
    store = Store(home=home)
    return store.details(store.find(run)).row.name


def finish(result: JourneyResult, *, as_json: bool) -> None:
    """Print the result; a run that was stopped or could not be recorded ends with the exit code for that."""
    from workbench.cli.findings import print_findings
    from workbench.cli.output import print_json
    from workbench.journey import summarise

    if as_json:
        print_json(summarise(result, result.report or None))
    else:
        print_findings(result)
    if result.defects:
        raise DefectError(f"{result.defects[0]}; everything else of run {result.name} is kept.")
    if result.unrecorded:
        raise StoreError(" ".join(result.unrecorded))
    if result.stopped:
        raise Stopped(f"Stopped as you asked; go on with `workbench runs resume {result.name}`.")


class stoppable:  # noqa: N801 - reads as the statement it is used in
    """While the block runs, a first Ctrl-C asks the work to stop; the progress line is always left clean."""

    def __init__(self, events: Events, printer: ProgressPrinter) -> None:
        self._events, self._printer = events, printer

    def __enter__(self) -> None:
        interrupts.stop_through(self._events)

    def __exit__(self, *exception: object) -> None:
        interrupts.stop_through(None)
        self._printer.close()


def predictor(wish: Wish) -> Callable[[Model], tuple[str, ...]] | None:
    """A function that writes the wished predictions with a model, ``None`` when none are wished."""
    if wish.predict is None or wish.predictions is None:
        return None
    source, sink = wish.predict, wish.predictions

    def write(model: Model) -> tuple[str, ...]:
        from workbench.journey import write_predictions

        return write_predictions(model, source, sink)

    return write


def _check_predictions(wish: Wish) -> None:
    """What can be seen of the wished predictions before the search. Raises ``InputError``."""
    if wish.predict is None or wish.predictions is None:
        return
    from workbench.data import check_sink

    if not wish.predict.exists():
        raise InputError(f"There is no file {wish.predict} to predict for; check the name.")
    check_sink(wish.predictions, wish.predict)


def _warm_up() -> None:
    """Let the trial processes and the store's library load while the table is being read."""
    from workbench import search, tracking

    search.warm_up()
    tracking.warm_up()
