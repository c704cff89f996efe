"""The customers that `workbench explain` is asked about in tests, and how it is asked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

Ask = Callable[..., tuple[int, str, str]]
ROWS = 320
HOSTILE = "=cmd|'/C calc'!A0 [bold]"
CHINESE = re.compile("[\u4e00-\u9fff]")
FEATURES = ("age", "visits", "地区", "gender", "discount")


def customers() -> pd.DataFrame:
    """Who buys: by visits and discounts, not in the south; Chinese names, hostile cells, a group that nothing tells."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "customer_id": [f"C-{place:04d}" for place in range(ROWS)],
            "age": rng.integers(18, 80, ROWS),
            "visits": rng.poisson(5, ROWS),
            "地区": rng.choice(["north", "south", HOSTILE], ROWS),
            "gender": rng.choice(["f", "m"], ROWS),
            "discount": rng.integers(0, 5, ROWS),
        }
    )
    liking = frame.visits * (frame["地区"] != "south") + 0.05 * (60 - frame.age) + frame.discount
    frame["bought"] = np.where(liking + rng.normal(size=ROWS) > 6, "yes", "no")
    frame["spend"] = (10 * liking.clip(0) + rng.normal(size=ROWS)).round(2)
    return frame


def facts(ask: Ask, *arguments: str, run: str = "classes") -> dict[str, Any]:
    """The JSON of a question."""
    code, out, err = ask(*arguments, "--json", run=run)
    assert code == 0, err
    found: dict[str, Any] = json.loads(out)
    return found
