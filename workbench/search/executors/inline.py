"""Folds in this process: for tests, and where no process can be started."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

from workbench.search.executors._base import Slots

P = ParamSpec("P")
T = TypeVar("T")


class _Synchronous(Executor):
    """Runs a task when it is submitted."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The future of a task that has already run."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - the future carries it to whoever asks
            future.set_exception(error)
        return future


class InlineSlots(Slots):
    """One slot that blocks."""

    def __init__(self) -> None:
        super().__init__(1)

    def _make(self) -> Executor:
        return _Synchronous()

    def _end(self, executor: Any) -> None:
        """Nothing runs between submissions."""
