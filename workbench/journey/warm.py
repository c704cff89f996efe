"""Which earlier run a new one starts from."""

from __future__ import annotations

import json
from pathlib import Path

from workbench.contracts import Table
from workbench.errors import InputError
from workbench.events import Events
from workbench.journey.record import journal_folder
from workbench.tracking import Store

LATEST = "latest"


def earlier_run(store: Store, home: Path, table: Table, wanted: str | None, events: Events) -> str | None:
    """The name of the run to start from, ``None`` for none.

    Args:
        wanted: a name; ``latest`` for the newest finished run of the same target, task and columns; ``None`` for none.

    Raises:
        InputError: there is no such run with a journal here.
    """
    if wanted is None:
        return None
    if wanted != LATEST:
        if Path(wanted).name != wanted or not (journal_folder(home, wanted) / "search.json").exists():
            raise InputError(f"There is no run '{wanted}' with a journal in {home} to start from.")
        return wanted
    for row in store.runs(limit=200):
        if row.state == "done" and _same(journal_folder(home, row.name) / "search.json", table):
            return row.name
    events.notice("search", "No finished run of the same table was found to start from.")
    return None


def _same(path: Path, table: Table) -> bool:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    known = {column.name for column in table.columns}
    return (
        found.get("target") == table.target
        and found.get("task") == table.task.value
        and set(found.get("columns") or [""]) <= known
    )
