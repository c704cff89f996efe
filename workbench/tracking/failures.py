"""What can go wrong between us and the store, told in one sentence instead of a traceback."""

from __future__ import annotations

import contextlib
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from workbench.errors import StoreError, WorkbenchError
from workbench.tracking.location import database_file, is_database, is_server, passwords, without_credentials

LOCK_SECONDS = 10.0
"""How long another program may hold the SQLite file before we say so."""


@contextlib.contextmanager
def told(uri: str, doing: str) -> Iterator[None]:
    """Turn what mlflow and the system raise into a ``StoreError``.

    Args:
        uri: of the store; credentials are not repeated.
        doing: what was tried, such as "read the runs".
    """
    try:
        yield
    except WorkbenchError:
        raise
    except _kinds() as error:
        raise StoreError(sentence(uri, doing, error)) from error


def database_errors() -> tuple[type[Exception], ...]:
    """What a database raises, a driver that is not installed included."""
    import sqlalchemy.exc

    return (sqlalchemy.exc.SQLAlchemyError, sqlite3.Error, ModuleNotFoundError)


def _kinds() -> tuple[type[Exception], ...]:
    """What may be raised by a store; looked up only when something was, for mlflow is slow to import."""
    module = sys.modules.get("mlflow.exceptions")
    return (OSError, *database_errors(), *([module.MlflowException] if module is not None else []))


def sentence(uri: str, doing: str, error: BaseException) -> str:
    """What happened, where, and what to do."""
    where, text = without_credentials(uri), str(error)
    lower = text.lower()
    if "database is locked" in lower or "database table is locked" in lower:
        return f"Can't {doing}: the store {where} is locked by another program; close that program or try again."
    if "readonly" in lower or "read-only" in lower or "unable to open" in lower or isinstance(error, PermissionError):
        return f"Can't {doing}: the store {where} is read-only or closed to you; allow writing or use another --home."
    if "no space left" in lower:  # what is written to the store is made in the other place
        places = f"the store {where} or of temporary files ({tempfile.gettempdir()})"
        return f"Can't {doing}: the disk of {places} is full; free some space and try again."
    if "disk is full" in lower:
        return f"Can't {doing}: the disk of the store {where} is full; free some space and try again."
    if "out-of-date database schema" in lower or "can't locate revision" in lower:
        return (
            f"Can't {doing}: the store {where} was made by another version of mlflow; run `mlflow db upgrade {where}`."
        )
    if "not a database" in lower or "malformed" in lower:
        return f"Can't {doing}: the store {where} is not an intact SQLite file; move it away to begin a new one."
    if isinstance(error, ModuleNotFoundError):
        return f"Can't {doing}: the store {where} needs the package '{error.name}'; install it beside workbench."
    if "maintenance mode" in lower:
        return (
            f"Can't {doing}: MLflow no longer writes folders such as {where}; name a database, such as sqlite:///f.db."
        )
    if is_server(uri) and "http" in lower:
        return f"Can't {doing}: the MLflow server {where} does not answer; start it, or unset MLFLOW_TRACKING_URI."
    reason = without_secrets(next(iter(text.strip().splitlines()), type(error).__name__), uri)
    return f"Can't {doing} in the store {where}: {reason[:300].rstrip('. ')}; `workbench doctor` checks the store."


def without_secrets(text: str, uri: str) -> str:
    """The text with the store's address replaced by one without credentials, and without the password alone."""
    text = text.replace(uri, without_credentials(uri))
    for password in passwords(uri):
        text = text.replace(password, "…")
    return text


def check_readable(uri: str) -> None:
    """Fail early where mlflow would try again for minutes.

    Raises:
        StoreError: the SQLite file is locked, damaged or not a file; the database does not answer or refuses us.
    """
    file = database_file(uri)
    if file is None and is_database(uri):
        _check_answers(uri)
    if file is None or not file.exists():
        return
    try:
        with closing(
            sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=LOCK_SECONDS)
        ) as database:
            database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        raise StoreError(sentence(uri, "read the runs", error)) from error


def _check_answers(uri: str) -> None:
    import sqlalchemy

    try:
        engine = sqlalchemy.create_engine(uri, poolclass=sqlalchemy.NullPool)
        if engine.dialect.name in ("postgresql", "mysql", "mariadb"):
            settings = {"connect_timeout": round(LOCK_SECONDS)}
            engine = sqlalchemy.create_engine(uri, poolclass=sqlalchemy.NullPool, connect_args=settings)
        engine.connect().close()
    except ModuleNotFoundError as error:
        raise StoreError(sentence(uri, "open the store", error)) from error
    except (sqlalchemy.exc.ArgumentError, ValueError) as error:
        raise StoreError(
            f"Can't open the store: {without_credentials(uri)} is no address of a store; correct MLFLOW_TRACKING_URI."
        ) from error
    except sqlalchemy.exc.SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise StoreError(
            f"Can't open the store: {without_credentials(uri)} does not answer or refuses "
            f"({without_secrets(reason, uri)[:200].rstrip('. ')}); start it or correct MLFLOW_TRACKING_URI."
        ) from error


def check_writable(uri: str, artifacts: Path) -> None:
    """Fail before the work begins, and not at its end, when nothing could be recorded.

    Raises:
        StoreError: the folder or the SQLite file can't be written, or is locked.
    """
    file = database_file(uri)
    if file is None:
        return
    try:
        for folder in (file.parent, artifacts):
            folder.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            _try_to_write(file.parent)
            return
        with closing(sqlite3.connect(file, timeout=LOCK_SECONDS)) as database:
            database.execute("BEGIN IMMEDIATE")
            # On a read-only file that was no more than a wish to read; a write shows it, and is taken back.
            version = int(database.execute("PRAGMA user_version").fetchone()[0])
            database.execute(f"PRAGMA user_version = {version + 1}")
            database.rollback()
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(
            f"Can't record runs in {file.parent}: {reason}; allow writing there or use another --home."
        ) from error
    except sqlite3.Error as error:
        raise StoreError(sentence(uri, "record a run", error)) from error


def _try_to_write(folder: Path) -> None:
    import tempfile

    with tempfile.TemporaryFile(dir=folder):
        pass
