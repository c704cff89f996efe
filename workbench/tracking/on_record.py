"""What the files of a run tell of its search, whatever of them is there: the archive first, then the small files."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import StoreError
from workbench.tracking import marks
from workbench.tracking.archive import load_parts

if TYPE_CHECKING:
    from workbench.contracts import Trial
    from workbench.tracking.store import Store

SEARCH = (
    "metric", "greater_is_better", "baseline", "leaderboard", "trials", "champion", "champion_score",
    "against_baseline", "single", "single_score", "price", "resampling", "curve", "seconds", "stopped", "log",
    "decisions", "forecast", "influence", "calibration", "decision",
)  # fmt: skip
"""The fields of a ``SearchResult`` but its predictions and pipelines, which may be large."""
JOURNEY = ("settings", "notices", "seconds")


def search_on_record(store: Store, run_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields of a run's search (``SEARCH``) and of its journey (``JOURNEY``) that can be read, by name.

    Raises:
        StoreError: the store can't be read.
    """
    archive = _path(store, run_id, marks.ARCHIVE)
    search: dict[str, Any] = {}
    journey: dict[str, Any] = {}
    if archive is not None:
        with contextlib.suppress(StoreError):  # torn, or of a newer version: the small files may tell something
            search, journey = load_parts(archive, ("search",), SEARCH), load_parts(archive, (), JOURNEY)
    if "trials" not in search and (trials := tuple(_trials(_json(store, run_id, "trials.json")))):
        search["trials"] = trials
    if "settings" not in journey and isinstance(settings := _json(store, run_id, "settings.json"), dict):
        journey["settings"] = settings
    return search, journey


def _path(store: Store, run_id: str, name: str) -> Path | None:
    try:
        return store.artifact_path(run_id, name)
    except StoreError:
        return None


def _json(store: Store, run_id: str, name: str) -> Any:
    path = _path(store, run_id, name)
    if path is None:
        return None
    with contextlib.suppress(OSError, ValueError):
        return json.loads(path.read_text(encoding="utf-8"))
    return None


def _trials(rows: Any) -> Iterable[Trial]:
    """The trials of ``trials.json``; what is no trial is left out."""
    from workbench.contracts import Trial, TrialState  # brings numpy, which importing this package must not

    for row in rows if isinstance(rows, list) else ():
        with contextlib.suppress(KeyError, TypeError, ValueError):
            yield Trial(
                number=int(row["number"]),
                family=str(row["family"]),
                state=TrialState(row["state"]),
                params=dict(row.get("params") or {}),
                score=row.get("score"),
                fold_scores=tuple(row.get("fold_scores") or ()),
                seconds=float(row.get("seconds") or 0.0),
                origin=str(row.get("origin") or ""),
                reason=str(row.get("reason") or ""),
            )
