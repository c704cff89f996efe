"""An embedded store that was moved or copied writes where it is now, and not where it was made."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from workbench.tracking import marks

_PLACES = (("experiments", "artifact_location"), ("runs", "artifact_uri"), ("logged_models", "artifact_location"))
"""Tables of MLflow's database in which places of files stand whole, and their columns."""


def relocate(database: Path, artifacts: Path) -> None:
    """Let everything in a store's database that stood below its old artifact folder stand below the one of today.

    MLflow keeps absolute places and has no call to change them; without this a copied project would write into, and
    delete from, the one that it was copied from. Does nothing where the store is where it was.

    Raises:
        sqlite3.Error: the database can't be written.
    """
    with closing(sqlite3.connect(database)) as connection, connection:
        found = connection.execute(
            "SELECT artifact_location FROM experiments WHERE name = ?", (marks.EXPERIMENT,)
        ).fetchone()
        old, new = str(found[0] or "").rstrip("/") if found else "", artifacts.as_uri()
        if not old.startswith("file:") or old == new:
            return
        for table, column in _PLACES:
            connection.execute(
                f"UPDATE {table} SET {column} = ? || substr({column}, ?) "  # noqa: S608 - names of our own
                f"WHERE {column} = ? OR substr({column}, 1, ?) = ?",
                (new, len(old) + 1, old, len(old) + 1, f"{old}/"),
            )
