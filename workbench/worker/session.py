"""What one worker holds between questions: the open table, the result that is looked at, the store."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import InputError
from workbench.worker.background import Background
from workbench.worker.news import News
from workbench.worker.shown import Shown

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from workbench.contracts import Check, JourneyResult, Source, Table
    from workbench.journey import TableRequest


@dataclass(frozen=True)
class RawTable:
    """A file as it was read, so that other roles don't cost another reading."""

    frame: pd.DataFrame
    source: Source
    checks: tuple[Check, ...]


@dataclass
class OpenTable:
    """A table as it was asked for.

    Attributes:
        request: how it was opened, with the roles and the target that the user set.
        guessed: whether nobody has confirmed the target yet.
        reason: why this target was guessed.
        raw: the file as it was read; ``None`` for the bundled data and projects.
        order: positions of the shown rows, sorted and filtered; ``None`` shows all as they come.
        rows_file: where they were written for the face.
    """

    request: TableRequest
    table: Table
    guessed: bool
    reason: str
    raw: RawTable | None = None
    order: np.ndarray | None = None
    rows_file: Path | None = None


class ElsewhereError(InputError):
    """A question about a run that is not looked at any more: its answer is no longer wanted."""


@dataclass
class Session:
    """The state of one worker.

    Attributes:
        folder: working folder; the store is in ``home``.
        exchange: folder for tables and results on their way to the face.
        now: the run that the screens show; ``None`` before there is one.
        left: what decisions on the run that was shown before are made of; ``None`` where the store doesn't have it.
        finished: where the last journey's result waits to be looked at.
        news: what has become of long work on the runs that are or were looked at.
        spaces: folder of search spaces and families that the user named; ``None`` where none was.
    """

    folder: Path
    exchange: Path
    opened: OpenTable | None = None
    now: Shown | None = None
    left: Shown | None = None
    finished: Path | None = None
    news: News = field(default_factory=News)
    spaces: Path | None = None
    files: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def home(self) -> Path:
        """The embedded store's folder."""
        return self.folder / "mlruns"

    def table(self) -> OpenTable:
        """The open table. Raises ``InputError`` when there is none."""
        if self.opened is None:
            raise InputError("No table is open: press o to open a file, or d for the bundled data.")
        return self.opened

    def shown(self, key: str | None = None) -> Shown:
        """The run that is looked at.

        Args:
            key: of the look that a question is about; without one it is about whatever is looked at.

        Raises:
            ElsewhereError: another run is looked at now, or none.
            InputError: there is no result.
        """
        now = self.now
        if key is not None and (now is None or now.key != key):
            raise ElsewhereError("Another run is looked at now.")
        if now is None:
            raise InputError("No result yet: press g to start a search, or 5 to open an earlier run.")
        return now

    def shown_or_left(self, key: str | None = None) -> Shown:
        """The run that is looked at, or that was until another one took its place: a dialogue may be open on it still.

        Raises:
            ElsewhereError: the key is of neither of them.
            InputError: there is no result.
        """
        left = self.left
        return left if left is not None and left.key == key else self.shown(key)

    def show(self, result: JourneyResult) -> Shown:
        """Look at another result; what works on the one before ends."""
        shown = Shown(result, self.folder, Background(self.news.put))
        self._look_at(shown)
        return shown

    def leave(self, run_id: str) -> None:
        """Look at nothing, if it was this run."""
        with self.lock:
            before = self.now if self.now is not None and self.now.result.run_id == run_id else None
            if before is not None:
                self.now = None
            if self.left is not None and self.left.result.run_id == run_id:
                self.left = None  # there is nothing to keep a decision with any more
        if before is not None:
            before.background.forget()

    def close(self) -> None:
        """End all work."""
        self._look_at(None)

    def _look_at(self, shown: Shown | None) -> None:
        with self.lock:
            before, self.now = self.now, shown
            if before is not None:
                self.left = before.for_decisions()
        if before is not None:
            before.background.forget()

    def new_file(self, suffix: str) -> Path:
        """A fresh path in the exchange folder."""
        with self.lock:
            self.files += 1
            return self.exchange / f"{self.files}{suffix}"
