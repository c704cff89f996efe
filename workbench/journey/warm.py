"""Which earlier run a new one starts from."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

from workbench.contracts import Table
from workbench.contracts.table import MODEL_ROLES
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
    newest = fitting_runs(store, home, table, most=1)
    if not newest:
        events.notice("search", "No finished run of the same table was found to start from.")
    return next(iter(newest), None)


def fitting_runs(store: Store, home: Path, table: Table, most: int = 3) -> list[str]:
    """The newest finished runs of the same target, task and columns, from which a search of ``table`` can start."""
    fitting = (
        row.name
        for row in store.runs(limit=200)
        if row.state == "done" and fits_table(journal_folder(home, row.name) / "search.json", table)
    )
    return list(islice(fitting, most))


def fits_table(path: Path, table: Table) -> bool:
    """Whether the search that this file tells of had the table's target, task and columns."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    # as a search keeps them, in their order
    columns = [column.name for column in table.columns if column.role in MODEL_ROLES and column.name != table.target]
    return (
        found.get("target") == table.target
        and found.get("task") == table.task.value
        and bool(found.get("columns") == columns)
    )
