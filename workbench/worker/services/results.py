"""Which run is looked at: the journey that has just ended, or one of the store (``explain.latest``, ``.current``)."""

from __future__ import annotations

import contextlib
import pickle
from typing import Any

from workbench.contracts import Score
from workbench.errors import InputError, WorkbenchError
from workbench.plain import plain
from workbench.worker.decided import recall_decisions
from workbench.worker.dispatch import service
from workbench.worker.session import Session
from workbench.worker.shown import Shown
from workbench.worker.views import ResultView


@service("explain.latest")
def latest(session: Session) -> ResultView:
    """Take over the result of the journey that has just ended."""
    path = session.finished
    if path is None or not path.exists():
        raise InputError("The journey left no result to look at.")
    with path.open("rb") as file:
        result = pickle.load(file)
    shown = session.show(result)
    with contextlib.suppress(WorkbenchError):  # segments try again, and say what is wrong; the result is there
        recall_decisions(shown)
    return view(shown)


@service("explain.current")
def current(session: Session) -> ResultView | None:
    """What is looked at, ``None`` for nothing yet."""
    return view(session.now) if session.now is not None else None


def view(shown: Shown) -> ResultView:
    """A result's head, for the facts lines of the screens."""
    result, search = shown.result, shown.result.search
    return {
        "name": result.name,
        "run_id": result.run_id,
        "table": result.table.name,
        "rows": len(result.table.frame),
        "target": result.table.target,
        "task": result.table.task.value,
        "champion": search.champion.family if search is not None else None,
        "explained": search.explained.family if search is not None else None,
        "metric": search.metric if search is not None else None,
        "score": _score(search.champion_score) if search is not None else None,
        "explained_score": _score(search.single_score) if search is not None and search.single_score else None,
        "baseline": _score(search.baseline.score) if search is not None else None,
        "leaderboard": [
            {"name": row.name, "family": row.family, "trial": row.trial, **_score(row.score)}
            for row in search.leaderboard
        ]
        if search is not None
        else [],
        "has_explanation": result.explanation is not None,
        "segmentations": len(result.segmentations),
        "notices": list(result.notices),
        "report": result.report,
        "command": result.command,
        "created": result.created,
        "shown": shown.key,
    }


def _score(score: Score) -> dict[str, Any]:
    figures: dict[str, Any] = plain({"value": score.value, "low": score.low, "high": score.high})
    return figures
