"""Time as an object: a monotonic deadline that is handed down, divided and asked, never re-read."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from workbench.errors import InputError

Clock = Callable[[], float]

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}


def parse_duration(text: str) -> float:
    """Seconds in ``"90"``, ``"60s"``, ``"10m"``, ``"1.5h"``.

    Raises:
        InputError: the text is not a positive number with one of these units.
    """
    stripped = text.strip().lower()
    number, unit = (stripped[:-1], stripped[-1]) if stripped[-1:] in _UNITS else (stripped, "s")
    try:
        seconds = float(number) * _UNITS[unit]
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise InputError(f"'{text}' is not a budget: write a time such as 60s, 10m or 1h.")
    return seconds


def process_start(clock: Clock = time.monotonic) -> float:
    """When this process was started, on ``clock``, in seconds.

    Imports are part of what a user waits for, so a budget begins here and not where the first line of ours runs.
    Where the system does not tell, now is the best answer.
    """
    try:
        age = _age_by_boot_clock()
    except (OSError, ValueError, IndexError, AttributeError):
        age = _age_by_wall_clock()
    return clock() - max(0.0, age)


def _age_by_boot_clock() -> float:
    """Seconds since this process was started, as Linux tells it: to a hundredth, whatever the wall clock does."""
    stat = Path("/proc/self/stat").read_text(encoding="utf-8", errors="replace")
    ticks = int(stat[stat.rindex(")") + 2 :].split()[19])  # the name before it may hold spaces and brackets
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


def _age_by_wall_clock() -> float:
    """The same from the wall clock; where the start is told in whole seconds of it, up to one second off."""
    try:
        import psutil

        return time.time() - psutil.Process(os.getpid()).create_time()
    except (ImportError, OSError):
        return 0.0


@dataclass(frozen=True)
class Budget:
    """A stretch of time with a start and an end.

    Args:
        seconds: length; ``math.inf`` for work that counts trials instead of time.
        started: start on ``clock``, in seconds.
        clock: a monotonic clock, in seconds; tests hand in a fake one.
    """

    seconds: float
    started: float
    clock: Clock = field(default=time.monotonic, repr=False, compare=False)

    @classmethod
    def of(cls, seconds: float, *, clock: Clock = time.monotonic) -> Budget:
        """A budget of ``seconds`` that starts now."""
        return cls(seconds=seconds, started=clock(), clock=clock)

    @classmethod
    def unlimited(cls, *, clock: Clock = time.monotonic) -> Budget:
        """A budget that never ends: reproducible mode counts trials."""
        return cls.of(math.inf, clock=clock)

    @property
    def deadline(self) -> float:
        """The end, in seconds on the clock."""
        return self.started + self.seconds

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return self.clock() - self.started

    @property
    def remaining(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self.deadline - self.clock())

    @property
    def expired(self) -> bool:
        """Whether the end has come."""
        return self.remaining <= 0.0

    @property
    def limited(self) -> bool:
        """Whether there is an end at all."""
        return math.isfinite(self.seconds)

    def share(self, fraction: float) -> Budget:
        """A budget that starts now and takes ``fraction`` of what is left."""
        return Budget.of(self.remaining * fraction, clock=self.clock)

    def reserving(self, seconds: float) -> Budget:
        """A budget that starts now and ends ``seconds`` before this one does."""
        return Budget.of(max(0.0, self.remaining - seconds), clock=self.clock)
