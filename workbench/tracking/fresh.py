"""A new SQLite store at once: the finished schema from a file instead of a hundred migrations in a row.

mlflow makes a new database by running every migration since its first release, some seconds long. The result is
always the same, so it is kept as SQL for the version that the lock file names; any other version migrates itself.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import uuid
from contextlib import closing
from pathlib import Path

from workbench.tracking.environment import version

SCHEMA = Path(__file__).with_name("fresh_store.sql")
_HEADER = "-- mlflow "


def create(file: Path) -> bool:
    """Make an empty store at ``file`` unless it exists; ``False`` when that is left to mlflow.

    Raises:
        OSError, sqlite3.Error: the folder can't be written.
    """
    if file.exists() or not SCHEMA.is_file():
        return False
    script = SCHEMA.read_text(encoding="utf-8")
    if script.partition("\n")[0].strip() != f"{_HEADER}{version('mlflow')}":
        return False
    name = file.with_name(
        f".{file.name}.{uuid.uuid4().hex}"
    )  # made by SQLite, with the access that the user's files get
    try:
        with closing(sqlite3.connect(name)) as database:
            database.executescript(script)
        os.link(name, file)  # unlike a rename it never replaces: another process may have a run in its store already
    except OSError:  # that, or a file system without links: mlflow opens or makes the store its own way
        return False
    finally:
        name.unlink(missing_ok=True)
    return True


def schema_of(file: Path, mlflow_version: str) -> str:
    """The SQL that makes a copy of an empty store; how ``fresh_store.sql`` is written."""
    with closing(sqlite3.connect(file)) as database:
        lines = list(database.iterdump())
    return "\n".join([f"{_HEADER}{mlflow_version}", *lines, ""])


def write_schema(folder: Path) -> None:
    """Let mlflow migrate an empty store in ``folder`` and keep its schema; for the maintainer, after an update."""
    from workbench.tracking.library import mlflow

    file = folder / "empty.db"
    package = mlflow()
    package.MlflowClient(f"sqlite:///{file}").search_experiments()
    with closing(sqlite3.connect(file)) as database, contextlib.suppress(sqlite3.OperationalError):
        # What the store adds for itself when it is opened, with an address of this folder, is not schema.
        database.execute("DELETE FROM experiments")
        database.commit()
    SCHEMA.write_text(schema_of(file, package.__version__), encoding="utf-8")
