"""The run that is looked at: its result, what was computed of it, and the long work on it, as one thing.

Another run is another ``Shown``: a service takes it once, at its beginning, so that what is still being computed of one
run can neither be kept with another one nor be answered as if it were of that.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

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
        recalled: whether earlier decisions on this run were applied already.
    """

    result: JourneyResult
    folder: Path
    background: Background
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    trust: Trust | None = None
    recalled: bool = False
    _explanations: dict[str, Explanation] = field(default_factory=dict)
    _answers: dict[str, tuple[Explanation, Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def home(self) -> Path:
        """The embedded store's folder."""
        return self.folder / "mlruns"

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

    def answer(self, what: str, explanation: Explanation, make: Callable[[], Value]) -> Value:
        """What ``make`` gives, computed once for each explanation: a larger one has answers of its own."""
        with self._lock:
            kept = self._answers.get(what)
        if kept is not None and kept[0] is explanation:
            found: Value = kept[1]
            return found
        made = make()
        with self._lock:
            kept = self._answers.get(what)
            # meanwhile somebody may have asked the same of a larger explanation, which is the one that stays
            if kept is None or len(explanation.rows) >= len(kept[0].rows):
                self._answers[what] = (explanation, made)
        return made
