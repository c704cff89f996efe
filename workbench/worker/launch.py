"""Starting a worker process, or finding one that was left running."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from workbench.budget import Budget
from workbench.worker.client import WorkerClient, WorkerLost
from workbench.worker.place import log_path, socket_path

START_SECONDS = 20.0
"""A worker listens after some tenths of a second; a loaded machine may need more."""


async def find(client: WorkerClient, folder: Path) -> dict[str, Any] | None:
    """Connect to the worker that serves ``folder``, if one runs.

    Returns:
        its greeting; ``None`` when there is none.
    """
    socket = socket_path(folder)
    if not socket.exists():
        return None
    try:
        return await client.connect(socket)
    except WorkerLost:
        return None


async def start(client: WorkerClient, folder: Path, *, beside: bool = False) -> dict[str, Any]:
    """Start a worker for ``folder`` and connect to it.

    Args:
        beside: another worker serves this folder and is to be left alone.

    Returns:
        the new worker's greeting.

    Raises:
        WorkerLost: it did not come up; the message names the log.
    """
    socket = socket_path(folder)
    if beside:
        socket = socket.with_name(f"{socket.stem[:6]}{os.getpid():x}.sock")
    process = _spawn(socket, folder)
    budget = Budget.of(START_SECONDS)
    while not budget.expired:
        if socket.exists():
            try:
                return await client.connect(socket)
            except WorkerLost:
                await asyncio.sleep(0.02)
        if (code := process.poll()) is not None:
            raise WorkerLost(f"The worker process ended at once (code {code}); its log is {log_path(socket)}.")
        await asyncio.sleep(0.02)
    raise WorkerLost(f"The worker process does not answer; its log is {log_path(socket)}.")


def _spawn(socket: Path, folder: Path) -> subprocess.Popen[bytes]:
    """A process of its own session: neither ctrl-c nor the end of the terminal reaches it.

    ``-P`` keeps the working folder off the import path: a customer's ``random.py`` must not be run.
    """
    socket.unlink(missing_ok=True)
    with log_path(socket).open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "workbench.worker", str(socket), str(folder.resolve())],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
