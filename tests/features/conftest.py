"""Fixtures for the tests of features."""

from __future__ import annotations

import pandas as pd
import pytest
from feature_tables import purchase_frame

from workbench.features import EventSource, Purpose


@pytest.fixture
def small() -> pd.DataFrame:
    """Two customers before the cut-off (a, b), one only after it (c)."""
    return purchase_frame(
        [
            ("a", "2024-01-01 09:00", 1, "milk", 10.0),
            ("a", "2024-01-01 09:00", 1, "bread", 30.0),
            ("a", "2024-01-11 18:30", 2, "milk", 20.0),
            ("a", "2024-01-31 12:00", 3, "milk", 20.0),
            ("b", "2024-02-25 10:00", 4, "wine", 5.5),
            ("a", "2024-03-01 00:00", 5, "wine", 1000.0),
            ("b", "2024-03-05 10:00", 6, "wine", 7.25),
            ("c", "2024-03-02 10:00", 7, "tea", 1.0),
            ("b", "2024-03-31 23:00", 8, "tea", 2.0),
        ]
    )


@pytest.fixture
def mailings() -> EventSource:
    """Contacts of two kinds."""
    frame = pd.DataFrame(
        {
            "who": ["a", "a", "b", "a"],
            "sent": pd.to_datetime(["2024-01-05", "2024-02-20", "2023-12-01", "2024-03-01"]),
            "kind": ["letter", "mail", "mail", "mail"],
        }
    )
    return EventSource("mailings", frame, "who", "sent", purpose=Purpose.CONTACTS, category="kind")


@pytest.fixture
def redemptions() -> EventSource:
    """Responses: one before the cut-off, one after."""
    frame = pd.DataFrame({"who": ["a", "b"], "on": pd.to_datetime(["2024-02-21", "2024-03-10"])})
    return EventSource("redemptions", frame, "who", "on", purpose=Purpose.RESPONSES)
