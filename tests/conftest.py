"""What every test may use."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs ../shared where it is absent, with the reason."""
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
