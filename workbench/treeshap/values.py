"""Shapley values and interactions of an ensemble: rows in blocks, blocks over the cores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import numpy as np

from workbench.cores import cores
from workbench.treeshap.ensemble import Paths, TreeEnsemble
from workbench.treeshap.packed import Packed

WIDTH = 64
"""Rows of a block at most: enough that the walk itself costs little, few enough to stay in the processor's cache."""
LANES = 16
"""A block's rows are a multiple of this: so many figures make whole vector instructions."""
OUTPUTS = 4
"""Walked for at once: they share the way down, and each takes room."""
WORK_BYTES = 64_000_000
"""What a block may take of very deep trees, or for the interactions of very many columns."""


def shapley_values(ensemble: TreeEnsemble, matrix: np.ndarray, *, threads: int | None = None) -> np.ndarray:
    """Exact path-dependent Shapley values, which add up to the ensemble's outputs less ``ensemble.base``.

    Args:
        matrix: shape (rows, columns), NaN where there is no value.
        threads: as many as there are cores by default.

    Returns:
        shape (rows, columns, outputs).
    """
    rows = ensemble.rows(matrix)
    values = np.zeros((ensemble.outputs, len(rows), ensemble.columns))
    _walk(ensemble, ensemble.paths, rows, values, threads)
    return np.moveaxis(values, 0, 2)


def shapley_interactions(
    ensemble: TreeEnsemble, matrix: np.ndarray, groups: np.ndarray | None = None, *, threads: int | None = None
) -> np.ndarray:
    """Exact path-dependent Shapley interaction values of pairs of columns, or of groups of columns.

    Half of what a pair does together stands on each side of the diagonal, as shap has it; what a column does alone, and
    with columns that have no group, on it: rows add up to the Shapley values.

    Args:
        matrix: shape (rows, columns).
        groups: number of each column's group, −1 for columns whose interactions are not asked for; by default each
            column is a group. Shape (columns,).

    Returns:
        shape (rows, groups, groups, outputs).

    Raises:
        ValueError: leaves hold lines.
    """
    if ensemble.lines is not None:
        raise ValueError("Interactions are not known where leaves hold lines.")
    rows = ensemble.rows(matrix)
    own = np.arange(ensemble.columns) if groups is None else np.asarray(groups)
    count = int(own.max(initial=-1)) + 1
    values = np.zeros((ensemble.outputs, len(rows), ensemble.columns))
    found = np.zeros((ensemble.outputs, len(rows), count, count))
    _walk(ensemble, ensemble.paths, rows, values, threads, own, found)
    found = (found + found.swapaxes(2, 3)) / 2
    alone = -found.sum(axis=3)
    for column, group in enumerate(own):
        if group >= 0:
            alone[:, :, group] += values[:, :, column]
    diagonal = np.arange(count)
    found[:, :, diagonal, diagonal] = alone
    return np.moveaxis(found, 0, 3)


def _walk(
    ensemble: TreeEnsemble,
    paths: Paths,
    rows: np.ndarray,
    values: np.ndarray,
    threads: int | None,
    groups: np.ndarray | None = None,
    interactions: np.ndarray | None = None,
) -> None:
    """Add to ``values``, shape (outputs, rows, columns), and ``interactions``, (outputs, rows, groups, groups)."""
    from workbench.treeshap.kernel import add_values  # numba takes half a second to load

    if not len(rows) or not ensemble.splits.left.size:
        return
    own = None if groups is None else np.asarray(groups, dtype=np.int64)
    packed = Packed.of(ensemble, paths)
    places, weights = quadrature(packed.most)
    spread = threads or cores()
    pairs = 0 if interactions is None else interactions.shape[2]
    width = block_width(len(rows), spread, _bytes_of_a_row(ensemble, pairs))
    for leaves, chosen in _together(ensemble):

        def work(first: int, last: int, leaves: np.ndarray = leaves, chosen: slice = chosen) -> None:
            add_values(
                packed.links, packed.figures, packed.levels, packed.trees, leaves, packed.lines, places, weights,
                packed.deep, rows, first, last, width, values[chosen], own,
                None if interactions is None else interactions[chosen],
            )  # fmt: skip

        in_parts(work, len(rows), width, spread)


def _together(ensemble: TreeEnsemble) -> Iterator[tuple[np.ndarray, slice]]:
    """Leaves of as many outputs as are walked for at once, and which outputs these are."""
    each = ensemble.leaves.shape[1]
    if each == 1:
        yield _own(ensemble.leaves), slice(None)
        return
    for start in range(0, each, OUTPUTS):
        chosen = slice(start, min(each, start + OUTPUTS))
        yield _own(ensemble.leaves[:, chosen]), chosen


def _own(array: np.ndarray) -> np.ndarray:
    """Writable and in one piece, as the kernel was compiled for: others would have it compiled once more."""
    return np.require(array, requirements=["C", "W"])


def block_width(rows: int, threads: int, bytes_of_a_row: int) -> int:
    """Rows of a block: all threads get work, and a block takes no more than it may, if it can."""
    most = max(LANES, min(WIDTH, WORK_BYTES // max(1, bytes_of_a_row) // LANES * LANES))
    blocks = -(-rows // most)
    if blocks < threads and rows > LANES:
        blocks = min(threads, -(-rows // LANES))
    return min(most, -(-rows // blocks // LANES) * LANES)


def in_parts(work: Callable[[int, int], None], rows: int, width: int, threads: int) -> None:
    """Call ``work(first, last)`` over parts of whole blocks, on ``threads`` threads."""
    blocks = -(-rows // width)
    if threads == 1 or blocks == 1:
        work(0, rows)
        return
    # a few parts a thread: the last one waits for no long other
    parts = np.unique(np.linspace(0, blocks, min(blocks, 4 * threads) + 1).astype(int)) * width
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, parts[:-1], np.minimum(parts[1:], rows)))


@lru_cache(maxsize=4)
def quadrature(most: int) -> tuple[np.ndarray, np.ndarray]:
    """Places and weights on 0 … 1 for up to ``most`` points; row k has those for k, shape (most + 1, most)."""
    places, weights = np.zeros((most + 1, most)), np.zeros((most + 1, most))
    for points in range(1, most + 1):
        x, w = np.polynomial.legendre.leggauss(points)
        places[points, :points], weights[points, :points] = (x + 1) / 2, w / 2
    return places, weights


def _bytes_of_a_row(ensemble: TreeEnsemble, groups: int) -> int:
    paths, together = ensemble.paths, min(OUTPUTS, ensemble.leaves.shape[1])
    walk: int = (int(paths.depth.max()) + 2) * int(paths.points.max()) * (2 + 2 * together)
    figures: int = walk + ensemble.outputs * (ensemble.columns + groups * groups)
    return 8 * figures
