"""Small made-up tables for the tests of features."""

from __future__ import annotations

import pandas as pd

from workbench.features import EventSource

CUT = pd.Timestamp("2024-03-01")


def purchases_of(frame: pd.DataFrame, **columns: object) -> EventSource:
    """Purchases with the columns that ``frame`` of this file has."""
    given: dict[str, object] = {
        "value": "value",
        "basket": "basket",
        "category": "category",
        "store": "store",
        "discount": "discount",
        "coupon": "coupon",
        "quantity": "quantity",
    }
    given.update(columns)
    return EventSource("sales", frame, "who", "at", **given)  # type: ignore[arg-type]


def purchase_frame(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    """Rows of (who, at, basket, category, value) with the other columns filled in."""
    frame = pd.DataFrame(rows, columns=["who", "at", "basket", "category", "value"])
    frame["at"] = pd.to_datetime(frame["at"])
    frame["store"] = "s" + (frame["basket"] % 3).astype(str)
    frame["discount"] = (frame["value"] / 4).round(2).clip(lower=0)
    frame["coupon"] = 0.0
    frame["quantity"] = 2
    return frame
