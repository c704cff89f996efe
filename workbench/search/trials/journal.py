"""The lasting record of a search: an Optuna journal, out-of-fold predictions beside it, and what they belong to.

Written only by the process that owns the search. Whatever moment it is killed at, what is there can be read:
a half-written last line of the journal is cut off, and a trial counts as done only after its predictions are on disk.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.atomic import replacing, write_text
from workbench.errors import InputError, StoreError

if TYPE_CHECKING:
    import optuna

VERSION = 1
_IDENTITY = "search.json"
_STUDIES = "studies.journal"
_PREDICTIONS = "out_of_fold"


def begun(folder: Path) -> bool:
    """Whether a search has been begun in this folder."""
    return (folder / _IDENTITY).exists()


def identity_of(folder: Path) -> dict[str, Any]:
    """What the search in this folder belongs to, as ``Journal`` was given it; empty where none can be read."""
    try:
        found = json.loads((folder / _IDENTITY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


class Journal:
    """The files of one search.

    Args:
        folder: where they are; made if need be.
        identity: what trials must agree in to be compared: the table's fingerprint, folds, metric and the like.
        resume: keep what is there; otherwise it is replaced.

    Raises:
        InputError: another search is using the folder, or what is there belongs to other data or settings.
        StoreError: the folder can't be written.
    """

    def __init__(self, folder: Path, identity: dict[str, Any], *, resume: bool) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(folder / ".search.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreError(f"Can't write to {folder}: {error.strerror or error}; choose another place.") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock)
            raise InputError(f"Another search is writing to {folder}; stop it or wait until it has ended.") from error
        try:
            self._open(identity, resume)
        except BaseException:
            self.close()
            raise

    def _open(self, identity: dict[str, Any], resume: bool) -> None:
        marked = {"version": VERSION, **identity}
        path = self.folder / _IDENTITY
        self.resumed = resume and path.exists()
        if self.resumed:
            found = self._read_identity(path)
            for key, value in marked.items():
                if found.get(key) != value:
                    raise InputError(
                        f"The search in {self.folder} can't be resumed: its {key} was {found.get(key)!r} "
                        f"and is {value!r} now; start a new run."
                    )
            self._mend()
            return
        (self.folder / _STUDIES).unlink(missing_ok=True)
        shutil.rmtree(self.folder / _PREDICTIONS, ignore_errors=True)
        write_text(path, json.dumps(marked, indent=2, ensure_ascii=False))

    def _read_identity(self, path: Path) -> dict[str, Any]:
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StoreError(f"{path} can't be read: {error}; start a new run.") from error
        return found if isinstance(found, dict) else {}

    def _mend(self) -> None:
        """Cut off a line that was being written when the process was killed."""
        path = self.studies_path
        if not path.exists():
            return
        content = path.read_bytes()
        if content and not content.endswith(b"\n"):
            with path.open("r+b") as file:
                file.truncate(content.rfind(b"\n") + 1)

    @property
    def studies_path(self) -> Path:
        """The Optuna journal."""
        return self.folder / _STUDIES

    def storage(self) -> optuna.storages.BaseStorage:
        """The journal as Optuna's storage; without Optuna's lock, whose stale files outlive a kill."""
        from optuna.storages import JournalStorage
        from optuna.storages.journal import JournalFileBackend

        return JournalStorage(
            JournalFileBackend(
                str(self.studies_path),
                lock_obj=_OwnLock(),  # type: ignore[arg-type]  # Optuna keeps the base class to itself
            )
        )

    def keep_prediction(self, number: int, prediction: np.ndarray) -> None:
        """Write out-of-fold predictions of a trial. Raises ``StoreError`` when they can't be written."""
        with replacing(self._prediction_path(number)) as temporary, temporary.open("wb") as file:
            np.save(file, prediction)

    def prediction(self, number: int) -> np.ndarray | None:
        """Out-of-fold predictions of a trial, ``None`` when they are not there."""
        path = self._prediction_path(number)
        if not path.exists():
            return None
        try:
            # mapped: of a large table dozens of them would fill the memory
            kept: np.ndarray = np.asarray(np.load(path, mmap_mode="r"))
        except (OSError, ValueError):
            return None
        return kept

    def _prediction_path(self, number: int) -> Path:
        return self.folder / _PREDICTIONS / f"{number:05d}.npy"

    def close(self) -> None:
        """Let others use the folder."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


class _OwnLock:
    """The folder is locked by its one writer already."""

    def acquire(self) -> bool:
        return True

    def release(self) -> None:
        return None
