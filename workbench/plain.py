"""Values as JSON can hold them: no NaN, no numpy, no dates; imports nothing heavy."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any


def plain(value: Any) -> Any:
    """The value made of ``dict``, ``list``, ``str``, ``int``, finite ``float``, ``bool`` and ``None`` only.

    NaN, infinities and missing values become ``None``; what is unknown becomes its text.
    """
    if value is None or (isinstance(value, bool | int) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return _foreign(value)


def _foreign(value: Any) -> Any:
    """Numpy scalars and arrays, dates, paths: by what they offer, so that numpy need not be imported."""
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if hasattr(value, "isoformat"):
        text = str(value.isoformat())
        return None if text in ("NaT", "nan") else text
    text = str(value)
    return None if text in ("<NA>", "NaT", "nan") else text
