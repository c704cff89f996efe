"""Ctrl-C: once asks the running work to stop and keep what it has; where nothing can be asked, it ends at once."""

from __future__ import annotations

import signal
from types import FrameType

from workbench.errors import Stopped
from workbench.events import Events

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
    raise Stopped("Stopped as you asked.")
