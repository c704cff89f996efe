"""A split's H from those of its children, and the sum over the points of w P (H_left − H_right), which its column gets.

A leaf's H needs no reading, as it is the same for all rows and points; two of them make the sum a product.
"""

from __future__ import annotations

import numpy as np

from workbench.treeshap._compiled import compiled


@compiled
def join_leaves(
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
def join_children(
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
    left_is_leaf: bool,
    right_is_leaf: bool,
    left: float,
    right: float,
    later: bool,
    inner: int,
) -> None:
    """At least one child splits; ``left`` or ``right`` is the value of one that is a leaf."""
    for k in range(points):
        at, u = k * lanes, table[inner + k] if later else 1.0
        for lane in range(lanes):
            on_right = right if right_is_leaf else work[from_right + at + lane]
            gain = (left if left_is_leaf else work[from_left + at + lane]) - on_right
            work[out + at + lane] = on_right + work[factor + at + lane] * gain
            total[lane] += work[here + at + lane] * (gain * u)
