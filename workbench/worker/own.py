"""The user's own search spaces and playbook in the working folder, which the next search uses."""

from __future__ import annotations

from pathlib import Path

from workbench.resources import search_spaces


def spaces_folder(folder: Path, named: Path | None = None) -> Path:
    """Where own search spaces are: where the user named, else in the working folder; never what comes with us."""
    if named is not None and named.resolve() != search_spaces().resolve():
        return named
    usual = folder / "search_spaces"
    return folder / "my_search_spaces" if usual.resolve() == search_spaces().resolve() else usual


def playbook_file(folder: Path) -> Path:
    """Where the own playbook of a working folder is."""
    return folder / "playbook.toml"


def spaces_in_use(folder: Path, named: Path | None = None) -> Path | None:
    """The folder of own search spaces: the one that the user named; ``None`` where there is none in the usual one."""
    own = spaces_folder(folder, named)
    if own == named:
        return own
    shipped = search_spaces().glob("*.toml")
    return own if any((own / one.name).is_file() for one in shipped) else None


def playbook_in_use(folder: Path) -> Path | None:
    """The own playbook, ``None`` where there is none."""
    own = playbook_file(folder)
    return own if own.is_file() else None
