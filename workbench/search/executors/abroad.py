"""What runs inside a worker of a cluster: one fit at a time, over data that was found there or sent there.

Light until ``preload``: the parent asks for versions before anything heavy is imported.
"""

from __future__ import annotations

import dataclasses
import importlib.metadata
import os
import pickle
import shutil
import sys
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MARK = "cluster-id"
"""File of a workspace that says which it is: a path alone may mean another folder on another machine."""
PACKAGES = ("numpy", "scikit-learn", "distributed")
"""Both sides must have the same version of these, and of what the searched families need: tasks, data and models pass
between them."""
_one_fit = threading.Lock()
"""Two searches may share a worker with several threads; its caches and thread limits are of the whole process."""


@dataclass(frozen=True)
class Parcel:
    """Where the data of a search is.

    Attributes:
        folder: the workspace on the machine that searches; empty where it must not be looked for.
        token: which workspace it is.
    """

    folder: str
    token: str


@dataclass(frozen=True)
class Outcome:
    """What a task gave there.

    Attributes:
        error: what the task itself raised; faults of the cluster never come in this way.
        kept: the fitted model, where one was to be kept.
    """

    value: Any = None
    error: BaseException | None = None
    kept: bytes | None = None


def versions(packages: Sequence[str] = ()) -> dict[str, str]:
    """Versions that both sides must agree in, of ``packages`` as well."""
    import workbench

    found = {"workbench": workbench.__version__, "Python": "{}.{}".format(*sys.version_info)}
    for package in (*PACKAGES, *packages):
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = "missing"
    return found


def preload() -> None:
    """Import what fits need, while the rows are being prepared elsewhere."""
    # numeric threads that wait must sleep, as in the processes of ``local``
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("KMP_BLOCKTIME", "0")
    import workbench.search.executors.worker  # noqa: F401


def run_task(function: Callable[[Any], Any], task: Any, parcel: Parcel) -> Outcome | None:
    """Run ``function`` on a fold or whole task, here; ``None`` where the workspace has yet to be sent.

    No signal handler is touched: this is a thread of a worker that belongs to somebody else.
    """
    import threadpoolctl  # type: ignore[import-untyped]

    folder = _found(parcel)
    if folder is None:
        return None
    kept = _local() / f"workbench-kept-{uuid.uuid4().hex}.pkl" if task.keep is not None else None
    here = dataclasses.replace(task, workspace=str(folder), keep=str(kept) if kept is not None else None)
    try:
        with _one_fit, threadpoolctl.threadpool_limits(task.threads):
            value = function(here)
        return Outcome(value, kept=kept.read_bytes() if kept is not None and kept.exists() else None)
    except Exception as error:  # noqa: BLE001 - the parent raises it where the result is asked for
        return Outcome(error=_portable(error))
    finally:
        if kept is not None:
            kept.unlink(missing_ok=True)


def receive(token: str, name: str, data: bytes) -> None:
    """Keep one file of a workspace; the one called ``MARK`` comes last.

    Raises:
        StoreError: this machine's disk is full or can't be written.
    """
    from workbench.atomic import write_bytes

    write_bytes(_sent(token) / name, data)


def forget(parcel: Parcel, dask_worker: Any) -> None:
    """Let go of a search's data, in memory and, where it was sent, on the disk.

    Args:
        dask_worker: given by dask itself, as what is not a task has no other way to the worker.
    """
    sent = Path(dask_worker.local_directory) / _name(parcel.token)
    worker = sys.modules.get("workbench.search.executors.worker")
    for folder in (parcel.folder, str(sent)):
        if worker is not None and folder:
            worker.forget(folder)
    shutil.rmtree(sent, ignore_errors=True)


def _found(parcel: Parcel) -> Path | None:
    for folder in ([Path(parcel.folder)] if parcel.folder else []) + [_sent(parcel.token)]:
        try:
            if (folder / MARK).read_text(encoding="ascii") == parcel.token:
                return folder
        except (OSError, ValueError):
            continue
    return None


def _sent(token: str) -> Path:
    return _local() / _name(token)


def _name(token: str) -> str:
    return f"workbench-{token}"


def _local() -> Path:
    """The worker's own folder, which dask deletes when the worker ends."""
    from distributed import get_worker

    return Path(get_worker().local_directory)


def _portable(error: Exception) -> Exception:
    """The error as it can be sent."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # noqa: BLE001 - whatever its class does wrong, its words can be sent
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
