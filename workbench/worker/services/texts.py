"""Search spaces, playbook and project file as texts to read, check, save and reset: methods ``texts.*``.

A text is saved only when its own reader takes it. Copies go to the working folder; what comes with the program stays.
"""

from __future__ import annotations

from pathlib import Path

from workbench.atomic import write_text
from workbench.errors import InputError, StoreError
from workbench.pipelines import FAMILIES
from workbench.pipelines.own_families import adopted
from workbench.pipelines.spaces import check_space, space_path
from workbench.project import Project
from workbench.strategy.playbook import check_playbook, playbook_path
from workbench.worker.dispatch import service
from workbench.worker.own import playbook_file, spaces_folder
from workbench.worker.session import Session
from workbench.worker.views import TextView

LONGEST = 200_000
PLAYBOOK = "ecommerce"
"""The playbook that an own one begins as."""


@service("texts.list")
def texts(session: Session) -> list[TextView]:
    """Everything that can be edited here, without the texts."""
    names = [*(f"space:{name}" for name, kind in FAMILIES.items() if kind.searchable), "playbook"]
    if _project(session) is not None:
        names.append("project")
    return [{**_view(session, name), "text": ""} for name in names]


@service("texts.read")
def read(session: Session, name: str) -> TextView:
    """One text: the own one where there is one, else what comes with the program."""
    view = _view(session, name)
    path = Path(view["source"])
    try:
        if path.stat().st_size > LONGEST:
            raise InputError(f"{path} is too long to be edited here; use an editor.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"Can't read {path}: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text: {error}.") from error
    return {**view, "text": text}


@service("texts.save")
def save(session: Session, name: str, text: str) -> TextView:
    """Check the text and save it.

    Raises:
        InputError: it is not valid; the sentence names the file, the key, what was found and what is allowed.
    """
    view = _view(session, name)
    path = Path(view["path"])
    kind, _, family = name.partition(":")
    if kind == "space":
        check_space(family, text, path)
    elif kind == "playbook":
        check_playbook(text, path)
    else:
        Project.parse(text, path)
    write_text(path, text if text.endswith("\n") else text + "\n")
    return read(session, name)


@service("texts.reset")
def reset(session: Session, name: str) -> TextView:
    """Go back to what comes with the program: the own copy is deleted."""
    view = _view(session, name)
    if name == "project":
        raise InputError("A project file is yours alone: there is no other one to go back to.")
    if name.partition(":")[2] in adopted():
        raise InputError("The space of a family of your own is yours alone: there is no other one to go back to.")
    if view["own"] and session.spaces is not None and Path(view["path"]).parent == session.spaces:
        raise InputError(f"{view['path']} is in a folder that you named, not a copy made here: delete it yourself.")
    if view["own"]:
        try:
            Path(view["path"]).unlink()
        except OSError as error:
            raise StoreError(f"Can't delete {view['path']}: {error.strerror or error}.") from error
    return read(session, name)


def _view(session: Session, name: str) -> TextView:
    """Where a text comes from and goes to."""
    kind, _, family = name.partition(":")
    if kind == "space" and family in FAMILIES and FAMILIES[family].searchable:
        own = spaces_folder(session.folder, session.spaces) / f"{family}.toml"
        source, title = space_path(family, own.parent), f"search space of {family}"
        if family in adopted():
            title = f"family {family} and its search space"
    elif name == "playbook":
        own, title = playbook_file(session.folder), "playbook"
        source = own if own.is_file() else playbook_path(PLAYBOOK)
    elif name == "project" and (project := _project(session)) is not None:
        own = source = project
        title = "project file"
    else:
        raise InputError(f"There is no '{name}' to edit here.")
    return {
        "name": name,
        "title": title,
        "text": "",
        "path": str(own),
        "source": str(source),
        "own": own.is_file(),
    }


def _project(session: Session) -> Path | None:
    """The project file that is open."""
    location = session.opened.request.location if session.opened is not None else ""
    return Path(location) if location.lower().endswith(".toml") else None
