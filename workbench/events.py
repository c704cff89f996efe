"""What a stage tells while it works: progress that may be dropped, notices that may not, and the wish to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from workbench.errors import Stopped

Stage = Literal["data", "features", "search", "explain", "segments", "gap", "strategy", "tracking", "report", "journey"]
Kind = Literal["stage", "progress", "trial", "best", "notice", "result"]
"""``stage`` a stage begins or ends · ``progress`` replaceable, only the newest counts · ``trial`` one trial changed
state · ``best`` a better model was found · ``notice`` something was skipped, capped, sampled or repaired ·
``result`` a stage's figures are ready to look at."""

BEGINS_ANEW = "stopped by you; resuming begins it anew"
"""The reason that a ``trial`` event gives for a cut trial which is none yet: its number is given again."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Attributes:
        kind: what sort of event, see ``Kind``.
        stage: the stage that tells it.
        message: one line for a person; holds data as plain text, never as markup.
        data: small JSON-ready facts; large things stay in files.
        elapsed: seconds since the run began.
    """

    kind: Kind
    stage: Stage
    message: str
    data: dict[str, Any] = field(default_factory=dict)
    elapsed: float = 0.0


Listener = Callable[[Event], None]


class Events:
    """Passes events on to listeners, keeps the notices for the report, and carries the wish to stop.

    Args:
        *listeners: called in the emitting thread, in order, with every event.
        began: when the run began, on ``time.monotonic``, such as the start of its budget; ``None`` for now.
    """

    def __init__(self, *listeners: Listener, began: float | None = None) -> None:
        self._listeners = list(listeners)
        self._began = time.monotonic() if began is None else began
        self._stop = threading.Event()
        self._resume = threading.Event()
        self._resume.set()
        self.notices: list[Event] = []

    def emit(self, kind: Kind, stage: Stage, message: str, **data: Any) -> None:
        """Tell the listeners; a notice is kept as well."""
        event = Event(kind, stage, message, data, time.monotonic() - self._began)
        if kind == "notice":
            self.notices.append(event)
        for listener in tuple(self._listeners):
            listener(event)

    def add_listener(self, listener: Listener) -> None:
        """Tell one more listener from now on."""
        self._listeners.append(listener)

    def remove_listener(self, listener: Listener) -> None:
        """Tell this listener no more."""
        self._listeners.remove(listener)

    def notice(self, stage: Stage, message: str, **data: Any) -> None:
        """Say that something was skipped, capped, sampled or repaired, and why."""
        self.emit("notice", stage, message, **data)

    def progress(self, stage: Stage, message: str, done: float, total: float, **data: Any) -> None:
        """Say how far a stage is: ``done`` of ``total`` in the stage's own unit."""
        self.emit("progress", stage, message, done=done, total=total, **data)

    def request_stop(self) -> None:
        """Ask the work to end soon; may be called from any thread or a signal handler."""
        self._stop.set()
        self._resume.set()

    def pause(self) -> None:
        """Ask the work to begin nothing new until ``resume``."""
        self._resume.clear()

    def resume(self) -> None:
        """Let paused work go on."""
        self._resume.set()

    @property
    def stop_requested(self) -> bool:
        """Whether somebody asked the work to end."""
        return self._stop.is_set()

    @property
    def paused(self) -> bool:
        """Whether the work should begin nothing new."""
        return not self._resume.is_set()

    def check_stop(self) -> None:
        """Raise ``Stopped`` if somebody asked the work to end; stages call it between steps."""
        if self.stop_requested:
            raise Stopped("Stopped as you asked; what was finished has been kept.")
