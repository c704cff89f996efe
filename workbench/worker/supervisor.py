"""The worker's hold on the journey process: start, pause, stop within a second, and notice when it dies."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.budget import Budget
from workbench.errors import InputError
from workbench.worker.progress import JobState
from workbench.worker.protocol import LINE_LIMIT

GRACE_SECONDS = 0.8
"""How long a stop waits for the work to end by itself; then the process group is ended. The study is on disk."""
CLOSING_SECONDS = 5.0
"""How long a process that has told its end may take to leave."""


class Supervisor:
    """Runs one journey at a time in a process of its own.

    Args:
        changed: called in the event loop when the job's state has changed; ``True`` when it must be told at once.
        folder: working folder of the journey.
        exchange: where the result is handed over.
    """

    def __init__(self, changed: Callable[[bool], None], folder: Path, exchange: Path) -> None:
        self._changed = changed
        self._folder = folder
        self._exchange = exchange
        self._spare: asyncio.subprocess.Process | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._spawning = asyncio.Lock()
        self._count = 0
        self.state: JobState | None = None
        self.result: Path | None = None

    @property
    def running(self) -> bool:
        """Whether a journey is under way."""
        return self.state is not None and not self.state.ended

    async def prepare(self) -> None:
        """Have a process loaded and waiting, so that the next start is quick; not while a journey needs the cores."""
        if not self.running:
            await self._have_spare()

    async def _have_spare(self) -> None:
        async with self._spawning:
            if self._spare is None or self._spare.returncode is not None:
                self._spare = await self._spawn()

    async def start(self, spec: dict[str, Any]) -> None:
        """Begin a journey.

        Args:
            spec: ``request`` (as ``TableRequest.as_json``), ``settings``, ``home``, or ``resume`` with a run's name.

        Raises:
            InputError: one is running already.
        """
        await self._have_spare()
        # Nothing is awaited between this question and the state that answers it: two starts can't both pass.
        if self.running:
            raise InputError("A journey is running already: stop it with x, or wait for its end.")
        self._process, self._spare = self._spare, None
        assert self._process is not None and self._process.stdin is not None
        self._count += 1
        self.result = None
        self.state = JobState(spec)
        result = self._exchange / f"result-{self._count}.pickle"
        self._process.stdin.write(json.dumps({**spec, "result": str(result)}).encode() + b"\n")
        seconds = spec["settings"].get("budget_seconds")
        budget = Budget.of(seconds) if seconds else Budget.unlimited()
        self._watch = asyncio.create_task(self._follow(self._process, self.state, budget), name="journey")
        self._changed(True)

    def command(self, word: str) -> None:
        """Send ``pause`` or ``resume``."""
        if self.state is None or not self.running or self._process is None or self._process.stdin is None:
            raise InputError("No journey is running.")
        self._process.stdin.write(json.dumps({"command": word}).encode() + b"\n")
        self.state.head["state"] = {"pause": "paused", "resume": "running"}.get(word, self.state.head["state"])
        self._changed(True)

    async def stop(self) -> None:
        """End the journey: by its own means within ``GRACE_SECONDS``, else by ending its processes."""
        if self.state is None or not self.running or self._process is None or self._watch is None:
            return
        self.state.head["state"] = "stopping"
        self._changed(True)
        with contextlib.suppress(ConnectionError, BrokenPipeError):
            if self._process.stdin is not None:
                self._process.stdin.write(json.dumps({"command": "stop"}).encode() + b"\n")
        done, _ = await asyncio.wait({self._watch}, timeout=GRACE_SECONDS)
        if not done:
            _end_group(self._process)
            await self._watch

    async def close(self) -> None:
        """End everything that was started."""
        await self.stop()
        for process in (self._spare, self._process):
            if process is not None and process.returncode is None:
                _end_group(process)
                await process.wait()

    async def _spawn(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "workbench.worker.job",
            cwd=self._folder,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
            limit=LINE_LIMIT,
        )

    async def _follow(self, process: asyncio.subprocess.Process, state: JobState, budget: Budget) -> None:
        assert process.stdout is not None
        ticking = asyncio.create_task(self._tick(state, budget))
        try:
            while line := await process.stdout.readline():
                self._take(json.loads(line), state)
                if state.ended:
                    break
        finally:
            ticking.cancel()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), CLOSING_SECONDS if state.ended else 0)
        # The process' group goes with it: a trial that is still running has nobody to report to.
        _end_group(process)
        code = await process.wait()
        state.head.update(elapsed=budget.elapsed, remaining=None)
        if not state.ended:
            stopping = state.head["state"] == "stopping"
            state.head["state"] = "stopped" if stopping else "failed"
            state.head["error"] = None if stopping else _death(code)
            state.head["message"] = "Stopped; the study is kept: u goes on with it." if stopping else _death(code)
        self._changed(True)

    def _take(self, message: dict[str, Any], state: JobState) -> None:
        kind = message.get("kind")
        if kind == "ready":
            if state.head["state"] == "starting":
                state.head.update(state="running", message="Starting")
        elif kind == "end":
            state.head.update(
                state=message["state"], summary=message.get("summary"), name=message.get("name") or state.head["name"]
            )
            if message["state"] == "failed":
                state.head.update(error=message["message"], detail=message.get("detail", ""))
            state.head["message"] = message.get("message") or {"done": "Done", "stopped": "Stopped"}.get(
                message["state"], ""
            )
            self.result = Path(message["result"]) if message.get("result") else None
        else:
            if state.head["state"] == "starting":
                state.head["state"] = "running"
            state.apply(message)
        self._changed(False)

    async def _tick(self, state: JobState, budget: Budget) -> None:
        """The clock on the screen goes on when no event comes."""
        while True:
            state.head["elapsed"] = budget.elapsed
            state.head["remaining"] = budget.remaining if budget.limited else None
            self._changed(False)
            await asyncio.sleep(0.5)


def _death(code: int) -> str:
    if code >= 0:
        return f"The journey's process ended unexpectedly (code {code}); finished trials are kept: u goes on with them."
    name = signal.Signals(-code).name if -code in signal.Signals._value2member_map_ else str(-code)
    cause = "the system's memory may have run out" if name == "SIGKILL" else "see the worker's log"
    return f"The journey's process was ended by {name} ({cause}); finished trials are kept: u goes on with them."


def _end_group(process: asyncio.subprocess.Process) -> None:
    """End the process and all that it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
