"""Interventional Shapley values: unknown columns are taken together from background rows."""

from __future__ import annotations

from math import factorial

import numpy as np

from workbench.cores import cores
from workbench.treeshap.decisions import goes_left
from workbench.treeshap.ensemble import TreeEnsemble
from workbench.treeshap.packed import Packed
from workbench.treeshap.values import in_parts

WORD = 64
"""Background rows that are looked at together."""
MOST_COLUMNS = 63
"""On a path: sizes are counted in six bits."""


def interventional_values(
    ensemble: TreeEnsemble, matrix: np.ndarray, background: np.ndarray, *, threads: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Exact Shapley values where unknown columns are taken together from each background row.

    Lundberg et al. 2020, "From local explanations to global understanding with explainable AI for trees"; Janzing,
    Minorics & Blöbaum 2020, "Feature relevance quantification in explainable AI: a causal problem".

    Args:
        matrix: shape (rows, columns).
        background: at least one row, shape (background rows, columns).

    Returns:
        the mean over the background rows, shape (rows, columns, outputs), and what the ensemble says of them on
        average, shape (outputs,): together they add up to the ensemble's outputs.

    Raises:
        ValueError: leaves hold lines, or a path asks more than 63 columns.
    """
    from workbench.treeshap.background_kernel import add_background_values  # numba takes half a second to load

    if ensemble.lines is not None:
        raise ValueError("Values against background rows are not known where leaves hold lines.")
    packed = Packed.of(ensemble, ensemble.paths)
    if 2 * packed.most > MOST_COLUMNS:
        raise ValueError(f"Values against background rows are known for at most {MOST_COLUMNS} columns on a path.")
    rows, others = ensemble.rows(matrix), ensemble.rows(background)
    values, base = np.zeros((ensemble.outputs, len(rows), ensemble.columns)), np.zeros(ensemble.outputs)
    in_a, in_b = _weights(2 * packed.most + 1)
    leaves = np.require(ensemble.leaves, requirements=["C", "W"])
    for start in range(0, len(others), WORD):
        some = others[start : start + WORD]
        left = np.zeros(len(ensemble.splits.left), dtype=np.uint64)
        for place, other in enumerate(some):
            goes = goes_left(ensemble.splits, other[ensemble.splits.column])
            left |= goes.astype(np.uint64) << np.uint64(place)
            base += ensemble.total(_said(ensemble, goes))
        every = np.uint64((1 << len(some)) - 1)

        def work(first: int, last: int, left: np.ndarray = left, every: np.uint64 = every) -> None:
            add_background_values(
                packed.links, packed.figures, packed.levels, packed.trees, leaves, packed.deep, left, every,
                in_a, in_b, rows, first, last, values,
            )  # fmt: skip

        if len(rows) and len(packed.trees):
            in_parts(work, len(rows), 1, threads or cores())
    return np.moveaxis(values / len(others), 0, 2), base / len(others)


def _said(ensemble: TreeEnsemble, left: np.ndarray) -> np.ndarray:
    """What each tree says of a row that goes left as told, shape (trees, outputs of a tree)."""
    node = ensemble.roots.copy()
    while (inner := np.flatnonzero(node >= 0)).size:
        at = node[inner]
        node[inner] = np.where(left[at], ensemble.splits.left[at], ensemble.splits.right[at])
    return np.asarray(ensemble.leaves[-1 - node])


def _weights(most: int) -> tuple[np.ndarray, np.ndarray]:
    """What a column in A and one in B gets of a leaf, by the sizes of A and B."""
    in_a, in_b = np.zeros((most + 1, most + 1)), np.zeros((most + 1, most + 1))
    for a in range(most + 1):
        for b in range(most + 1):
            if a:
                in_a[a, b] = factorial(a - 1) * factorial(b) / factorial(a + b)
            if b:
                in_b[a, b] = factorial(a) * factorial(b - 1) / factorial(a + b)
    return in_a, in_b
