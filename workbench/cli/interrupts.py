"""Ctrl-C: once asks the running work to stop and keep what it has; where nothing can be asked, it ends at once."""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import threading
from types import FrameType
from typing import NoReturn

from workbench.errors import Stopped
from workbench.events import Events


class Interrupted(BaseException):
    """Ctrl-C where no work can be asked to stop, or was asked already.

    Not an ``Exception``: the signal may come inside an import or inside mlflow, and libraries guard with ``except
    Exception``: what they made of it was told as a fault of the store.
    Not a ``KeyboardInterrupt`` either: typer ends those with an exit code of its own.
    """


LEAST_SECONDS, MOST_SECONDS = 3.0, 15.0
"""How long the end after Ctrl-C may take before it is forced: without and with a run to be closed."""

_SENTENCE = "Stopped as you asked."
_running: Events | None = None
_ended = threading.Event()


def install() -> None:
    """Answer SIGINT and SIGTERM from now on (main thread only)."""
    _ended.clear()
    signal.signal(signal.SIGINT, _interrupted)
    signal.signal(signal.SIGTERM, _interrupted)


def ended() -> None:
    """The command has ended; nothing needs to be forced any more."""
    _ended.set()


def stop_through(events: Events | None) -> None:
    """Say which work a first Ctrl-C should stop gently; ``None`` for none."""
    global _running
    _running = events


def _interrupted(number: int, frame: FrameType | None) -> None:
    del number
    if _running is not None and not _running.stop_requested:
        _running.request_stop()
        return
    _force_after(LEAST_SECONDS if _running is None else MOST_SECONDS)
    if _running is not None:
        raise Interrupted("Stopped as you asked, at once; what was finished until then has been kept.")
    if _importing(frame):
        _leave()
    raise Interrupted(_SENTENCE)


def _importing(frame: FrameType | None) -> bool:
    """Whether the signal came in the middle of an import.

    What is raised there can be lost: Python swallows it in callbacks of the import system, which then keep a lock
    that the imports in the background wait for.
    """
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _leave() -> NoReturn:
    """End the process from wherever it is."""
    _say()
    atexit._run_exitfuncs()
    os._exit(Stopped.exit_code)


def _say() -> None:
    with contextlib.suppress(OSError):
        os.write(2, f"workbench: {_SENTENCE}\n".encode())


def _force_after(seconds: float) -> None:
    """End the process if it has not ended by itself: a library may swallow what is raised, or wait for long."""

    def force() -> None:
        if not _ended.wait(seconds):
            _say()
            os._exit(Stopped.exit_code)

    threading.Thread(target=force, name="force-the-end", daemon=True).start()
