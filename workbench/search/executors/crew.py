"""The workers of a cluster: who is there, and who is free for a task."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from workbench.search.executors.connection import workers_of

if TYPE_CHECKING:
    from distributed import Client

_FRESH = 0.5
"""Seconds for which an answer of the scheduler is taken as the truth."""
_WAIT = 0.1
PATIENCE = 10.0
"""Seconds without any worker after which the cluster is given up; a nanny starts a new worker in less."""


class Crew:
    """Lends each worker to one task at a time, whatever threads it has: what a fit may use is told by its task.

    Args:
        client: of the cluster's scheduler.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._busy: set[str] = set()
        self._alive: dict[str, int] = {}
        self._asked = float("-inf")
        self._seen = time.monotonic()
        self.lost = False

    def lend(self, given_up: Callable[[], bool]) -> str | None:
        """A free worker's address, waited for; ``None`` when the wish is given up or no worker is left for good."""
        while not given_up() and not self.lost:
            with self._lock:
                alive = self._now()
                free = [address for address in sorted(alive) if address not in self._busy]
                if free:
                    self._busy.add(free[0])
                    return free[0]
                self.lost = not alive and time.monotonic() - self._seen > PATIENCE
            time.sleep(_WAIT)
        return None

    def give_back(self, address: str) -> None:
        """The worker's task has ended, or the worker has."""
        with self._lock:
            self._busy.discard(address)
            # one that has just died must not be lent again
            self._asked = float("-inf")

    def alive(self, address: str) -> bool:
        """Whether a worker is there."""
        with self._lock:
            return address in self._now()

    def _now(self) -> dict[str, int]:
        if time.monotonic() - self._asked > _FRESH:
            try:
                self._alive = workers_of(self._client)
                if self._alive:
                    self._seen = time.monotonic()
            except TimeoutError:
                # one that is busy for seconds, or a process of ours that is, says nothing of the workers
                if time.monotonic() - self._seen > PATIENCE:
                    self._alive = {}
            except (OSError, RuntimeError):
                # a scheduler that is gone has no workers; it may come back within the patience
                self._alive = {}
            self._asked = time.monotonic()
        return self._alive
