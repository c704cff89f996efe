"""JSON text that takes any string, broken Unicode included."""

from __future__ import annotations

import json
from typing import Any


def to_json(node: Any) -> str:
    """ASCII only: a lone surrogate in a cell is no reason to lose a run."""
    return json.dumps(node, ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def from_json(text: str) -> Any:
    """The node that ``to_json`` wrote."""
    return json.loads(text)
