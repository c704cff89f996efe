"""Where the store is, and how to name it without giving away credentials."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

HOME = Path("mlruns")
"""Folder of the embedded store, in the working directory."""
DATABASE = "mlflow.db"
ARTIFACTS = "artifacts"
VARIABLE = "MLFLOW_TRACKING_URI"

_SQLITE = "sqlite:///"


def store_uri(home: Path = HOME) -> str:
    """The tracking URI: ``MLFLOW_TRACKING_URI`` where it is set, else the SQLite file in ``home``."""
    return os.environ.get(VARIABLE, "").strip() or f"{_SQLITE}{home.absolute() / DATABASE}"


def database_file(uri: str) -> Path | None:
    """The file of an SQLite URI, ``None`` for anything else."""
    if not uri.startswith(_SQLITE) or uri == _SQLITE:
        return None
    return Path(uri.removeprefix(_SQLITE).partition("?")[0])


def is_server(uri: str) -> bool:
    """Whether a tracking server stands there, which decides itself where artifacts go."""
    return uri.startswith(("http://", "https://", "databricks"))


def is_database(uri: str) -> bool:
    """Whether the address can only be one of a database: it has a scheme, and none that MLflow uses for others."""
    scheme, sign, _ = uri.partition("://")
    return bool(sign) and scheme not in ("sqlite", "file", "databricks", "databricks-uc", "uc") and not is_server(uri)


def passwords(uri: str) -> tuple[str, ...]:
    """The password in an address, as it is written there and as it is meant; empty without one."""
    try:
        password = urlsplit(uri).password if "://" in uri else None
    except ValueError:
        return ()
    return (password, unquote(password)) if password else ()


def without_credentials(text: str) -> str:
    """The URL without user, password and query; text that is no URL comes back as it is."""
    if "://" not in text:
        return text
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        address = f"[{host}]" if ":" in host else host
        if parts.port is not None:
            address += f":{parts.port}"
    except ValueError:
        return f"{text.partition('://')[0]}://…"
    if not parts.username and not parts.password and not parts.query:
        return text
    return urlunsplit((parts.scheme, address, parts.path, "", ""))
