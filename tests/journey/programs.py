"""The program as a user runs it: in this process where that is enough, as a process of its own where it is killed."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
import psutil

from workbench.cli import main

WAIT = 120.0

FEW_SEGMENTS = ("--search-spaces", str(Path(__file__).parents[1] / "quick_spaces"))
"""For a run whose clusters are not what is looked at: with the shipped space they take most of its time."""


@dataclass(frozen=True)
class Answer:
    """What one command gave."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The last line on stderr: what a user reads when something went wrong."""
        return self.err.strip().splitlines()[-1] if self.err.strip() else ""


def call(folder: Path, *arguments: str) -> Answer:
    """Run one command line in ``folder``, in this process; its budget begins now, and not when pytest was started."""
    out, err = io.StringIO(), io.StringIO()
    now = mock.patch("workbench.cli.journeys.process_start", time.monotonic)
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), now:
        code = main.run(list(arguments))
    return Answer(code, out.getvalue(), err.getvalue())


def done(folder: Path, *arguments: str) -> str:
    """What a command that must succeed printed."""
    answer = call(folder, *arguments)
    assert answer.code == 0, answer.err
    return answer.out


class Process:
    """`python -m workbench …` in ``folder``, with what it writes kept in files; ended at the latest by ``close``."""

    def __init__(self, folder: Path, *arguments: str, environment: dict[str, str] | None = None) -> None:
        number = len(list(folder.glob("process-*.out")))
        self._out = folder / f"process-{number}.out"
        self._err = folder / f"process-{number}.err"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "workbench", *arguments],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env={**os.environ, "PYTHONUTF8": "1", **(environment or {})},
            )
        self.process = psutil.Process(self.popen.pid)
        self.family: list[psutil.Process] = []

    @property
    def out(self) -> str:
        return self._out.read_text(encoding="utf-8", errors="replace")

    @property
    def err(self) -> str:
        return self._err.read_text(encoding="utf-8", errors="replace")

    def until(self, ready: Callable[[], object], what: str) -> None:
        """Wait until ``ready()`` is true while the process runs."""
        wait_for(lambda: ready() or self.popen.poll() is not None, what)
        assert self.popen.poll() is None, f"ended before {what}: {self.err}"

    def until_told(self, text: str) -> None:
        """Wait until stderr holds ``text``."""
        self.until(lambda: text in self.err, f"'{text}' was told")

    def signal(self, number: int) -> None:
        """Send a signal, with the processes that must not outlive this one noted before."""
        with contextlib.suppress(psutil.NoSuchProcess):
            self.family += self.process.children(recursive=True)
        self.popen.send_signal(number)

    def end(self) -> Answer:
        """Wait for the end."""
        return Answer(self.popen.wait(WAIT), self.out, self.err)

    def left_behind(self) -> list[psutil.Process]:
        """Processes of before the signal that are still alive a while after the end."""
        deadline = time.monotonic() + 10
        while (alive := [one for one in self.family if _works(one)]) and time.monotonic() < deadline:
            time.sleep(0.02)
        return alive

    def close(self) -> None:
        """End it and everything that it started."""
        with contextlib.suppress(psutil.NoSuchProcess):
            self.family += self.process.children(recursive=True)
        if self.popen.poll() is None:
            self.popen.kill()
            self.popen.wait()
        for one in self.family:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()


def _works(one: psutil.Process) -> bool:
    """Whether it has not ended; the machine's first process may take seconds to clear one away that has."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return one.is_running() and one.status() != psutil.STATUS_ZOMBIE
    return False


@contextlib.contextmanager
def process(folder: Path, *arguments: str, environment: dict[str, str] | None = None) -> Iterator[Process]:
    """A ``Process`` that doesn't outlive the block."""
    started = Process(folder, *arguments, environment=environment)
    try:
        yield started
    finally:
        started.close()


def wait_for(ready: Callable[[], object], what: str) -> None:
    """Wait until ``ready()`` is true, or fail."""
    deadline = time.monotonic() + WAIT
    while not ready():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.02)


def customers(rows: int = 300, seed: int = 0) -> pd.DataFrame:
    """Customers with a numeric, a yes/no and a three-valued target, blanks and an id."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "customer_id": [f"K{number:05d}" for number in range(rows)],
            "age": rng.integers(18, 80, rows).astype(float),
            "visits": rng.poisson(6, rows).astype(float),
            "discount": rng.random(rows).round(3),
            "city": rng.choice(["Graz", "Linz", "Wien"], rows),
        }
    )
    spend = 20 * frame.visits + 60 * (frame.city == "Wien") - 40 * frame.discount + rng.normal(0, 15, rows)
    frame["spend"] = spend.clip(lower=0).round(2)
    frame["bought"] = np.where(spend + rng.normal(0, 30, rows) > spend.median(), "yes", "no")
    frame["plan"] = pd.cut(spend + rng.normal(0, 20, rows), 3, labels=["basic", "plus", "gold"]).astype(str)
    for column in ("age", "visits", "city"):
        frame.loc[rng.random(rows) < 0.04, column] = None
    return frame
