"""What higher values of a column go with, in a word or two: the same words for every face."""

from __future__ import annotations

import math

from workbench.explain.language import Said

NO_DIRECTION = 0.3
"""|rank correlation| below which a column has no one direction."""


def goes_with(direction: float | None) -> Said:
    """The words for a column's ``direction``: the rank correlation of its value and contribution, if there is one."""
    if direction is None or not math.isfinite(direction):
        return Said("direction.by_level")
    if abs(direction) < NO_DIRECTION:
        return Said("direction.none")
    return Said("direction.higher" if direction > 0 else "direction.lower")
