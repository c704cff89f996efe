"""Who works on a run: its name is claimed by one process, for as long as that lives."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from workbench.errors import InputError, StoreError
from workbench.journey.record import FILE, journal_folder
from workbench.tracking import Store

_LOCK = ".run.lock"
_LONGEST = 100
_ATTEMPTS = 50


@contextlib.contextmanager
def new_run(home: Path, wanted: str | None, propose: Callable[[], str]) -> Iterator[str]:
    """A name for a new run, held until the block ends.

    Args:
        home: journals and reports in it are kept by name.
        wanted: the user's own; ``None`` takes a proposed one.
        propose: gives the next free name; asked again when another process was quicker.

    Raises:
        InputError: the wanted name can't name a file, or a run has it already.
        StoreError: the folder of the journals can't be written.
    """
    name = _checked(home, wanted) if wanted is not None else _proposed(home, propose)
    with held(home, name):
        try:
            yield name
        finally:
            _leave_no_trace(journal_folder(home, name))


@contextlib.contextmanager
def held(home: Path, name: str) -> Iterator[None]:
    """Keep other processes from working on a run while the block lasts; a process that dies lets go.

    Raises:
        InputError: another process works on it.
        StoreError: the folder of the journals can't be written.
    """
    with _told(home):
        folder = journal_folder(home, name)
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InputError(
                f"Another process works on the run '{name}'; stop it or wait until it has ended."
            ) from error
        yield
    finally:
        os.close(lock)


def delete_run(store: Store, run: str) -> None:
    """Delete a run with its files, unless a process works on it.

    Raises:
        InputError: there is no such run, or another process works on it.
        StoreError: the store can't be written.
    """
    row = store.details(run).row
    if not journal_folder(store.home, row.name).is_dir():
        store.delete(row.run_id)
        return
    with held(store.home, row.name):
        store.delete(row.run_id)


def _proposed(home: Path, propose: Callable[[], str]) -> str:
    for _ in range(_ATTEMPTS):
        name = propose()
        with _told(home), contextlib.suppress(FileExistsError):
            journal_folder(home, name).mkdir(parents=True)
            return name
    raise InputError(f"No free name was found for a run in {home}: give one with --name.")


def _checked(home: Path, wanted: str) -> str:
    name = wanted.strip()
    if not name or name.startswith(".") or not name.isprintable() or Path(name).name != name or len(name) > _LONGEST:
        raise InputError(f"'{wanted}' can't be the name of a run: give a word that could name a file.")
    if (journal_folder(home, name) / FILE).exists():
        raise InputError(
            f"There is a run '{name}' already: give another --name, or go on with `workbench runs resume {name}`."
        )
    return name


@contextlib.contextmanager
def _told(home: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"Can't write journals in {home / 'journals'}: {error.strerror or error}; "
            "allow writing there or use another --home."
        ) from error


def _leave_no_trace(folder: Path) -> None:
    """A run that never began leaves its name free."""
    if not (folder / FILE).exists():
        with contextlib.suppress(OSError):
            (folder / _LOCK).unlink()
            folder.rmdir()
