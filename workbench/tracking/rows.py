"""What a list of runs shows of each, and what the page of one run shows."""

from __future__ import annotations

import datetime
import json
import os
import socket
from dataclasses import dataclass, field
from typing import Any

from workbench.tracking import marks

RUNNING, DONE, STOPPED, FAILED, INTERRUPTED = "running", "done", "stopped", "failed", "interrupted"
_STATES = {"RUNNING": RUNNING, "SCHEDULED": RUNNING, "FINISHED": DONE, "KILLED": STOPPED, "FAILED": FAILED}


@dataclass(frozen=True)
class RunRow:
    """One run in a list; everything is small and JSON-ready.

    Attributes:
        state: ``running``, ``done``, ``stopped`` (by the user, with what was finished), ``failed``, or
            ``interrupted``: it says that it runs, but its process on this machine is gone.
        created: when it began, ISO 8601 with zone.
        seconds: how long the journey (the last one, if it was resumed) took; ``None`` while it runs.
        score: the champion's, with its 95 % interval ``low`` to ``high``, in the unit of ``metric``.
        baseline: of the constant prediction, in the same unit.
        champion: family of the champion.
        reason: why it stopped or failed; empty otherwise.
        tags: the user's own.
    """

    run_id: str
    name: str
    state: str
    created: str
    seconds: float | None
    task: str
    target: str
    metric: str
    score: float | None
    low: float | None
    high: float | None
    baseline: float | None
    families: tuple[str, ...]
    trials: int
    champion: str
    fingerprint: str
    table: str
    reason: str = ""
    tags: dict[str, str] = field(default_factory=dict)

    def matches(self, text: str) -> bool:
        """Whether every word of ``text`` stands somewhere in the row, in any case."""
        parts = (
            self.run_id, self.name, self.state, self.task, self.target, self.metric, self.champion, self.table,
            self.created, self.fingerprint, *self.families, *self.tags, *self.tags.values(),
        )  # fmt: skip
        hay = "\n".join(parts).casefold()
        return all(word in hay for word in text.casefold().split())


@dataclass(frozen=True)
class RunDetails:
    """All small facts of one run.

    Attributes:
        params: as they were logged, by name.
        metrics: the newest value of each, by name.
        artifacts: names of the files and folders at the top.
    """

    row: RunRow
    params: dict[str, str]
    metrics: dict[str, float]
    artifacts: tuple[str, ...]
    model: str | None


def row_of(run: Any) -> RunRow:
    """The row of an mlflow run or of one from a light listing: made of its tags alone."""
    tags = run.data.tags
    facts = _summary(tags.get(marks.SUMMARY))
    began, ended = run.info.start_time, run.info.end_time
    state = _state(run.info.status, tags)
    lasted = (ended - began) / 1000 if began and ended else None
    return RunRow(
        run_id=run.info.run_id,
        name=run.info.run_name or run.info.run_id,
        state=state,
        created=datetime.datetime.fromtimestamp((began or 0) / 1000, datetime.UTC).isoformat(timespec="seconds"),
        seconds=None if state == RUNNING else _figure(facts.get("seconds")) or lasted,
        task=str(facts.get("task") or ""),
        target=str(facts.get("target") or ""),
        metric=str(facts.get("metric") or ""),
        score=_figure(facts.get("score")),
        low=_figure(facts.get("low")),
        high=_figure(facts.get("high")),
        baseline=_figure(facts.get("baseline")),
        families=tuple(str(family) for family in facts.get("families") or ()),
        trials=int(facts.get("trials") or 0),
        champion=str(facts.get("champion") or ""),
        fingerprint=str(facts.get("fingerprint") or ""),
        table=str(facts.get("table") or ""),
        reason=tags.get(marks.REASON, ""),
        tags={key: value for key, value in tags.items() if not key.startswith((marks.OWN_TAGS, "mlflow."))},
    )


def this_process() -> str:
    """How a run names the process that works on it."""
    import psutil

    return f"{socket.gethostname()}:{os.getpid()}:{int(psutil.Process().create_time())}"


def _alive(process: str) -> bool:
    """Whether that process still runs; one on another machine gets the benefit of the doubt."""
    import psutil

    host, *numbers = process.rsplit(":", 2)
    if host != socket.gethostname() or len(numbers) != 2 or not all(number.isdigit() for number in numbers):
        return True
    try:
        found = psutil.Process(int(numbers[0]))
        # one that was killed may stand in the list for a while before anybody clears it away
        return int(found.create_time()) == int(numbers[1]) and found.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _state(status: str, tags: dict[str, str]) -> str:
    state = _STATES.get(status, status.lower())
    if state == RUNNING and marks.PROCESS in tags and not _alive(tags[marks.PROCESS]):
        # what was begun on top of a whole result has left it as it is
        return DONE if tags.get(marks.WHOLE) == "yes" else INTERRUPTED
    return state


def _summary(text: str | None) -> dict[str, Any]:
    try:
        facts = json.loads(text or "{}")
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def _figure(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None
