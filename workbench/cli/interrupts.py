"""Ctrl-C: once asks the running work to stop and keep what it has; where nothing can be asked, it ends at once."""

from __future__ import annotations

import signal
from types import FrameType

from workbench.errors import Stopped
from workbench.events import Events


class Interrupted(BaseException):
    """Ctrl-C where no work can be asked to stop.

    Not an ``Exception``: the signal may come inside an import, and libraries guard those with ``except Exception``.
    Not a ``KeyboardInterrupt`` either: typer ends those with an exit code of its own.
    """


_running: Events | None = None


def install() -> None:
    """Answer SIGINT and SIGTERM from now on (main thread only)."""
    signal.signal(signal.SIGINT, _interrupted)
    signal.signal(signal.SIGTERM, _interrupted)


def stop_through(events: Events | None) -> None:
    """Say which work a first Ctrl-C should stop gently; ``None`` for none."""
    global _running
    _running = events


def _interrupted(number: int, frame: FrameType | None) -> None:
    del number, frame
    if _running is not None and not _running.stop_requested:
        _running.request_stop()
        return
    if _running is not None:
        raise Stopped("Stopped as you asked, at once; what was finished until then has been kept.")
    raise Interrupted("Stopped as you asked.")
