"""The store's runs: methods ``runs.*``. Rows hold summary values only; a run's parts are loaded when it is opened."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import Any

from workbench.journey import delete_run
from workbench.plain import plain
from workbench.tracking import Store
from workbench.tracking.location import without_credentials
from workbench.worker.dispatch import service
from workbench.worker.services.results import view
from workbench.worker.session import Session
from workbench.worker.views import ResultView, RunsView

MOST = 2000
"""Runs that are listed; the filter of the store finds older ones."""


def _store(session: Session) -> Store:
    return Store(session.home)


@service("runs.page")
def page(session: Session, text: str = "") -> RunsView:
    """The newest runs."""
    rows = [_row(asdict(row)) for row in _store(session).runs(MOST, text)]
    metrics = sorted({row["metric"] for row in rows if row["metric"]})
    return {
        "store": without_credentials(os.environ.get("MLFLOW_TRACKING_URI") or "mlruns/"),
        "total": len(rows),
        "metrics": metrics,
        "rows": rows,
    }


def _row(row: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = plain(row)
    facts["family"] = facts.pop("champion") or "-"
    facts["created"] = facts["created"][:16].replace("T", " ")
    facts["tags"] = ", ".join(
        name if value in ("", "yes") else f"{name}={value}"
        for name, value in facts["tags"].items()
        if not name.startswith(("strategy.", "segment."))
    )
    return facts


@service("runs.details")
def details(session: Session, run_id: str) -> dict[str, Any]:
    """One run's parameters, metrics and artifacts."""
    found = _store(session).details(run_id)
    row = found.row
    return {
        "run_id": row.run_id,
        "name": row.name,
        "state": row.state,
        "reason": row.reason,
        "metrics": plain(found.metrics),
        "params": plain(found.params),
        "tags": plain(row.tags),
        "artifacts": list(found.artifacts),
        "score": plain(
            {"metric": row.metric, "value": row.score, "low": row.low, "high": row.high, "baseline": row.baseline}
        ),
    }


@service("runs.compare")
def compare(session: Session, run_ids: list[str]) -> dict[str, Any]:
    """What differs between runs, and what of their data and settings is the same."""
    store = _store(session)
    rows = [store.details(run).row for run in run_ids]
    differing = [{**plain(row), "differs": True} for row in store.compare(run_ids)]
    known = {row["name"] for row in differing}
    same = [
        {"name": name, "values": plain([getattr(row, name) for row in rows]), "differs": False}
        for name in ("fingerprint", "table", "target", "task", "metric")
        if name not in known
    ]
    return {"names": [row.name for row in rows], "rows": differing + same}


@service("runs.open")
def open_run(session: Session, run_id: str) -> ResultView:
    """Load a run's result and look at it."""
    shown = session.show(_store(session).load_result(run_id))
    shown.recalled = True  # the store has applied decisions while loading
    return view(shown)


@service("runs.tag")
def tag(session: Session, run_id: str, name: str, value: str) -> None:
    """Set a tag of the user's own."""
    _store(session).tag(run_id, name, value)


@service("runs.delete")
def delete(session: Session, run_id: str) -> None:
    """Delete a run with its files; one that is looked at is looked at no more."""
    delete_run(_store(session), run_id)
    session.leave(run_id)
