"""At most so many updates a second, whatever happens: what is newest wins, what must not be lost is gathered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

PER_SECOND = 10.0
"""Updates that a face gets in a second; more can't be seen and cost the keys their speed."""


class Coalescer:
    """Calls ``flush`` soon after ``touch``, but never more than ``per_second`` times a second.

    The first touch after a rest is flushed at once, so that a lone event is not delayed.

    Args:
        flush: sends what has gathered; called in the event loop.
        per_second: the limit.
    """

    def __init__(self, flush: Callable[[], None], *, per_second: float = PER_SECOND) -> None:
        self._flush = flush
        self._gap = 1.0 / per_second
        self._last = float("-inf")
        self._waiting: asyncio.TimerHandle | None = None

    def touch(self) -> None:
        """Say that there is something to send."""
        if self._waiting is not None:
            return
        loop = asyncio.get_running_loop()
        wait = self._last + self._gap - loop.time()
        if wait <= 0:
            self._fire()
        else:
            self._waiting = loop.call_later(wait, self._fire)

    def now(self) -> None:
        """Send without waiting: for ends, which must not come late."""
        if self._waiting is not None:
            self._waiting.cancel()
        self._fire()

    def _fire(self) -> None:
        self._waiting = None
        self._last = asyncio.get_running_loop().time()
        self._flush()
