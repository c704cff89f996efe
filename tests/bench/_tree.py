"""What a process and all its descendants take, sampled while they live."""

from __future__ import annotations

import contextlib
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil


class Tree:
    """Samples a process tree in a thread, from ``with`` to the end of it.

    Args:
        process: id of its root, which is counted too.
        memory: whether to sample memory, which takes the kernel some milliseconds per gigabyte.
        every: seconds between samples.

    Attributes:
        peak: largest sum of the processes' proportional set sizes in bytes: shared pages count once.
        parts: bytes by process at that moment.
        when: that moment, in seconds.
        cpu: seconds on processors, of processes that have ended as well (but for their last moments).
        before: the same when the sampling began.
    """

    def __init__(self, process: int, *, memory: bool = True, every: float = 0.25) -> None:
        self._root = psutil.Process(process)
        self._memory = memory
        self._every = every
        self._spent: dict[tuple[int, float], float] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self.peak = 0
        self.parts: dict[int, int] = {}
        self.before = 0.0
        self.when = 0.0
        self._began = time.perf_counter()

    @property
    def cpu(self) -> float:
        """Seconds on processors."""
        return sum(self._spent.values())

    def __enter__(self) -> Self:
        self._look()
        self.before = self.cpu
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._ended.wait(self._every):
            self._look()

    def _look(self) -> None:
        sizes: dict[int, int] = {}
        with contextlib.suppress(psutil.Error):
            for one in [self._root, *self._root.children(recursive=True)]:
                with contextlib.suppress(psutil.Error, OSError):
                    times = one.cpu_times()
                    self._spent[one.pid, one.create_time()] = times.user + times.system
                    if self._memory:
                        sizes[one.pid] = proportional(one.pid)
        self.last = sizes
        if sum(sizes.values()) > self.peak:
            self.peak, self.parts = sum(sizes.values()), sizes
            self.when = time.perf_counter() - self._began


def proportional(process: int) -> int:
    """The proportional set size of a process in bytes, as Linux sums it up."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return 1024 * int(line.split()[1])
    return 0
