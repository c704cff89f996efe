"""Facts as MLflow takes them: short text without secrets, finite figures, names of the letters it allows."""

from __future__ import annotations

import datetime
import json
import math
import re
from collections.abc import Mapping
from enum import Enum
from typing import Any

LONGEST = 500
"""Characters of a parameter; longer ones are in the artifacts in full."""

_NAME = re.compile(r"[^\w\-. :/]")
_IN_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)[^\s'\"]*@")
_NAMED = re.compile(r"(?i)((?:password|passwd|pwd|token|secret|access_?key|api_?key|signature|sig)\s*=\s*)[^\s&;'\"]+")


def redact(text: str) -> str:
    """The text without user names and passwords in addresses and without values that are called a secret."""
    return _NAMED.sub(r"\1…", _IN_ADDRESS.sub(r"\1", text))


def redact_all(value: Any) -> Any:
    """``redact`` in every string of nested containers."""
    if type(value) is str:
        return redact(value)
    if isinstance(value, dict):
        return {key: redact_all(item) for key, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)(redact_all(item) for item in value)
    return value


def text_of(value: Any) -> str:
    """A parameter's value as text: enums by value, containers as JSON."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, dict | list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        value = json.dumps(items, ensure_ascii=False, default=str)
    # paths that are not UTF-8 come with halves of characters, which no database takes
    return redact(str(value).encode("utf-8", "backslashreplace").decode("utf-8"))[:LONGEST]


def name_of(name: str) -> str:
    """The name with what MLflow forbids replaced."""
    return _NAME.sub("_", name).strip(" /.")[:200] or "_"


def params_of(values: Mapping[str, Any]) -> dict[str, str]:
    """Parameters that have a value."""
    return {name_of(name): text_of(value) for name, value in values.items() if value is not None}


def metrics_of(values: Mapping[str, Any]) -> dict[str, float]:
    """Figures that are finite numbers: neither JSON nor every database knows NaN."""
    return {
        name_of(name): float(value)
        for name, value in values.items()
        if isinstance(value, int | float) and math.isfinite(value)
    }


def now() -> int:
    """Milliseconds since 1970, as MLflow dates things; nothing is decided by it."""
    return int(datetime.datetime.now(datetime.UTC).timestamp() * 1000)
