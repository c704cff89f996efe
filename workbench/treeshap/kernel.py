"""The walk over the trees that all exact values come from, for a block of rows at a time.

In the game of Lundberg, Erion & Lee 2018 ("Consistent individualized feature attribution for tree ensembles") a split
on an unknown column sends a row both ways, by the share of the training weight that went there. For a leaf with value
v, o_j = 1 if the row follows every split on column j of its path and r_j = the product of those shares, the Shapley
values are an integral (the multilinear extension of Owen 1972, along its diagonal),

    φ_i = ∫₀¹ Σ_leaves v (o_i − r_i) Π_{j≠i} F_j dq,        F_j = r_j + q (o_j − r_j),

of a polynomial in q whose degree is below the number of columns on a path: Gauss-Legendre quadrature with half as many
points is exact. The two children of a split on column i share everything else, and their o and their r add up to those
from before the split, so that with H = Σ v Π F over the leaves below a child, by the columns asked below it,

    H_split = H_right + f (H_left − H_right),   φ_i += e Σ_points w P (H_left − H_right),

where P is the product of the factors on the way down, f = F_left / F what the left child multiplies it by (the right
one multiplies by 1 − f), and e = o_left − r_left if the split is the first on its column, else
(o_left r − o r_left) / F². No figure of a row depends on another row, and nothing is divided by what may vanish.

The Shapley interaction of i and j (Grabisch & Roubens 1999; half of it, as shap has it) takes the derivative by both:
each split on j adds to the pairs of j with the columns i above it what it adds to φ_j, times (o_i − r_i) / F_i.

Memory: a block holds four figures for each row, point and level of the tree, whatever the number of leaves.

What is not asked for is ``None``: numba leaves out the branches that ask for it, so that values alone, values with
interactions and values of leaves with lines are three programs, and nobody waits for another one than their own.
"""

from __future__ import annotations

import numpy as np
from numba import uintp

from workbench.treeshap._compiled import compiled
from workbench.treeshap.children import join_children, join_leaves
from workbench.treeshap.factors import first_factor, go_left, later_factor, tilt
from workbench.treeshap.lines import line_leaf
from workbench.treeshap.packed import ABOVE, COLUMN, KNOWN, KNOWN_LEFT, LEFT, OUTPUT, POINTS, RIGHT, ROOT, PackedLines
from workbench.treeshap.pairs import add_pairs

# What a block works with are flat arrays, row beside row:
#   work    for each level of the tree P, f, and for each output H of the left and of the right child (points × rows)
#   seen    for each level o of the child that the walk is in, o of the left child, and o before the split (rows each)
#   table   for each level and point 1 / F² of rows that followed the column's splits so far, and 1 / F of the child
#           that the walk is in for rows that follow those as well
#   total   of one split, a figure a row
#   line    of a leaf with a line, what each of its columns is worth (rows each); ratio, for each level, r of the child
#   product the terms that pairs are made of: their sum over the points, then each of them
#   state   for each level which split the walk is in, how far it is with it, and how often a deeper split on the way
#           asks the same column
# Positions are unsigned, as numba would else test each for being counted from the end, and the loops over rows would
# not become vector instructions; their number is an argument, as loops of a fixed length would be written out instead.
# Arrays are few, as each costs at every call: most of a second of compiling.


@compiled
def add_values(
    links: np.ndarray,
    figures: np.ndarray,
    levels: np.ndarray,
    trees: np.ndarray,
    leaves: np.ndarray,
    lines: PackedLines | None,
    places: np.ndarray,
    weights: np.ndarray,
    deep: int,
    rows: np.ndarray,
    first: int,
    last: int,
    width: int,
    values: np.ndarray,
    group: np.ndarray | None,
    interactions: np.ndarray | None,
) -> None:
    """Add to ``values``, shape (outputs, rows, columns), those of ``rows[first:last]``, shape (rows, columns).

    Args:
        links, figures, levels, trees, deep: as in ``Packed``.
        leaves: shape (leaves, outputs of a tree).
        lines: as in ``Packed``; ``None`` where no leaf holds a line.
        places, weights: of the quadrature, a row for each number of points, shape (most points + 1, most points).
        width: rows of a block, a multiple of 16.
        group: of each column, negative where interactions do not matter, shape (columns,).
        interactions: added to as well, shape (outputs, rows, groups, groups), above the diagonal only; ``None``, as
            ``group`` then, where only values are asked for.
    """
    columns, outputs, each = rows.shape[1], values.shape[0], leaves.shape[1]
    groups = 0 if interactions is None else interactions.shape[2]
    most = places.shape[1]
    work, seen = np.empty((deep + 2) * most * width * (2 + 2 * each)), np.empty((deep + 2) * 3 * width)
    table, state = np.empty((deep + 2) * most * 2), np.empty((deep + 2) * 3, np.int64)
    total, product = np.empty(width), np.empty((most + 1) * width)
    block, found = np.empty(columns * width), np.empty(outputs * columns * width)
    pairs = np.empty(outputs * groups * groups * width)
    longest = 0
    if lines is not None:
        for leaf in range(lines[0].size - 1):
            if lines[0][leaf + 1] - lines[0][leaf] > longest:
                longest = lines[0][leaf + 1] - lines[0][leaf]
    line, ratio = np.empty(longest * width), np.empty(deep + 2)
    for i in range(state.size):
        state[i] = 0
    for start in range(first, last, width):
        count = width if start + width <= last else last - start
        for lane in range(width):
            row = start + (lane if lane < count else count - 1)  # a block that is not full repeats its last row
            for j in range(columns):
                block[j * width + lane] = rows[row, j]
        for i in range(found.size):
            found[i] = 0.0
        for i in range(pairs.size):
            pairs[i] = 0.0
        for tree in range(trees.shape[0]):
            points = trees[tree, POINTS]
            _walk(
                links, figures, levels, leaves, trees[tree, ROOT], places[points], weights[points], uintp(points),
                uintp(each), uintp(width), uintp(columns), uintp(trees[tree, OUTPUT]), group, uintp(groups),
                block, work, seen, table, total, product, state, found, pairs,
                lines, line, ratio,
            )  # fmt: skip
        for output in range(outputs):
            for j in range(columns):
                for lane in range(count):
                    values[output, start + lane, j] += found[(output * columns + j) * width + lane]
            if interactions is not None:
                for i in range(groups):
                    for j in range(i + 1, groups):
                        at = ((output * groups + i) * groups + j) * width
                        for lane in range(count):
                            interactions[output, start + lane, i, j] += pairs[at + lane]


@compiled
def _walk(
    links: np.ndarray,
    figures: np.ndarray,
    levels: np.ndarray,
    leaves: np.ndarray,
    root: int,
    places: np.ndarray,
    weights: np.ndarray,
    points: int,
    each: int,
    lanes: int,
    columns: int,
    first_output: int,
    group: np.ndarray | None,
    groups: int,
    block: np.ndarray,
    work: np.ndarray,
    seen: np.ndarray,
    table: np.ndarray,
    total: np.ndarray,
    product: np.ndarray,
    state: np.ndarray,
    found: np.ndarray,
    pairs: np.ndarray,
    lines: PackedLines | None,
    line: np.ndarray,
    ratio: np.ndarray,
) -> None:
    """One tree, depth first, for one block."""
    size, deep_seen, tilts = points * lanes, uintp(3) * lanes, uintp(table.size // 2)
    deep = size * (uintp(2) + uintp(2) * each)
    for k in range(points):
        for lane in range(lanes):
            work[k * lanes + lane] = weights[k]
    level = 0
    state[0], state[1] = root, 0
    while level >= 0:
        split, step = state[3 * level], state[3 * level + 1]
        left, right, before = links[split, LEFT], links[split, RIGHT], links[split, ABOVE]
        r, r_left = figures[split, KNOWN], figures[split, KNOWN_LEFT]
        here, o_here, inner = uintp(level) * deep, uintp(level) * deep_seen, uintp(level) * points
        factor, below, o_left, o_before = here + size, here + deep, o_here + lanes, o_here + lanes + lanes
        column = uintp(links[split, COLUMN])
        from_left = factor + size
        line_on_left = line_on_right = False
        if lines is not None:
            line_on_left = left < 0 and lines[0][-left] > lines[0][-1 - left]
            line_on_right = right < 0 and lines[0][-right] > lines[0][-1 - right]
        if step == 0:
            go_left(links, figures, levels, split, block, column * lanes, lanes, seen, o_left)
            if before < 0:
                first_factor(work, seen, factor, o_left, points, lanes, places, r_left)
            else:
                state[3 * before + 2] += 1
                later_factor(
                    work, seen, table, factor, o_left, o_before, uintp(before) * deep_seen, points, lanes, places,
                    r, r_left, inner,
                )  # fmt: skip
            state[3 * level + 1] = step = 1
            if left >= 0 or line_on_left:
                for i in range(size):
                    work[below + i] = work[here + i] * work[factor + i]
                for lane in range(lanes):
                    seen[o_here + lane] = seen[o_left + lane]
                if group is not None or lines is not None:
                    tilt(table, tilts + inner, points, places, r_left)
                ratio[level] = r_left
                if left >= 0:
                    level += 1
                    state[3 * level], state[3 * level + 1] = left, 0
                    continue
                if lines is not None:
                    line_leaf(
                        -1 - left, leaves[-1 - left, 0], lines, block, work, seen, table, total, line, ratio, found,
                        from_left, below, points, lanes, places, tilts, first_output * columns,
                    )  # fmt: skip
        if step == 1:
            state[3 * level + 1] = 2
            if right >= 0 or line_on_right:
                for i in range(size):
                    work[below + i] = work[here + i] - work[here + i] * work[factor + i]
                if before < 0:
                    for lane in range(lanes):
                        seen[o_here + lane] = 1.0 - seen[o_left + lane]
                else:
                    for lane in range(lanes):
                        seen[o_here + lane] = seen[o_before + lane] - seen[o_left + lane]
                if group is not None or lines is not None:
                    tilt(table, tilts + inner, points, places, r - r_left)
                ratio[level] = r - r_left
                if right >= 0:
                    level += 1
                    state[3 * level], state[3 * level + 1] = right, 0
                    continue
                if lines is not None:
                    line_leaf(
                        -1 - right, leaves[-1 - right, 0], lines, block, work, seen, table, total, line, ratio, found,
                        from_left + size, below, points, lanes, places, tilts, first_output * columns,
                    )  # fmt: skip
        # the root's own H is written where its left child's was: nobody reads it
        outcome = from_left
        if level > 0:
            outcome = here - deep + size + size
            if state[3 * level - 2] == 2:
                outcome = outcome + each * size
        later = before >= 0
        for output in range(each):
            out, on_left = outcome + output * size, from_left + output * size
            on_right = on_left + each * size
            if_left = leaves[-1 - left, output] if left < 0 else 0.0
            if_right = leaves[-1 - right, output] if right < 0 else 0.0
            for lane in range(lanes):
                total[lane] = 0.0
            constant_left, constant_right = left < 0 and not line_on_left, right < 0 and not line_on_right
            if constant_left and constant_right:
                join_leaves(work, table, total, out, here, factor, points, lanes, if_left, if_right, later, inner)
            else:
                join_children(
                    work, table, total, out, here, factor, on_left, on_right, points, lanes, constant_left,
                    constant_right, if_left, if_right, later, inner,
                )  # fmt: skip
            at = ((first_output + output) * columns + column) * lanes
            if later:
                for lane in range(lanes):
                    found[at + lane] += total[lane] * (seen[o_left + lane] * r - seen[o_before + lane] * r_left)
            else:
                for lane in range(lanes):
                    found[at + lane] += total[lane] * (seen[o_left + lane] - r_left)
            if group is not None:
                add_pairs(
                    links, figures, work, seen, table, total, product, state, level, places, if_left, if_right,
                    on_left, on_right, here, points, lanes, group, groups, first_output + output, pairs,
                )  # fmt: skip
        if later:
            state[3 * before + 2] -= 1
        level -= 1
