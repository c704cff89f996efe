"""Leaves that hold lines instead of constants, for a block of rows.

A leaf with the line c + Σ b_j x_j is worth v = c + Σ b_j m_j where nothing is known, and b_j (x_j − m_j) more for each
column j that is: an unknown one stands at its mean m_j. With L_j = b_j (x_j − m_j) for a row that follows column j's
splits and 0 for others, the leaf's part of the integrand is that of a leaf worth v + q Σ L_j / F_j, and each j gets
P L_j r_j / F_j² besides: what its value adds by itself. A row that lacks a value of the line has the leaf's constant;
the first such column on the path stands for the difference.
"""

from __future__ import annotations

import numpy as np
from numba import uintp

from workbench.treeshap._compiled import compiled
from workbench.treeshap.packed import PackedLines


@compiled
def line_leaf(
    leaf: int,
    value: float,
    lines: PackedLines,
    block: np.ndarray,
    work: np.ndarray,
    seen: np.ndarray,
    table: np.ndarray,
    total: np.ndarray,
    line: np.ndarray,
    ratio: np.ndarray,
    found: np.ndarray,
    out: int,
    product: int,
    points: int,
    lanes: int,
    places: np.ndarray,
    tilts: int,
    first_column: int,
) -> None:
    """Write the leaf's H to ``work`` from ``out`` on, and add to ``found`` what the line's columns add by themselves.

    Args:
        value: v.
        lines: as in ``Packed``.
        product: where P of the leaf is.
        first_column: place of the output's first column in ``found``.
    """
    line_start, line_links, line_figures, gap = lines
    first, last = line_start[leaf], line_start[leaf + 1]
    for lane in range(lanes):
        total[lane] = 0.0  # whether a value is absent
    for entry in range(first, last):
        at, place = uintp(line_links[entry, 0]) * lanes, uintp(entry - first) * lanes
        slope, mean = line_figures[entry, 0], line_figures[entry, 1]
        for lane in range(lanes):
            x = block[at + lane]
            worth = slope * (x - mean)
            if np.isnan(x):
                worth = gap[leaf] if total[lane] == 0.0 else 0.0
                total[lane] = 1.0
            line[place + lane] = worth
    for k in range(points):
        for lane in range(lanes):
            work[out + k * lanes + lane] = value
    for entry in range(first, last):
        at, place = uintp(line_links[entry, 0]) * lanes, uintp(entry - first) * lanes
        level = uintp(line_links[entry, 1])
        o = level * uintp(3) * lanes
        for lane in range(lanes):
            besides = total[lane] == 1.0 and not np.isnan(block[at + lane])
            line[place + lane] *= 0.0 if besides else seen[o + lane]
        for k in range(points):
            u, row = table[tilts + level * points + k] * places[k], out + k * lanes
            for lane in range(lanes):
                work[row + lane] += line[place + lane] * u
    for entry in range(first, last):
        at, place = (first_column + uintp(line_links[entry, 0])) * lanes, uintp(entry - first) * lanes
        level = uintp(line_links[entry, 1])
        for lane in range(lanes):
            total[lane] = 0.0
        for k in range(points):
            u, row = table[tilts + level * points + k], product + k * lanes
            for lane in range(lanes):
                total[lane] += work[row + lane] * (u * u)
        r = ratio[level]
        for lane in range(lanes):
            found[at + lane] += line[place + lane] * total[lane] * r
