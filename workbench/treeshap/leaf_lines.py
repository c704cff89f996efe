"""The lines of leaves, brought into the order in which the kernel walks."""

from __future__ import annotations

import numpy as np

from workbench.treeshap.ensemble import Lines, TreeEnsemble


def lines_of(
    ensemble: TreeEnsemble, leaf: np.ndarray, column: np.ndarray, slope: np.ndarray, mean: np.ndarray, gap: np.ndarray
) -> Lines:
    """Of entries that say which leaf's line has which column.

    Args:
        ensemble: with the same leaves.
        leaf, column, slope, mean: shape (entries,), sorted by leaf; each column stands on its leaf's path.
        gap: shape (leaves,).
    """
    first, last = _on_the_path(ensemble, leaf, column)
    order = np.lexsort((first, leaf))
    start = np.searchsorted(leaf[order], np.arange(len(gap) + 1))
    return Lines(start, column[order], last[order], slope[order], mean[order], gap)


def leaf_means(reference: np.ndarray, reached: np.ndarray, leaves_of: np.ndarray) -> np.ndarray:
    """Mean of each column over the reference rows in each leaf that have a value; over all rows where none is there.

    Args:
        reached: number of the leaf within its tree, shape (reference rows, trees).
        leaves_of: leaves of each tree, shape (trees,).

    Returns:
        shape (leaves, columns); 0 for a column without any value.
    """
    known = ~np.isnan(reference)
    figures = np.where(known, reference, 0.0)
    usual = figures.sum(axis=0) / np.maximum(1, known.sum(axis=0))
    means = np.empty((int(leaves_of.sum()), reference.shape[1]))
    place = 0
    for tree, leaves in enumerate(leaves_of):
        inside = (reached[:, tree] == np.arange(leaves)[:, None]).astype(np.float64)
        rows = inside @ known
        means[place : place + leaves] = np.where(rows > 0, inside @ figures / np.maximum(1, rows), usual)
        place += int(leaves)
    return means


def _on_the_path(ensemble: TreeEnsemble, leaf: np.ndarray, column: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Levels of the first and the last split on the way to each entry's leaf that asks its column."""
    splits, level = ensemble.splits, ensemble.paths.level
    parent = np.full(len(splits.left), -1)
    above_leaf = np.full(len(ensemble.leaves), -1)
    for children in (splits.left, splits.right):
        inner = np.flatnonzero(children >= 0)
        parent[children[inner]] = inner
        outer = np.flatnonzero(children < 0)
        above_leaf[-1 - children[outer]] = outer
    first, last = np.zeros(len(leaf), np.int64), np.full(len(leaf), -1, np.int64)
    at, climbing = above_leaf[leaf], np.arange(len(leaf))
    while climbing.size:
        climbing, at = climbing[at >= 0], at[at >= 0]
        asked = splits.column[at] == column[climbing]
        hit = climbing[asked]
        first[hit] = level[at[asked]]
        last[hit] = np.where(last[hit] < 0, level[at[asked]], last[hit])
        at = parent[at]
    return first, last
