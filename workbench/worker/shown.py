"""The run that is looked at: its result, what was computed of it, and the long work on it, as one thing.

Another run is another ``Shown``: a service takes it once, at its beginning, so that what is still being computed of one
run can neither be kept with another one nor be answered as if it were of that.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from workbench.worker.answers import Answers
from workbench.worker.background import Background

if TYPE_CHECKING:
    from workbench.contracts import Explanation, JourneyResult
    from workbench.explain import Trust

Value = TypeVar("Value")


@dataclass(eq=False)
class Shown:
    """One look at a run.

    Attributes:
        result: the journey; replaced where the analyst decides something on it.
        folder: working folder; the store is in ``home``.
        background: long work on it; it ends when another run is looked at.
        key: names this look, and no other of the same run; questions carry it.
        trust: what refits said of the importance, once they have ended.
        recalled: whether earlier decisions on this run are in the result already.
    """

    result: JourneyResult
    folder: Path
    background: Background
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    trust: Trust | None = None
    recalled: bool = False
    _explanations: dict[str, Explanation] = field(default_factory=dict)
    _answers: Answers = field(default_factory=Answers)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def home(self) -> Path:
        """The embedded store's folder."""
        return self.folder / "mlruns"

    def for_decisions(self) -> Shown | None:
        """What decisions on it need when it is looked at no more: no rows and no models, which are what is large.

        ``None`` where the store doesn't have the run, so that a decision would be kept nowhere.
        """
        result = self.result
        if not result.run_id:
            return None
        table = replace(result.table, frame=result.table.frame.iloc[:0].copy())
        small = replace(result, table=table, search=None, explanation=None)
        return Shown(small, self.folder, self.background, key=self.key, recalled=True)

    def explanation(self, which: str) -> Explanation | None:
        """The one that was made on demand of a model, the largest so far."""
        with self._lock:
            return self._explanations.get(which)

    def take_explanation(self, which: str, made: Explanation) -> None:
        """Keep it; one that comes late never takes the place of one of more rows."""
        with self._lock:
            before = self._explanations.get(which)
            if before is None or len(made.rows) >= len(before.rows):
                self._explanations[which] = made

    def answer(self, what: str, explanation: Explanation | None, make: Callable[[], Value]) -> Value:
        """See ``Answers.of``."""
        return self._answers.of(what, explanation, make)
