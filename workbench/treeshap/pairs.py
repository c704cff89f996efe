"""What a split adds to the interactions of its column with those above it."""

from __future__ import annotations

import numpy as np
from numba import uintp

from workbench.treeshap._compiled import compiled
from workbench.treeshap.packed import ABOVE, COLUMN, KNOWN, KNOWN_LEFT, LEFT, RIGHT


@compiled
def add_pairs(
    links: np.ndarray,
    figures: np.ndarray,
    work: np.ndarray,
    seen: np.ndarray,
    table: np.ndarray,
    total: np.ndarray,
    product: np.ndarray,
    state: np.ndarray,
    level: int,
    places: np.ndarray,
    left: float,
    right: float,
    from_left: int,
    from_right: int,
    here: int,
    points: int,
    lanes: int,
    group: np.ndarray,
    groups: int,
    output: int,
    pairs: np.ndarray,
) -> None:
    """With T = (o − r) / F = o / ((1 − q) F) − 1 / (1 − q) of a column above, once for each such column.

    Args:
        left, right: what the children are worth where they are leaves.
        from_left, from_right: where their H are, else.
    """
    split = state[3 * level]
    own, before = group[links[split, COLUMN]], links[split, ABOVE]
    on_left, on_right, terms, tilts = links[split, LEFT] < 0, links[split, RIGHT] < 0, lanes, uintp(table.size // 2)
    if own < 0:
        return
    r, r_left = figures[split, KNOWN], figures[split, KNOWN_LEFT]
    o_left = (uintp(level) * uintp(3) + uintp(1)) * lanes
    for lane in range(lanes):
        product[lane] = 0.0
        if before < 0:
            total[lane] = seen[o_left + lane] - r_left
        else:
            total[lane] = seen[o_left + lane] * r - seen[o_left + lanes + lane] * r_left
    for k in range(points):
        at, u = k * lanes, 1.0 / (1.0 - places[k])
        if before >= 0:
            u *= table[uintp(level) * points + k]
        for lane in range(lanes):
            gain = left if on_left else work[from_left + at + lane]
            gain -= right if on_right else work[from_right + at + lane]
            product[terms + at + lane] = work[here + at + lane] * gain * total[lane] * u
            product[lane] += product[terms + at + lane]
    for other in range(level):
        # only the last split on a column counts: it knows of those above
        theirs = group[links[state[3 * other], COLUMN]]
        if state[3 * other + 2] > 0 or theirs < 0 or theirs == own:
            continue
        for lane in range(lanes):
            total[lane] = 0.0
        for k in range(points):
            at, u = k * lanes, table[tilts + uintp(other) * points + k]
            for lane in range(lanes):
                total[lane] += product[terms + at + lane] * u
        low, high = uintp(min(own, theirs)), uintp(max(own, theirs))
        at, o_other = ((uintp(output) * groups + low) * groups + high) * lanes, uintp(other) * uintp(3) * lanes
        for lane in range(lanes):
            pairs[at + lane] += seen[o_other + lane] * total[lane] - product[lane]
