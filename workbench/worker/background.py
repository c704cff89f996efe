"""Long work beside the questions: each piece in a thread of its own, told of as it goes, ended when nobody wants it."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

from workbench.errors import Stopped, WorkbenchError
from workbench.events import Event, Events
from workbench.worker.explain_views import BackgroundView

Work = Callable[[Events], None]
"""Does the work, tells of it by events, and raises ``Stopped`` between its steps when it is no longer wanted."""


@dataclass
class _Piece:
    """One piece of work.

    Attributes:
        grown: how much of the result there is to look at already.
    """

    kind: str
    model: str
    run: str
    events: Events
    state: str = "running"
    message: str = ""
    done: float | None = None
    total: float | None = None
    grown: int = 0
    error: str = ""
    detail: str = ""
    thread: threading.Thread = field(default_factory=threading.Thread)

    def view(self) -> BackgroundView:
        """As a face is told of it."""
        return {
            "kind": self.kind, "model": self.model, "run": self.run, "state": self.state, "message": self.message,
            "done": self.done, "total": self.total, "grown": self.grown, "error": self.error, "detail": self.detail,
        }  # fmt: skip


class Background:
    """The pieces of work on one result, by kind and model.

    ``told`` is called, from any thread, whenever ``changes`` has something new.
    """

    def __init__(self) -> None:
        self.told: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._pieces: dict[tuple[str, str], _Piece] = {}
        self._changed: dict[tuple[str, str], None] = {}

    def start(self, kind: str, model: str, run: str, work: Work) -> None:
        """Begin, unless it is under way. What was stopped and has not ended yet is waited for in the thread."""
        key = (kind, model)
        with self._lock:
            before = self._pieces.get(key)
            if before is not None and before.state == "running":
                return
            piece = _Piece(kind, model, run, Events())
            piece.events.add_listener(lambda event: self._heard(piece, event))
            piece.thread = threading.Thread(
                target=self._run, args=(piece, before, work), name=f"{kind}-{model}", daemon=True
            )
            self._pieces[key] = piece
        piece.thread.start()
        self._tell(piece)

    def stop(self, kind: str, model: str) -> None:
        """Ask it to end at its next step."""
        piece = self._pieces.get((kind, model))
        if piece is not None and piece.state == "running":
            piece.state, piece.message = "stopping", "Stopping at the next step"
            piece.events.request_stop()
            self._tell(piece)

    def view(self, kind: str, model: str) -> BackgroundView | None:
        """How it stands; ``None`` where it was never begun."""
        piece = self._pieces.get((kind, model))
        return piece.view() if piece is not None else None

    def changes(self) -> list[BackgroundView]:
        """What has changed since the last call, the newest state of each."""
        with self._lock:
            changed, self._changed = self._changed, {}
            return [self._pieces[key].view() for key in changed if key in self._pieces]

    def forget(self) -> None:
        """Another result is looked at: what works on the old one ends, and nothing more is told of it."""
        with self._lock:
            pieces, self._pieces, self._changed = list(self._pieces.values()), {}, {}
        for piece in pieces:
            piece.events.request_stop()

    def _run(self, piece: _Piece, before: _Piece | None, work: Work) -> None:
        if before is not None and before.thread.is_alive():
            piece.message = "Waiting for what was stopped to end"
            self._tell(piece)
            before.thread.join()
        try:
            piece.events.check_stop()
            work(piece.events)
            # what was finished although it should have stopped is there all the same
            piece.state, piece.message = "done", ""
        except Stopped:
            piece.state, piece.message = "stopped", "Stopped"
        except WorkbenchError as error:
            piece.state, piece.error = "failed", str(error)
        except Exception as error:  # noqa: BLE001 - whatever went wrong is told; the worker lives on
            traceback.print_exc()
            piece.state, piece.error = "failed", f"A defect in workbench: {type(error).__name__}: {error}"
            piece.detail = traceback.format_exc()
        self._tell(piece)

    def _heard(self, piece: _Piece, event: Event) -> None:
        if event.kind == "progress" and piece.state == "running":
            piece.message, piece.done, piece.total = event.message, event.data.get("done"), event.data.get("total")
        elif "grown" in event.data:
            piece.grown = int(event.data["grown"])
        else:
            return
        self._tell(piece)

    def _tell(self, piece: _Piece) -> None:
        key = (piece.kind, piece.model)
        with self._lock:
            if self._pieces.get(key) is not piece:
                return
            self._changed[key] = None
        self.told()
