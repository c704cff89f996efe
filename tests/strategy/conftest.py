"""Fixtures of the strategy tests."""

from __future__ import annotations

import pytest
from strategy_cases import Case, make_case


@pytest.fixture
def case() -> Case:
    """A table with a large and a small segment and a whitespace gap that held."""
    return make_case()
