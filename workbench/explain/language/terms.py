"""What many sentences are made of: output spaces, predictions, intervals, levels."""

from __future__ import annotations

import numpy as np

from workbench.explain.columns import Reading, number_text
from workbench.explain.language.said import Cell, Field, Name, Part, Said, say

_UNITS = "units of "
_SPACES = {"log-odds": "space.log_odds", "probability": "space.probability"}


def in_units(space: str) -> bool:
    """Whether an output space is that of a number, and not of a class."""
    return space.startswith(_UNITS)


def space_of(space: str) -> Field:
    """An output space in words; one that is not known stays as it is."""
    if in_units(space):
        return say("space.units", target=space.removeprefix(_UNITS))
    return Said(_SPACES[space]) if space in _SPACES else space


def predicted(output: str, space: str, target: str) -> Said:
    """What is predicted: the target, or in a space that a class is the target's."""
    if in_units(space):
        return say("predicted.number", target=Name(target))
    return say("predicted.class", space=space_of(space), target=Name(target), output=Name(output))


def unit_of(space: str) -> Field:
    """What follows a figure; nothing for classes, where ``predicted`` has named the space already."""
    return say("row.unit", space=space_of(space)) if in_units(space) else ""


def interval(low: float, high: float, *, signed: bool = False) -> Field:
    """A 95 % interval in brackets; nothing where it is not known."""
    if not np.isfinite(low):
        return ""
    return say("grammar.interval", low=number_text(low, signed=signed), high=number_text(high, signed=signed))


def percent(share: float) -> Said:
    """A share as percent with one decimal."""
    return say("grammar.percent", number=f"{100 * share:.1f}")


def level_of(reading: Reading, level: str) -> str | Part:
    """A level as the table has it; those of booleans are words of ours."""
    return Cell(level == "yes") if reading.boolean else level
