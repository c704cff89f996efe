"""The user's own search spaces and playbook in the working folder, which the next search uses."""

from __future__ import annotations

from pathlib import Path

from workbench.resources import search_spaces


def spaces_folder(folder: Path) -> Path:
    """Where own search spaces of a working folder are; never the files that come with the program."""
    usual = folder / "search_spaces"
    return folder / "my_search_spaces" if usual.resolve() == search_spaces().resolve() else usual


def playbook_file(folder: Path) -> Path:
    """Where the own playbook of a working folder is."""
    return folder / "playbook.toml"


def spaces_in_use(folder: Path) -> Path | None:
    """The folder of own search spaces, ``None`` where there is none in it."""
    own = spaces_folder(folder)
    shipped = search_spaces().glob("*.toml")
    return own if any((own / one.name).is_file() for one in shipped) else None


def playbook_in_use(folder: Path) -> Path | None:
    """The own playbook, ``None`` where there is none."""
    own = playbook_file(folder)
    return own if own.is_file() else None
