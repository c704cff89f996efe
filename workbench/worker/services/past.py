"""The search of an earlier run (``runs.search``), told as a journey that has just ended tells its own."""

from __future__ import annotations

import dataclasses
from typing import Any

from workbench.journey import PastSearch, past_search, search_facts
from workbench.plain import plain
from workbench.tracking import Store
from workbench.worker.dispatch import service
from workbench.worker.progress import JobState
from workbench.worker.session import Session


@service("runs.search")
def search(session: Session, run_id: str) -> dict[str, Any]:
    """What is on record of a run's search: a snapshot as of ``JobState``, so that the same parts draw both.

    ``missing`` in it is a sentence on what is not on record, empty where nothing is missing.
    """
    past = past_search(Store(session.home), run_id)
    return {**_state(past).snapshot(), "missing": past.missing, "created": past.row.created[:16].replace("T", " ")}


def _state(past: PastSearch) -> JobState:
    row, found = past.row, past.found
    state = JobState({"request": {"target": row.target or None}, "settings": plain(past.settings)})
    facts = plain(search_facts(found))
    told = facts.get("forecast") or {}
    trials = found.get("trials", ())
    state.head.update(
        state=row.state,
        name=row.name,
        stage="search",
        message=row.reason,
        done=len(trials),
        elapsed=past.seconds if past.seconds is not None else row.seconds,
        metric=found.get("metric") or row.metric or None,
        greater_is_better=found.get("greater_is_better"),
        best=_best(found) if trials else row.score,
        baseline=plain(found["baseline"].score.value) if "baseline" in found else row.baseline,
        forecast=told.get("sentence"),
        summary={"search": facts},
    )
    state.trials = {trial.number: plain(dataclasses.asdict(trial)) for trial in trials}
    state.curve = [[float(seconds), float(score)] for seconds, score in found.get("curve", ())]
    state.log = [*_decided(found), *({"kind": "notice", "message": notice} for notice in past.notices)]
    return state


def _best(found: dict[str, Any]) -> float | None:
    """The best score of a trial, as it is told while a search runs."""
    told = (plain(trial.score) for trial in found["trials"] if trial.origin != "baseline")
    scores: list[float] = [score for score in told if score is not None]
    if not scores or "greater_is_better" not in found:
        return None
    return (max if found["greater_is_better"] else min)(scores)


def _decided(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The decisions in order, with their times where those were kept."""
    entries = found.get("log") or [{"decision": sentence} for sentence in found.get("decisions", ())]
    return [
        {"elapsed": entry.get("seconds"), "kind": "result", "stage": "search", "message": entry["decision"]}
        for entry in entries
        if entry.get("decision")
    ]
