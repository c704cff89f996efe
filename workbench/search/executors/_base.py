"""The contract of a set of slots: each runs one task at a time and can be ended without harm to the others."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

T = TypeVar("T")


class Slots(ABC):
    """A fixed number of slots, each behind an ``Executor`` of its own.

    A slot whose worker died gives futures that raise ``BrokenExecutor``; ``renew`` makes it whole again.
    """

    def __init__(self, width: int) -> None:
        self._executors: list[Executor] = [self._make() for _ in range(width)]

    @property
    def width(self) -> int:
        """How many tasks can run at once."""
        return len(self._executors)

    def submit(self, slot: int, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """Run ``function(*arguments)`` in a slot that is free."""
        return self._executors[slot].submit(function, *arguments)

    def renew(self, slot: int) -> None:
        """End whatever runs in a slot, at once, and make the slot usable again."""
        self._end(self._executors[slot])
        self._executors[slot] = self._make()

    def close(self) -> None:
        """End whatever runs in all slots, at once."""
        for executor in self._executors:
            self._end(executor)
        self._executors = []

    @abstractmethod
    def _make(self) -> Executor:
        """A new executor with one worker."""

    @abstractmethod
    def _end(self, executor: Executor) -> None:
        """End an executor and its worker, whether it is working or dead."""
