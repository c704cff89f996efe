"""How figures are written in a terminal."""

from __future__ import annotations

from workbench.cli.output import interval


def test_an_interval_that_is_not_there_is_one_dash() -> None:
    assert interval(None, None) == "-"
    assert interval(0.25, None) == "0.25 to -"
    assert interval(0.25, 0.5) == "0.25 to 0.5"
