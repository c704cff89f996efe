"""A split's H from those of its children, and the sum over the points of w P (H_left − H_right), which its column gets.

One way for each kind of children, as a leaf's H needs no reading: it is the same for all rows and points.
"""

from __future__ import annotations

import numpy as np

from workbench.treeshap._compiled import compiled


@compiled
def two_leaves(
    work: np.ndarray,
    table: np.ndarray,
    total: np.ndarray,
    out: int,
    here: int,
    factor: int,
    points: int,
    lanes: int,
    left: float,
    right: float,
    later: bool,
    inner: int,
) -> None:
    """Both children are leaves."""
    gain = left - right
    for i in range(points * lanes):
        work[out + i] = right + work[factor + i] * gain
    for k in range(points):
        at, u = here + k * lanes, table[inner + k] if later else 1.0
        for lane in range(lanes):
            total[lane] += work[at + lane] * u
    for lane in range(lanes):
        total[lane] *= gain


@compiled
def left_leaf(
    work: np.ndarray,
    table: np.ndarray,
    total: np.ndarray,
    out: int,
    here: int,
    factor: int,
    from_right: int,
    points: int,
    lanes: int,
    left: float,
    later: bool,
    inner: int,
) -> None:
    """The left child is a leaf."""
    for k in range(points):
        at, u = k * lanes, table[inner + k] if later else 1.0
        for lane in range(lanes):
            right = work[from_right + at + lane]
            gain = left - right
            work[out + at + lane] = right + work[factor + at + lane] * gain
            total[lane] += work[here + at + lane] * (gain * u)


@compiled
def right_leaf(
    work: np.ndarray,
    table: np.ndarray,
    total: np.ndarray,
    out: int,
    here: int,
    factor: int,
    from_left: int,
    points: int,
    lanes: int,
    right: float,
    later: bool,
    inner: int,
) -> None:
    """The right child is a leaf."""
    for k in range(points):
        at, u = k * lanes, table[inner + k] if later else 1.0
        for lane in range(lanes):
            gain = work[from_left + at + lane] - right
            work[out + at + lane] = right + work[factor + at + lane] * gain
            total[lane] += work[here + at + lane] * (gain * u)


@compiled
def no_leaf(
    work: np.ndarray,
    table: np.ndarray,
    total: np.ndarray,
    out: int,
    here: int,
    factor: int,
    from_left: int,
    from_right: int,
    points: int,
    lanes: int,
    later: bool,
    inner: int,
) -> None:
    """Both children split."""
    for k in range(points):
        at, u = k * lanes, table[inner + k] if later else 1.0
        for lane in range(lanes):
            right = work[from_right + at + lane]
            gain = work[from_left + at + lane] - right
            work[out + at + lane] = right + work[factor + at + lane] * gain
            total[lane] += work[here + at + lane] * (gain * u)
