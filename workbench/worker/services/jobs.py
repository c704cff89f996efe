"""What a journey is to do, from what was chosen on the screen: method ``job.spec``, used by ``job.start``."""

from __future__ import annotations

import dataclasses
import shlex
from pathlib import Path
from typing import Any

from workbench.errors import InputError
from workbench.journey import JourneySettings, read_record
from workbench.journey.choices import check_choices
from workbench.journey.opening import BUNDLED, TableRequest
from workbench.journey.search_inputs import check_families
from workbench.journey.warm import fitting_runs
from workbench.plain import plain
from workbench.project import Project
from workbench.seeds import check_seed
from workbench.tracking import Store
from workbench.worker.dispatch import service
from workbench.worker.own import playbook_in_use, spaces_in_use
from workbench.worker.session import Session


@service("job.spec")
def spec(session: Session, resume: str | None = None, **chosen: Any) -> dict[str, Any]:
    """The journey's task as the job process reads it.

    Args:
        resume: name of a run to go on with; then only ``budget_seconds`` is taken from ``chosen``.
        chosen: ``target``, ``budget_seconds``, ``trials``, ``families``, ``metric``, ``seed``, ``cost``,
            ``warm_start``.

    Raises:
        InputError: no table is open, or the choices contradict each other.
    """
    home = str(session.home)
    if resume is not None:
        record = read_record(session.home, resume)
        settings = dataclasses.replace(
            record.settings,
            name=resume,
            budget_seconds=chosen.get("budget_seconds") or record.settings.budget_seconds,
            command=f"workbench runs resume {shlex.quote(resume)}",
        )
        return {"home": home, "resume": resume, "request": plain(record.request.as_json()), "settings": _json(settings)}
    opened = session.table()
    request = opened.request
    if chosen.get("target", request.target) not in (request.target, opened.table.target):
        raise InputError("Target and table do not fit together: choose the target again with t.")
    trials, seconds = chosen.get("trials"), chosen.get("budget_seconds")
    if trials is None and seconds is None:
        raise InputError("Give a budget such as 120s, or a number of trials: without both a search never ends.")
    spaces = spaces_in_use(session.folder, session.spaces)
    settings = JourneySettings(
        name=Store(session.home).next_name(opened.table.name),
        metric=chosen.get("metric"),
        families=tuple(chosen["families"]) if chosen.get("families") else None,
        trials=trials,
        budget_seconds=None if trials is not None else seconds,
        seed=check_seed(int(chosen.get("seed") or 0)),
        cost=chosen.get("cost"),
        warm_start=chosen.get("warm_start"),
        playbook=_playbook(request, session.folder),
        spaces=str(spaces) if spaces is not None else None,
        own_families=session.spaces is not None,
        command=command(request, chosen, session.folder, session.spaces),
    )
    return {"home": home, "request": plain(request.as_json()), "settings": _json(settings)}


def _project(request: TableRequest) -> Project | None:
    """The project file that a table was opened by."""
    return Project.read(Path(request.location)) if request.location.lower().endswith(".toml") else None


@service("job.spaces")
def use_spaces(session: Session, folder: str | None) -> list[str]:
    """Use a folder of search spaces that the user named, and run the code of the families in it.

    A fault in it is told again before each search, until it is mended.

    Args:
        folder: ``None`` for none: what an earlier face of this worker named is forgotten, with its families.

    Returns:
        the names of these families.

    Raises:
        InputError: there is no such folder, or one of its families can't be used.
    """
    from workbench.pipelines.own_families import adopt

    path = Path(folder) if folder is not None else None
    if path is not None and not path.is_dir():
        raise InputError(f"There is no folder '{folder}' of search spaces.")
    session.spaces = path
    return list(adopt(path))


@service("job.families")
def families(session: Session) -> dict[str, list[str]]:
    """Families that can be searched here: ``default`` without being named, ``named`` only when they are.

    Raises:
        InputError: the code of one of the user's own can't be used any more.
    """
    from workbench.contracts import Task
    from workbench.pipelines import FAMILIES
    from workbench.pipelines.own_families import adopt, adopted

    if session.spaces is not None:
        adopt(session.spaces)
    usable = [
        kind for kind in FAMILIES.values() if kind.searchable and kind.tasks - {Task.SEGMENTS} and not kind.missing
    ]
    return {
        "default": [kind.name for kind in usable if kind.default],
        # the user's own first: the line is cut where a terminal is narrow
        "named": sorted((kind.name for kind in usable if not kind.default), key=lambda name: name not in adopted()),
    }


@service("job.offers")
def offers(session: Session) -> dict[str, Any]:
    """What a new run on the open table may take up: ``earlier`` runs to start from, and ``chosen``: what its project
    file says, as it is typed, by the field of the dialogue.
    """
    opened = session.table()
    project = _project(opened.request)
    chosen = {
        "budget": project.budget,
        "families": ", ".join(project.families),
        "metric": project.metric or "",
        "seed": str(project.seed),
        "cost": project.cost or "",
    } if project is not None else {}  # fmt: skip
    earlier = fitting_runs(Store(session.home), session.home, opened.table) if opened.table.target else []
    return {"earlier": earlier, "chosen": chosen}


@service("job.check")
def check(session: Session, **chosen: Any) -> None:
    """Whether what was chosen, as for ``job.spec``, can be used with the open table.

    Raises:
        InputError: it can't; the sentence is the reason.
    """
    table, spaces = session.table().table, spaces_in_use(session.folder, session.spaces)
    settings = JourneySettings(
        metric=chosen.get("metric"),
        families=tuple(chosen["families"]) if chosen.get("families") else None,
        trials=chosen.get("trials"),
        cost=chosen.get("cost"),
        warm_start=chosen.get("warm_start"),
        spaces=str(spaces) if spaces is not None else None,
        own_families=session.spaces is not None,
    )
    check_families(table, settings)
    check_choices(Store(session.home), session.home, table, settings)


def command(request: TableRequest, chosen: dict[str, Any], folder: Path, named: Path | None = None) -> str:
    """The command line that does the same as what was chosen."""
    bundled = request.location == BUNDLED
    words, more = list[str](), list[str]()
    if request.target is not None:
        words += ["--target", request.target]
    elif not bundled:
        more += ["--task", "segments"]
    if request.task is not None and request.target is not None:
        more += ["--task", request.task.value]
    ignored = [name for name, role in request.roles.items() if role.value == "ignore"]
    if ignored:
        more += ["--ignore", ",".join(ignored)]
    for option, value in (("--time", request.time), ("--group", request.group), ("--metric", chosen.get("metric"))):
        if value:
            more += [option, value]
    if chosen.get("trials") is not None:
        more += ["--trials", str(chosen["trials"])]
    elif chosen.get("budget_seconds"):
        words += ["--budget", f"{chosen['budget_seconds']:g}s"]
    if chosen.get("families"):
        more += ["--families", ",".join(chosen["families"])]
    words += ["--seed", str(chosen.get("seed") or 0)]
    for option, value in (("--cost", chosen.get("cost")), ("--warm-start", chosen.get("warm_start"))):
        if value:
            more += [option, value]
    for option, own in (("--search-spaces", spaces_in_use(folder, named)), ("--playbook", playbook_in_use(folder))):
        if own is not None:
            more += [option, str(own.relative_to(folder) if own.is_relative_to(folder) else own)]
    # the short form knows target, budget and seed alone
    start = ["demo"] if bundled and not more else ["run", BUNDLED if bundled else _near(request, folder)]
    return shlex.join(["workbench", *start, *words, *more])


def _playbook(request: TableRequest, folder: Path) -> str:
    """The working folder's own, else the project's, else the one that is used by default."""
    if (own := playbook_in_use(folder)) is not None:
        return str(own)
    project = _project(request)
    return project.named_playbook if project is not None else JourneySettings.playbook


def _near(request: TableRequest, folder: Path) -> str:
    """The location as one would type it here."""
    path = Path(request.location)
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)


def _json(settings: JourneySettings) -> dict[str, Any]:
    data: dict[str, Any] = plain(settings.as_json())
    return data
