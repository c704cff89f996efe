"""Fits that are under way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass

from workbench.pipelines import family
from workbench.search.executors.worker import FoldResult
from workbench.search.trials.records import Running

_OVERDUE = 2.0
"""Times its limit after which a fit that can't end itself is overdue …"""
_GRACE = 1.0
"""… and seconds on top, as what comes before the fit takes time, too."""


@dataclass(frozen=True, eq=False)
class Flight:
    """One fit: where, for which trial and fold, since when and how long it may take, in seconds."""

    slot: int
    running: Running
    fold: int
    began: float
    limit: float | None


class Flights:
    """The fits that run, by their futures, in the order in which they were begun.

    Args:
        clock: seconds since the search began.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._all: dict[Future[FoldResult], Flight] = {}

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Future[FoldResult]]:
        return iter(list(self._all))

    @property
    def slots(self) -> set[int]:
        """Those that are busy."""
        return {flight.slot for flight in self._all.values()}

    def begin(self, future: Future[FoldResult], slot: int, running: Running, fold: int, limit: float | None) -> None:
        """A fit has begun."""
        running.flying += 1
        self._all[future] = Flight(slot, running, fold, self._clock(), limit)

    def end(self, future: Future[FoldResult], *, lost: bool = False) -> Flight:
        """A fit has ended; one that is ``lost`` has cost its trial the time all the same."""
        flight = self._all.pop(future)
        flight.running.flying -= 1
        if lost:
            flight.running.record.seconds += self._clock() - flight.began
        return flight

    def overdue(self) -> list[Future[FoldResult]]:
        """Fits that take far longer than they may and can't end themselves."""
        return [
            future
            for future, flight in self._all.items()
            if flight.limit is not None
            and not future.done()
            and not family(flight.running.record.family).interruptible
            and self._clock() - flight.began > _OVERDUE * flight.limit + _GRACE
        ]

    def clear(self) -> None:
        """Forget them all."""
        self._all.clear()
