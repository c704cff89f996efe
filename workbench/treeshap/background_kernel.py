"""Values against background rows, sixty-four of them at a time.

For a row x, a background row z and a leaf with value v, let A be the columns of the leaf's path whose splits x follows
and z does not, and B those that z follows and x does not; the leaf counts only where each column is followed by one of
the two. Its Shapley values (Lundberg et al. 2020, "From local explanations to global understanding with explainable AI
for trees", interventional TreeSHAP) are

    v (|A| − 1)! |B|! / (|A| + |B|)!  for a column in A,   −v |A|! (|B| − 1)! / (|A| + |B|)!  for one in B.

B is the same for all background rows that count. Which of them follow a column's splits is one word of bits, so that a
leaf is visited once for all: sizes of A are counted for all bits together, by adding words with carry.
"""

from __future__ import annotations

import numpy as np
from numba import uint64

from workbench.treeshap._compiled import compiled
from workbench.treeshap.decisions import ZERO
from workbench.treeshap.ensemble import NAN_LEFT, ZERO_LEFT
from workbench.treeshap.packed import (
    COLUMN,
    LEFT,
    LEVEL_COUNT,
    LEVEL_START,
    MISSING,
    OTHERS_LEFT,
    OUTPUT,
    RIGHT,
    ROOT,
    THRESHOLD,
)

PLANES = 6
"""Bits that sizes of A are counted in: up to 63 columns on a path."""


@compiled
def add_background_values(
    links: np.ndarray,
    figures: np.ndarray,
    levels: np.ndarray,
    trees: np.ndarray,
    leaves: np.ndarray,
    deep: int,
    left_bits: np.ndarray,
    every: np.uint64,
    in_a: np.ndarray,
    in_b: np.ndarray,
    rows: np.ndarray,
    first: int,
    last: int,
    values: np.ndarray,
) -> None:
    """Add to ``values``, shape (outputs, rows, columns), the sums over background rows for ``rows[first:last]``.

    Args:
        links, figures, levels, trees, deep: as in ``Packed``.
        left_bits: of each split, which background rows go left, shape (splits,).
        every: a bit for each background row.
        in_a, in_b: weights by size of A and of B, shape (sizes, sizes).
    """
    column, follows = np.empty(deep + 1, np.int64), np.empty(deep + 1, np.bool_)
    bits = np.empty(deep + 1, np.uint64)
    slot_of = np.full(rows.shape[1], -1, np.int64)
    # of each level: the split, how far the walk is with it, its column's slot, and what there was before
    node, step = np.empty(deep + 1, np.int64), np.empty(deep + 1, np.int64)
    slot, new = np.empty(deep + 1, np.int64), np.empty(deep + 1, np.bool_)
    old_follows, old_bits = np.empty(deep + 1, np.bool_), np.empty(deep + 1, np.uint64)
    alive = np.empty(deep + 1, np.uint64)
    planes = np.empty(PLANES, np.uint64)
    each = leaves.shape[1]
    for row in range(first, last):
        for tree in range(trees.shape[0]):
            output = trees[tree, OUTPUT]
            level, slots, missed = 0, 0, 0
            node[0], step[0], alive[0] = trees[tree, ROOT], 0, uint64(every)
            while level >= 0:
                split = node[level]
                asked = links[split, COLUMN]
                if step[level] == 0:
                    place = slot_of[asked]
                    new[level] = place < 0
                    if place < 0:
                        place = slots
                        slots += 1
                        slot_of[asked] = place
                        column[place], follows[place], bits[place] = asked, True, uint64(every)
                    slot[level], old_follows[level], old_bits[level] = place, follows[place], bits[place]
                place = slot[level]
                # back to what there was before the child that was left
                missed += int(follows[place]) - int(old_follows[level])
                follows[place], bits[place] = old_follows[level], old_bits[level]
                if step[level] == 2:
                    if new[level]:
                        slot_of[asked] = -1
                        slots -= 1
                    level -= 1
                    continue
                to_left = step[level] == 0
                step[level] += 1
                goes = _goes_left(links, figures, levels, split, rows[row, asked]) == to_left
                there = left_bits[split] if to_left else ~left_bits[split]
                bits[place] &= there
                if follows[place] and not goes:
                    follows[place] = False
                    missed += 1
                reached = alive[level] if follows[place] else alive[level] & bits[place]
                if reached == uint64(0):
                    continue
                child = links[split, LEFT] if to_left else links[split, RIGHT]
                if child >= 0:
                    level += 1
                    node[level], step[level], alive[level] = child, 0, reached
                    continue
                _leaf(
                    leaves, -1 - child, each, output, row, reached, slots, missed, column, follows, bits, planes, in_a,
                    in_b, values,
                )  # fmt: skip


@compiled
def _leaf(
    leaves: np.ndarray,
    leaf: int,
    each: int,
    output: int,
    row: int,
    reached: int,
    slots: int,
    missed: int,
    column: np.ndarray,
    follows: np.ndarray,
    bits: np.ndarray,
    planes: np.ndarray,
    in_a: np.ndarray,
    in_b: np.ndarray,
    values: np.ndarray,
) -> None:
    """What one leaf adds for the background rows that ``reached`` it with the row."""
    planes[:] = uint64(0)
    for place in range(slots):
        if follows[place]:
            carry = reached & ~bits[place]
            for plane in range(PLANES):
                both = planes[plane] & carry
                planes[plane] ^= carry
                carry = both
                if carry == uint64(0):
                    break
    lost = 0.0
    for size in range(slots - missed + 1):
        of_size = reached
        for plane in range(PLANES):
            of_size &= planes[plane] if size >> plane & 1 else ~planes[plane]
        if of_size == uint64(0):
            continue
        if missed > 0:
            lost += _count(of_size) * in_b[size, missed]
        if size == 0:
            continue
        weight = in_a[size, missed]
        for place in range(slots):
            if follows[place]:
                count = _count(of_size & ~bits[place])
                if count:
                    for one in range(each):
                        values[output + one, row, column[place]] += weight * count * leaves[leaf, one]
    if lost > 0.0:
        for place in range(slots):
            if not follows[place]:
                for one in range(each):
                    values[output + one, row, column[place]] -= lost * leaves[leaf, one]


@compiled
def _count(word: int) -> int:
    """How many bits are set."""
    x = uint64(word)
    x = x - ((x >> uint64(1)) & uint64(0x5555555555555555))
    x = (x & uint64(0x3333333333333333)) + ((x >> uint64(2)) & uint64(0x3333333333333333))
    x = (x + (x >> uint64(4))) & uint64(0x0F0F0F0F0F0F0F0F)
    return (x * uint64(0x0101010101010101)) >> uint64(56)  # type: ignore[no-any-return]


@compiled
def _goes_left(links: np.ndarray, figures: np.ndarray, levels: np.ndarray, split: int, value: float) -> bool:
    """As ``decisions.goes_left`` has it, for one value."""
    missing, count = links[split, MISSING], links[split, LEVEL_COUNT]
    if count >= 0:
        if -1.0 < value < count:
            return bool(levels[links[split, LEVEL_START] + int(value)] != 0)
        return bool(missing == NAN_LEFT if np.isnan(value) else links[split, OTHERS_LEFT] != 0)
    if np.isnan(value) or (missing > NAN_LEFT and -ZERO <= value <= ZERO):
        return bool(missing in (NAN_LEFT, ZERO_LEFT))
    return bool(value <= figures[split, THRESHOLD])
