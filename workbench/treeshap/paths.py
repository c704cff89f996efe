"""What is known of each split by the way that leads to it, for all trees at once."""

from __future__ import annotations

import numpy as np

from workbench.treeshap.ensemble import Paths, TreeEnsemble


def follow(ensemble: TreeEnsemble) -> Paths:
    """Go down all trees together, level by level."""
    splits, trees = ensemble.splits, len(ensemble.roots)
    count = len(splits.left)
    parent, tree = np.full(count, -1, np.int32), np.zeros(count, np.int32)
    for children in (splits.left, splits.right):
        inner = np.flatnonzero(children >= 0)
        parent[children[inner]] = inner
    level, distinct = np.zeros(count, np.int32), np.zeros(count, np.int32)
    above, above_left = _last_on_the_same_column(splits.column, splits.left, parent)
    known, known_left, reach = np.ones(count), np.ones(count), np.ones(count)
    depth, width = np.zeros(trees, np.int64), np.zeros(trees, np.int64)
    mean = np.zeros((trees, ensemble.leaves.shape[1]))
    alone = np.flatnonzero(ensemble.roots < 0)
    mean[alone] = ensemble.leaves[-1 - ensemble.roots[alone]]
    grown = np.flatnonzero(ensemble.roots >= 0)
    here = ensemble.roots[grown]
    tree[here] = grown
    while here.size:
        asked = above[here]
        later = asked >= 0
        known[here[later]] = np.where(
            above_left[here[later]], known_left[asked[later]], known[asked[later]] - known_left[asked[later]]
        )
        distinct[here] += ~later
        known_left[here] = known[here] * splits.left_share[here]
        depth[tree[here]] = level[here] + 1
        np.maximum.at(width, tree[here], distinct[here])
        below = []
        for children, share in ((splits.left, splits.left_share), (splits.right, 1 - splits.left_share)):
            child, weight = children[here], reach[here] * share[here]
            inner = child >= 0
            np.add.at(mean, tree[here[~inner]], weight[~inner, None] * ensemble.leaves[-1 - child[~inner]])
            child = child[inner]
            reach[child] = weight[inner]
            for figure, more in ((tree, 0), (level, 1), (distinct, 0)):
                figure[child] = figure[here[inner]] + more
            below.append(child)
        here = np.concatenate(below)
    # the integrand is a polynomial of a degree below the number of columns on a path
    points = np.maximum(1, -(-width // 2))
    return Paths(
        above=above, above_left=above_left, level=level, known=known, known_left=known_left, depth=depth, points=points,
        mean=mean,
    )  # fmt: skip


def _last_on_the_same_column(column: np.ndarray, left: np.ndarray, parent: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each split the last one above it that asks its column, −1 where none does; and whether it is on its left."""
    above, above_left = np.full(len(column), -1, np.int32), np.zeros(len(column), np.bool_)
    climbing, below, asked = np.arange(len(column)), np.arange(len(column)), parent
    while climbing.size:
        going = asked >= 0
        climbing, below, asked = climbing[going], below[going], asked[going]
        found = column[asked] == column[climbing]
        above[climbing[found]], above_left[climbing[found]] = asked[found], left[asked[found]] == below[found]
        climbing, below, asked = climbing[~found], asked[~found], parent[asked[~found]]
    return above, above_left
