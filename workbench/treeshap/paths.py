"""What is known of each split by the way that leads to it, for all trees in one pass."""

from __future__ import annotations

import numpy as np

from workbench.treeshap._compiled import compiled
from workbench.treeshap.ensemble import Paths, TreeEnsemble


def follow(ensemble: TreeEnsemble) -> Paths:
    """Go through the splits in their order, in which parents come before their children."""
    splits, trees, count = ensemble.splits, len(ensemble.roots), len(ensemble.splits.left)
    tree = np.zeros(count, np.int32)
    grown = np.flatnonzero(ensemble.roots >= 0)
    tree[ensemble.roots[grown]] = grown
    above, above_left, level = np.full(count, -1, np.int32), np.zeros(count, np.bool_), np.zeros(count, np.int32)
    known, known_left = np.ones(count), np.ones(count)
    depth, width = np.zeros(trees, np.int64), np.zeros(trees, np.int64)
    mean = np.zeros((trees, ensemble.leaves.shape[1]))
    alone = np.flatnonzero(ensemble.roots < 0)
    mean[alone] = ensemble.leaves[-1 - ensemble.roots[alone]]
    links = np.column_stack((splits.left, splits.right, splits.column)).astype(np.int32)
    leaves = np.require(ensemble.leaves, dtype=np.float64, requirements=["C", "W"])
    share = np.require(splits.left_share, dtype=np.float64, requirements=["C", "W"])
    # made here, as each way to make an array is compiled for some tenths of a second
    parent, from_left, reach, distinct = (
        np.full(count, -1, np.int32), np.zeros(count, np.bool_), np.ones(count), np.zeros(count, np.int64),
    )  # fmt: skip
    _follow(
        links, share, leaves, tree, above, above_left, level, known, known_left, depth, width, mean, parent, from_left,
        reach, distinct,
    )  # fmt: skip
    # the integrand is a polynomial of a degree below the number of columns on a path
    points = np.maximum(1, -(-width // 2))
    return Paths(
        above=above, above_left=above_left, level=level, known=known, known_left=known_left, depth=depth, points=points,
        mean=mean,
    )  # fmt: skip


@compiled
def _follow(
    links: np.ndarray,
    share: np.ndarray,
    leaves: np.ndarray,
    tree: np.ndarray,
    above: np.ndarray,
    above_left: np.ndarray,
    level: np.ndarray,
    known: np.ndarray,
    known_left: np.ndarray,
    depth: np.ndarray,
    width: np.ndarray,
    mean: np.ndarray,
    parent: np.ndarray,
    from_left: np.ndarray,
    reach: np.ndarray,
    distinct: np.ndarray,
) -> None:
    """Fill ``Paths`` and ``width``, the most columns on a path of each tree.

    Args:
        links: left child, right child and column of each split, shape (splits, 3).
        tree: of the roots.
        parent, from_left: of each split, −1 for roots; whether it is the left child.
        reach: share of the training weight that comes to each split.
        distinct: columns on the way to each split and its own.
    """
    for split in range(links.shape[0]):
        below, upper = split, parent[split]
        if upper >= 0:
            tree[split], level[split], distinct[split] = tree[upper], level[upper] + 1, distinct[upper]
            reach[split] = reach[upper] * (share[upper] if from_left[split] else 1.0 - share[upper])
        while upper >= 0 and links[upper, 2] != links[split, 2]:
            below, upper = upper, parent[upper]
        above[split] = upper
        if upper < 0:
            distinct[split] += 1
        elif from_left[below]:
            above_left[split], known[split] = True, known_left[upper]
        else:
            known[split] = known[upper] - known_left[upper]
        known_left[split] = known[split] * share[split]
        own = tree[split]
        if depth[own] <= level[split]:
            depth[own] = level[split] + 1
        if width[own] < distinct[split]:
            width[own] = distinct[split]
        for side in range(2):
            child = links[split, side]
            if child >= 0:
                parent[child], from_left[child] = split, side == 0
                continue
            weight = reach[split] * (share[split] if side == 0 else 1.0 - share[split])
            for output in range(leaves.shape[1]):
                mean[own, output] += weight * leaves[-1 - child, output]
