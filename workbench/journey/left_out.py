"""How a journey tells what it left out: whoever reads a run's notices knows them by their beginnings."""

from __future__ import annotations

LATER = "The later stages were left out:"
"""After it comes who ended the journey: the user, or the budget."""
BROKEN = "The later stages could not go on:"
"""After it comes what is wrong with what they were given, or with where they write."""


def left_out(stage: str) -> str:
    """The beginning where there was no time for a stage."""
    return f"Left out {stage}:"


def failed(stage: str) -> str:
    """The beginning where a stage failed by a defect."""
    return f"The stage '{stage}' failed"
