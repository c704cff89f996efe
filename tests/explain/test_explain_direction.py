"""What higher values go with: one wording for every face."""

from __future__ import annotations

import pytest

from workbench.explain.direction import goes_with


@pytest.mark.parametrize(
    ("direction", "said"),
    [(0.9, "higher"), (-0.3, "lower"), (0.29, "no one direction"), (float("nan"), "differs by level"),
     (None, "differs by level")],
)  # fmt: skip
def test_each_direction_has_its_words(direction: float | None, said: str) -> None:
    assert goes_with(direction).told() == said


def test_and_in_chinese() -> None:
    assert goes_with(0.9).told("zh") == "更高" and goes_with(None).told("zh") == "因取值而异"
