"""Long work beside the questions: each piece in a thread of its own, told of as it goes, ended when nobody wants it."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from workbench.errors import Stopped, WorkbenchError
from workbench.events import Event, Events
from workbench.worker.explain_views import BackgroundView

Work = Callable[[Events], None]
"""Does the work, tells of it by events, and raises ``Stopped`` between its steps when it is no longer wanted."""
UNDER_WAY = ("running", "stopping")


@dataclass
class _Piece:
    """One piece of work; read and written under the lock of its ``Background`` only.

    Attributes:
        grown: how much of the result there is to look at already.
        at: grows with each change, so that of two states one knows the newer one.
    """

    kind: str
    model: str
    run: str
    events: Events = field(default_factory=Events)
    state: str = "running"
    message: str = ""
    done: float | None = None
    total: float | None = None
    grown: int = 0
    error: str = ""
    detail: str = ""
    at: int = 0
    thread: threading.Thread = field(default_factory=threading.Thread)

    def view(self) -> BackgroundView:
        """As a face is told of it."""
        return {
            "kind": self.kind, "model": self.model, "run": self.run, "state": self.state, "message": self.message,
            "done": self.done, "total": self.total, "grown": self.grown, "error": self.error, "detail": self.detail,
            "at": self.at,
        }  # fmt: skip


class Background:
    """The pieces of work on one result, by kind and model.

    Args:
        told: called, from any thread and in order, with each state that a piece comes to. It must not ask back.
    """

    def __init__(self, told: Callable[[BackgroundView], None]) -> None:
        self._told = told
        self._lock = threading.Lock()
        self._pieces: dict[tuple[str, str], _Piece] = {}
        self._changes = 0
        self._left = False

    def start(self, kind: str, model: str, run: str, work: Work) -> None:
        """Begin, unless it is under way. What was stopped and has not ended yet is waited for in the thread.

        Nothing begins any more where another run is looked at already: it is told as stopped.
        """
        key = (kind, model)
        with self._lock:
            before = self._pieces.get(key)
            if before is not None and before.state == "running":
                return
            piece = self._pieces[key] = _Piece(kind, model, run)
            if self._left:
                self._change(piece, state="stopped")
                return
            piece.events.add_listener(lambda event: self._heard(piece, event))
            piece.thread = threading.Thread(
                target=self._run, args=(piece, before, work), name=f"{kind}-{model}", daemon=True
            )
            self._change(piece)
            piece.thread.start()

    def stop(self, kind: str, model: str) -> None:
        """Ask it to end at its next step."""
        with self._lock:
            piece = self._pieces.get((kind, model))
            if piece is None or piece.state != "running":
                return
            self._change(piece, state="stopping", message="Stopping at the next step")
        piece.events.request_stop()

    def view(self, kind: str, model: str) -> BackgroundView | None:
        """How it stands; ``None`` where it was never begun."""
        with self._lock:
            piece = self._pieces.get((kind, model))
            return piece.view() if piece is not None else None

    def forget(self) -> None:
        """Another result is looked at: what works on the old one is told as stopped, and ends at its next step."""
        with self._lock:
            self._left = True
            going = [piece for piece in self._pieces.values() if piece.state in UNDER_WAY]
            for piece in going:
                self._change(piece, state="stopped", message="Stopped")
        for piece in going:
            piece.events.request_stop()

    def _run(self, piece: _Piece, before: _Piece | None, work: Work) -> None:
        ended: dict[str, Any]
        if before is not None and before.thread.is_alive():
            self._come_to(piece, message="Waiting for what was stopped to end")
            before.thread.join()
        try:
            piece.events.check_stop()
            work(piece.events)
            # what was finished although it should have stopped is there all the same
            ended = {"state": "done", "message": ""}
        except Stopped:
            ended = {"state": "stopped", "message": "Stopped"}
        except WorkbenchError as error:
            ended = {"state": "failed", "error": str(error)}
        except Exception as error:  # noqa: BLE001 - whatever went wrong is told; the worker lives on
            traceback.print_exc()
            told = f"A defect in workbench: {type(error).__name__}: {error}"
            ended = {"state": "failed", "error": told, "detail": traceback.format_exc()}
        self._come_to(piece, **ended)

    def _heard(self, piece: _Piece, event: Event) -> None:
        if "grown" in event.data:
            self._come_to(piece, grown=int(event.data["grown"]))
        elif event.kind == "progress" and not piece.events.stop_requested:
            self._come_to(
                piece, message=event.message, done=event.data.get("done"), total=event.data.get("total")
            )  # fmt: skip

    def _come_to(self, piece: _Piece, **changes: Any) -> None:
        with self._lock:
            self._change(piece, **changes)

    def _change(self, piece: _Piece, **changes: Any) -> None:
        """Under the lock, so that states are told in the order in which they came."""
        if self._pieces.get((piece.kind, piece.model)) is not piece or (piece.state not in UNDER_WAY):
            return  # nobody looks at it any more, or it was told as ended already
        for name, value in changes.items():
            setattr(piece, name, value)
        self._changes += 1
        piece.at = self._changes
        self._told(piece.view())
