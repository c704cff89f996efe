"""Values as JSON holds them, whatever numpy and pandas hand out."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.plain import plain


class Sort(StrEnum):
    """Stands for the many enums of results."""

    ONE = "one"


def test_what_json_does_not_know_is_made_plain() -> None:
    cells = {
        "a": np.float64("nan"),
        "b": np.int64(3),
        "c": (np.float32(0.5), float("inf")),
        "d": np.bool_(True),
        5: None,
        "e": Sort.ONE,
        "f": np.array([[1.0, np.nan]]),
        "g": Path("a/b"),
    }
    found = plain(cells)
    assert found == {
        "a": None,
        "b": 3,
        "c": [0.5, None],
        "d": True,
        "5": None,
        "e": "one",
        "f": [[1.0, None]],
        "g": "a/b",
    }
    assert type(found["e"]) is str and type(found["b"]) is int and type(found["d"]) is bool
    assert json.dumps(found, allow_nan=False)


def test_dates_are_text_and_gaps_are_none() -> None:
    assert plain([pd.Timestamp("2024-03-01"), pd.NaT, pd.NA]) == ["2024-03-01T00:00:00", None, None]
