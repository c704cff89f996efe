"""A real dask cluster on this machine's loopback."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

distributed = pytest.importorskip("distributed")


def started(*arguments: str, folder: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


class Cluster:
    """A scheduler, and workers that come and go."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes = []
        told = folder / "scheduler.json"
        self._start(
            "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show", "--scheduler-file",
            str(told),
        )  # fmt: skip
        self.client = distributed.Client(scheduler_file=str(told), timeout=30, set_as_default=False)
        self.address = self.client.scheduler.address

    def _start(self, *arguments: str) -> None:
        self.processes.append(started(*arguments, folder=self.folder))

    def hire(self, *options: str) -> None:
        self._start(
            "dask_worker", self.address, "--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard", "--memory-limit",
            "0", "--local-directory", str(self.folder), "--death-timeout", "20", *options,
        )  # fmt: skip

    def want(self, number: int) -> None:
        """Exactly so many workers."""
        for _ in range(number - len(self.pids())):
            self.hire("--no-nanny")
        self.client.wait_for_workers(number, timeout=30)

    def dismiss(self) -> None:
        """End all workers, and the nannies before them."""
        for process in self.processes[1:]:
            for one in psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []:
                one.kill()
            process.kill()
            process.wait(10)
        del self.processes[1:]
        self.gone()

    def gone(self) -> None:
        """Wait until the scheduler knows that nobody is left."""
        while self.client.nthreads():
            time.sleep(0.05)

    def pids(self) -> dict[str, int]:
        return self.client.run(os.getpid, on_error="ignore", callback_timeout=10)

    def close(self) -> None:
        self.dismiss()
        self.client.close(timeout=2)
        self.processes[0].kill()
        self.processes[0].wait(10)
