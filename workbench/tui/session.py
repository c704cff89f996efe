"""What comes back at the next start: last table, screen, theme, column choices. One small file, written atomically."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from workbench.atomic import write_text
from workbench.errors import StoreError

VERSION = 1
KEPT = ("table", "screen", "theme", "columns", "target", "filters")


def session_path() -> Path:
    """The file, in the user's state folder; ``WORKBENCH_STATE`` names another folder."""
    if given := os.environ.get("WORKBENCH_STATE"):
        return Path(given) / "session.json"
    import platformdirs

    return Path(platformdirs.user_state_dir("segment-workbench")) / "session.json"


def read_session() -> dict[str, Any]:
    """What was kept; empty when there is nothing that can be read: a session is a comfort, never a need."""
    try:
        kept = json.loads(session_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(kept, dict) or kept.get("version") != VERSION:
        return {}
    return {key: kept[key] for key in KEPT if key in kept}


def write_session(state: dict[str, Any]) -> str | None:
    """Keep it. Returns why it could not be kept, ``None`` when it was."""
    try:
        write_text(session_path(), json.dumps({"version": VERSION, **state}, ensure_ascii=True, indent=1))
    except StoreError as error:
        return str(error)
    return None


def read_keys() -> dict[str, str]:
    """Keys rebound by the user: ``keys.toml`` in the configuration folder, such as ``"data.set_target" = "T"``."""
    import tomllib

    folder = os.environ.get("WORKBENCH_CONFIG")
    if folder is None:
        import platformdirs

        folder = platformdirs.user_config_dir("segment-workbench")
    try:
        keys = tomllib.loads((Path(folder) / "keys.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: key for name, key in keys.items() if isinstance(key, str)}
