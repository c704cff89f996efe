"""Answers that take long, kept as long as the run is looked at, so that the same is not computed again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from workbench.contracts import Explanation

Value = TypeVar("Value")
MOST = 200
"""Answers that are kept: an analyst who goes through thousands of customers must not fill the memory with them."""


@dataclass
class _Kept:
    """One answer; read and written under its lock only.

    Attributes:
        of: the explanation that it was computed of; ``None`` for the run alone.
        there: whether it was computed already: what was computed may be ``None``.
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    of: Explanation | None = None
    value: Any = None
    there: bool = False


class Answers:
    """The newest answers by what was asked.

    Args:
        most: answers that are kept; that which was asked for longest ago goes first.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def of(self, what: str, explanation: Explanation | None, make: Callable[[], Value]) -> Value:
        """What ``make`` gives, computed once for each explanation: a larger one has answers of its own.

        Who asks the same meanwhile waits for it. The answer of the largest explanation is the one that stays.
        """
        with self._lock:
            kept = self._kept.setdefault(what, _Kept())
            self._kept.move_to_end(what)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        with kept.lock:
            if kept.there and kept.of is explanation:
                found: Value = kept.value
                return found
            made = make()
            if not kept.there or _rows(explanation) >= _rows(kept.of):
                kept.of, kept.value, kept.there = explanation, made, True
            return made


def _rows(explanation: Explanation | None) -> int:
    return len(explanation.rows) if explanation is not None else 0
