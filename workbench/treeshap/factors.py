"""What a split does on the way down: which rows go left, and what it multiplies by for each row and point."""

from __future__ import annotations

import numpy as np

from workbench.treeshap._compiled import compiled
from workbench.treeshap.decisions import ZERO
from workbench.treeshap.ensemble import NAN_LEFT, NAN_RIGHT, ZERO_LEFT
from workbench.treeshap.packed import LEVEL_COUNT, LEVEL_START, MISSING, OTHERS_LEFT, THRESHOLD


@compiled
def go_left(
    links: np.ndarray,
    figures: np.ndarray,
    levels: np.ndarray,
    split: int,
    block: np.ndarray,
    at: int,
    lanes: int,
    seen: np.ndarray,
    o_left: int,
) -> None:
    """1 for the rows that go left and 0 for the others, as ``decisions.goes_left`` has it."""
    missing, threshold = links[split, MISSING], figures[split, THRESHOLD]
    start, count = links[split, LEVEL_START], links[split, LEVEL_COUNT]
    if count >= 0:
        others, absent = float(links[split, OTHERS_LEFT]), 1.0 if missing == NAN_LEFT else 0.0
        for lane in range(lanes):
            value = block[at + lane]
            if -1.0 < value < count:
                seen[o_left + lane] = 1.0 if levels[start + int(value)] else 0.0
            else:
                seen[o_left + lane] = absent if np.isnan(value) else others
    elif missing > NAN_LEFT:
        absent = 1.0 if missing == ZERO_LEFT else 0.0
        for lane in range(lanes):
            value = block[at + lane]
            goes = 1.0 if value <= threshold else 0.0
            seen[o_left + lane] = absent if np.isnan(value) or -ZERO <= value <= ZERO else goes
    elif missing == NAN_RIGHT:
        for lane in range(lanes):
            seen[o_left + lane] = 1.0 if block[at + lane] <= threshold else 0.0
    else:  # no comparison holds for NaN
        for lane in range(lanes):
            seen[o_left + lane] = 0.0 if block[at + lane] > threshold else 1.0


@compiled
def first_factor(
    work: np.ndarray,
    seen: np.ndarray,
    factor: int,
    o_left: int,
    points: int,
    lanes: int,
    places: np.ndarray,
    r_left: float,
) -> None:
    """f = r_left + q (o_left − r_left)."""
    for k in range(points):
        q, at = places[k], factor + k * lanes
        missed = r_left * (1.0 - q)
        for lane in range(lanes):
            work[at + lane] = missed + q * seen[o_left + lane]


@compiled
def later_factor(
    work: np.ndarray,
    seen: np.ndarray,
    table: np.ndarray,
    factor: int,
    o_left: int,
    o_before: int,
    o_above: int,
    points: int,
    lanes: int,
    places: np.ndarray,
    r: float,
    r_left: float,
    inner: int,
) -> None:
    """f = F_left / F: r_left / r for a row that left the column's way above; and 1 / F² of those who did not."""
    for lane in range(lanes):
        # a row follows a column's splits only as long as it followed all of those above
        seen[o_before + lane] = seen[o_above + lane]
        seen[o_left + lane] *= seen[o_above + lane]
    share = r_left / r if r > 0 else 0.0
    for k in range(points):
        q, at = places[k], factor + k * lanes
        u = 1.0 / (r + q * (1.0 - r))
        table[inner + k] = u * u
        missed, followed = r_left * (1.0 - q) * u - share, q * u
        for lane in range(lanes):
            work[at + lane] = share + seen[o_before + lane] * missed + seen[o_left + lane] * followed


@compiled
def tilt(table: np.ndarray, at: int, points: int, places: np.ndarray, r: float) -> None:
    """1 / F of the child that is entered, for rows that follow its column's splits."""
    for k in range(points):
        table[at + k] = 1.0 / (r + places[k] * (1.0 - r))
