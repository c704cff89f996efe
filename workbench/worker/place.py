"""Where a worker of a working folder is found: a socket in a private runtime folder."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from workbench.errors import StoreError

LONGEST = 100
"""A Unix socket's path may have about 104 bytes on the strictest system."""


def runtime_folder() -> Path:
    """The folder for sockets, logs and handed-over tables; made for this user only.

    Raises:
        StoreError: the folder can't be made, or belongs to somebody else.
    """
    for folder in _candidates():
        if len(os.fsencode(folder / ("x" * 12 + ".sock"))) > LONGEST:
            continue
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = folder.lstat()
        except OSError:
            continue
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and os.access(folder, os.W_OK):
            folder.chmod(0o700)
            return folder
    raise StoreError("There is no folder for the worker's socket: set WORKBENCH_RUNTIME to a short path you may write.")


def _candidates() -> list[Path]:
    given = os.environ.get("WORKBENCH_RUNTIME")
    if given:
        return [Path(given)]
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    own = [Path(runtime) / "workbench"] if runtime else []
    return [*own, Path(tempfile.gettempdir()) / f"workbench-{os.getuid()}", Path(f"/tmp/workbench-{os.getuid()}")]  # noqa: S108 - owner and mode are checked


def socket_path(folder: Path) -> Path:
    """The socket of the worker that serves this working folder and store."""
    store = os.environ.get("MLFLOW_TRACKING_URI", "")
    digest = hashlib.sha256(f"{folder.resolve()}\0{store}".encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return runtime_folder() / f"{digest}.sock"


def log_path(socket: Path) -> Path:
    """Where the worker's stderr goes."""
    return socket.with_suffix(".log")


def exchange_folder(socket: Path) -> Path:
    """Where the worker writes tables for the face; it is emptied when the worker ends."""
    return socket.with_suffix(".d")
