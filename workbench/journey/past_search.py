"""The search of an earlier run, read back from wherever something of it is left: archive, small files, journal."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.contracts import Task
from workbench.errors import InputError
from workbench.events import BEGINS_ANEW
from workbench.journey.record import journal_folder, read_record
from workbench.tracking import RunRow, Store, search_on_record

_PARTS = {
    "trials": "its trials",
    "leaderboard": "its leaderboard",
    "curve": "its quality over time",
    "forecast": "a forecast",
    "influence": "which parameters mattered",
}
"""What a reader looks for, by the field of ``SearchResult`` that it stands in."""


@dataclass(frozen=True)
class PastSearch:
    """What is on record of a run's search.

    Attributes:
        row: the run as it stands in a list.
        settings: what the analyst chose, as ``JourneySettings.as_json`` wrote it; empty where that is lost.
        found: fields of its ``SearchResult`` by name, those that are known.
        notices: what its stages told.
        seconds: how long the search took, the processes before it was resumed left out; ``None`` where not known.
        missing: one sentence on what is not known and why; empty where nothing is missing.
    """

    row: RunRow
    settings: dict[str, Any]
    found: dict[str, Any]
    notices: tuple[str, ...]
    seconds: float | None
    missing: str


def past_search(store: Store, run: str) -> PastSearch:
    """Read back the search of a run, by its id or name.

    It may take seconds where a journal is long: call it where nobody waits for the answer.

    Raises:
        InputError: there is no such run.
        StoreError: the store can't be read.
    """
    row = store.details(run).row
    search, journey = search_on_record(store, row.run_id)
    folder = _own_journal(store.home, row)
    settings = journey.get("settings") or _settings(store.home, row, folder)
    later = 0
    if folder is not None and (_absent(search) or row.state in ("running", "interrupted", "failed")):
        search, later = _with_journal(search, folder, row, settings)
    return PastSearch(
        row=row,
        settings=settings,
        found=search,
        notices=tuple(journey.get("notices") or ()),
        seconds=search.get("seconds"),
        missing=_missing(row, search, later),
    )


def _absent(search: dict[str, Any]) -> list[str]:
    """What is missing; that no parameter was looked into for want of time is as good as missing."""
    return [name for name in _PARTS if name not in search or (name == "influence" and not search[name])]


def _own_journal(home: Path, row: RunRow) -> Path | None:
    """The folder with the run's journal; journals go by name, and a newer run may have taken it."""
    folder = journal_folder(home, row.name)
    if not (folder / "search.json").is_file():
        return None
    try:
        return folder if read_record(home, row.name).run_id == row.run_id else None
    except InputError:  # begun from Python without a request, or by another version: nobody else claims the name
        return folder


def _settings(home: Path, row: RunRow, folder: Path | None) -> dict[str, Any]:
    if folder is not None:
        with contextlib.suppress(InputError):
            return read_record(home, row.name).settings.as_json()
    return {}


def _with_journal(
    search: dict[str, Any], folder: Path, row: RunRow, settings: dict[str, Any]
) -> tuple[dict[str, Any], int]:
    """The search with what only its journal knows, and how many trials came after the result on record."""
    from workbench.search.insight.lookback import look_back

    kept = look_back(folder, running=row.state == "running", seed=int(settings.get("seed") or 0))
    recorded = tuple(one for one in search.get("trials", ()) if one.reason != BEGINS_ANEW)
    numbers = {one.number for one in recorded}
    fresh = tuple(one for one in kept.get("trials", ()) if one.number not in numbers)
    full = {name: value for name, value in search.items() if name != "influence" or value}
    merged = kept | full
    if recorded or fresh:
        merged["trials"] = (*recorded, *fresh)
    if recorded and fresh:
        # what the journal knows is of all trials, what was recorded of those until then
        merged |= {name: kept[name] for name in ("curve", "seconds", "forecast", "influence", "log") if name in kept}
    return merged, len(fresh) if recorded else 0


def _missing(row: RunRow, search: dict[str, Any], later: int) -> str:
    if row.task == Task.SEGMENTS.value:
        return "This run found segments only: it had no target to search models for."
    absent = [words for name, words in _PARTS.items() if name not in search]
    if len(absent) == len(_PARTS):
        return f"Nothing is left of the search of {row.name}: neither its result nor its journal is there."
    if absent:
        *first, last = absent
        named = f"{', '.join(first)} and {last}" if first else last
        why = (
            "it is still going on"
            if row.state == "running"
            else f"it was {row.state} before it had a result"
            if row.state in ("interrupted", "failed", "stopped") and "leaderboard" not in search
            else "another version wrote it, or its files are damaged"
        )
        return f"Not on record of {row.name}: {named} ({why})."
    if later:
        were = "trial was" if later == 1 else "trials were"
        return f"{later} {were} made since the result on record of {row.name}, whose leaderboard doesn't know them."
    return ""
