"""Worker processes on this machine, one executor per slot, so that one can be ended without breaking the others.

This module imports nothing heavy: ``warm_up`` is called at the start of the program.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
import types
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing.context import BaseContext
from typing import Any

from workbench.search.executors._base import Slots

WORKER_MODULE = "workbench.search.executors.worker"


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """Hide the user's script while a process starts: workers must not run it a second time."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _context() -> BaseContext:
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([WORKER_MODULE])
        return context
    return multiprocessing.get_context("spawn")


def warm_up() -> None:
    """Let the process that workers are forked from start and import the libraries, beside whatever comes next.

    Returns at once; calling it again does nothing.
    """
    # numeric threads that wait must sleep: spinning ones bring each other to a standstill where cores are shared
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("KMP_BLOCKTIME", "0")
    context = _context()
    if context.get_start_method() == "forkserver":
        from multiprocessing import forkserver

        with _without_main():
            forkserver.ensure_running()


class LocalSlots(Slots):
    """Processes forked from a small server that has the libraries loaded (or spawned where there is none).

    Args:
        width: how many.
        threads: threads that numeric libraries may use in each.
    """

    def __init__(self, width: int, threads: int) -> None:
        self._context = _context()
        self._threads = threads
        super().__init__(width)

    def _make(self) -> Executor:
        executor = ProcessPoolExecutor(1, mp_context=self._context, initializer=_begin, initargs=(self._threads,))
        with _without_main():
            # the first task starts the process, here where the user's script is hidden
            executor.submit(os.getpid)
        return executor

    def _end(self, executor: Any) -> None:
        # there is no public way before Python 3.14 (kill_workers)
        for process in list((executor._processes or {}).values()):
            process.kill()
        executor.shutdown(wait=False, cancel_futures=True)


def _begin(threads: int) -> None:
    """Runs first in every worker."""
    from workbench.search.executors.worker import begin

    begin(threads)
