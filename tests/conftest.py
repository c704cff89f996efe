"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The suite gives the same answer each time; HYPOTHESIS_PROFILE=explore looks for new counterexamples.
settings.register_profile("repeat", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))

SHARED = Path(__file__).resolve().parents[2] / "shared"


SLOW = ("test_tracking_servers", "test_search_cluster", "test_search_kill", "tests/journey/", "tests/tui/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs ../shared where it is absent, with the reason; files with few long tests come first.

    Each file goes to one worker: a long one that came last would leave the other worker idle.
    """
    items.sort(key=lambda item: not any(name in item.nodeid for name in SLOW))
    if SHARED.is_dir():
        return
    skip = pytest.mark.skip(reason="../shared is not here: it exists for development and CI only")
    for item in items:
        if "shared" in item.keywords:
            item.add_marker(skip)


@pytest.fixture
def shared_data() -> Path:
    """The folder of real example tables; mark the test with ``@pytest.mark.shared``."""
    return SHARED / "data"
