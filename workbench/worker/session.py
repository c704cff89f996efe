"""What one worker holds between questions: the open table, the result that is looked at, the store."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError
from workbench.worker.background import Background

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


@dataclass
class Session:
    """The state of one worker.

    Attributes:
        folder: working folder; the store is in ``home``.
        exchange: folder for tables and results on their way to the face.
        result: the journey that the screens show.
        finished: where the last journey's result waits to be looked at.
        cache: what services keep about ``result``; emptied with it.
        background: long work on ``result``; ended with it.
        spaces: folder of search spaces and families that the user named; ``None`` where none was.
    """

    folder: Path
    exchange: Path
    opened: OpenTable | None = None
    result: JourneyResult | None = None
    finished: Path | None = None
    cache: dict[str, Any] = field(default_factory=dict)
    background: Background = field(default_factory=Background)
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

    def shown(self) -> JourneyResult:
        """The result that is looked at. Raises ``InputError`` when there is none."""
        if self.result is None:
            raise InputError("No result yet: press g to start a search, or 5 to open an earlier run.")
        return self.result

    def show(self, result: JourneyResult) -> None:
        """Look at another result."""
        self.background.forget()
        self.result = result
        self.cache = {}

    def new_file(self, suffix: str) -> Path:
        """A fresh path in the exchange folder."""
        with self.lock:
            self.files += 1
            return self.exchange / f"{self.files}{suffix}"
