"""Exact path-dependent Shapley values of boosted trees, for libraries that don't compute them in double precision.

In the game of Lundberg, Erion & Lee 2018 ("Consistent individualized feature attribution for tree ensembles") a split
on an unknown column sends a row both ways, by the share of the training rows that went there. For a leaf with value v,
o_j = 1 if the row follows every split on column j of its path and r_j = the product of those shares, the values are

    φ_i = ∫₀¹ v · (o_i − r_i) · Π_{j≠i} (r_j + q (o_j − r_j)) dq

summed over the leaves. The integrand is a polynomial in q of a degree below the number of columns on the path, so
Gauss-Legendre quadrature with half as many nodes is exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

_CELLS = 2_000_000
"""Numbers in one intermediate array: bounds memory, not the result."""


@dataclass(frozen=True, eq=False)
class Levels:
    """A split on category codes: ``left`` says by code, from 0 on, who goes left; ``others`` whether all others do."""

    left: np.ndarray
    others: bool

    def goes_left(self, codes: np.ndarray) -> np.ndarray:
        """Shape (rows,); what is said of NaN means nothing."""
        known = (codes >= 0) & (codes < self.left.size)
        return np.where(known, self.left[np.where(known, codes, 0).astype(np.intp)], self.others)


@dataclass(frozen=True, eq=False)
class PathTree:
    """One tree, its root first. Arrays have the shape (nodes,).

    Attributes:
        left, right: child nodes; −1 at leaves.
        column: that a node splits on.
        threshold: in the precision in which it is compared; below it (or ``at_most`` it) a row goes left.
        missing_left: whether a row without a value goes left.
        levels: splits on category codes by node.
        cover: weight of the training rows that came there.
        value: what a leaf adds to the score.
    """

    left: np.ndarray
    right: np.ndarray
    column: np.ndarray
    threshold: np.ndarray
    missing_left: np.ndarray
    levels: Mapping[int, Levels]
    cover: np.ndarray
    value: np.ndarray
    at_most: bool

    def goes_left(self, matrix: np.ndarray) -> np.ndarray:
        """Shape (rows, nodes)."""
        seen = matrix[:, self.column].astype(self.threshold.dtype)
        left = seen <= self.threshold if self.at_most else seen < self.threshold
        for node, split in self.levels.items():
            left[:, node] = split.goes_left(seen[:, node])
        return np.where(np.isnan(seen), self.missing_left, left)

    @cached_property
    def base(self) -> float:
        """What the tree adds on average over its training rows."""
        paths = self.paths
        return float((paths.value * paths.ratio.prod(axis=1)).sum())

    def contributions(self, matrix: np.ndarray, values: np.ndarray) -> None:
        """Add to ``values``, shape (rows, columns), what each column contributes."""
        paths = self.paths
        if paths.column.shape[1] == 0:
            return
        block = max(1, _CELLS // paths.followed.size)
        for start in range(0, len(matrix), block):
            part = slice(start, start + block)
            each = paths.contributions(self.goes_left(matrix[part]))
            flat = each.reshape(len(each), -1)[:, paths.order]
            values[part, paths.columns] += np.add.reduceat(flat, paths.starts, axis=1)

    @cached_property
    def paths(self) -> Paths:
        """The ways to the leaves."""
        return Paths.of(self)

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name not in ("paths", "base")}


@dataclass(frozen=True, eq=False)
class Paths:
    """The ways to all leaves side by side, filled up with a column that changes nothing.

    Attributes:
        edge_node, edge_left, edge_slot: shape (leaves, longest path): which split, which way, of which column.
        leaf: the node of each leaf, shape (leaves,).
        column, ratio: shape (leaves, most columns on a path): columns, −1 where filled up, and r.
        followed, missed: (1 − r) and −r, each over its factor, for o = 1 and o = 0; shape (leaves, columns, nodes).
        factor: of o = 0 and o = 1, shape (2, leaves, columns, nodes).
        points, weights: of the quadrature, shape (nodes,).
        order, starts, columns: how entries of (leaves, columns) are summed by column.
    """

    edge_node: np.ndarray
    edge_left: np.ndarray
    edge_slot: np.ndarray
    leaf: np.ndarray
    column: np.ndarray
    ratio: np.ndarray
    value: np.ndarray
    followed: np.ndarray
    missed: np.ndarray
    factor: np.ndarray
    points: np.ndarray
    weights: np.ndarray
    order: np.ndarray
    starts: np.ndarray
    columns: np.ndarray

    @classmethod
    def of(cls, tree: PathTree) -> Paths:
        """Of a tree, its leaves from right to left."""
        leaves: list[tuple[int, list[tuple[int, bool, int]], dict[int, float]]] = []
        stack: list[tuple[int, list[tuple[int, bool, int]], dict[int, float]]] = [(0, [], {})]
        while stack:
            node, edges, ratios = stack.pop()
            if tree.left[node] < 0:
                leaves.append((node, edges, ratios))
                continue
            split = int(tree.column[node])
            total = float(tree.cover[tree.left[node]] + tree.cover[tree.right[node]])
            for child, left in ((int(tree.left[node]), True), (int(tree.right[node]), False)):
                share = float(tree.cover[child]) / total if total > 0 else 0.5
                passed = {**ratios, split: ratios.get(split, 1.0) * share}
                stack.append((child, [*edges, (node, left, list(passed).index(split))], passed))
        length = max(len(edges) for _, edges, _ in leaves)
        width = max(len(ratios) for _, _, ratios in leaves)
        shape = (len(leaves), length)
        edge_node, edge_left = np.zeros(shape, dtype=np.intp), np.zeros(shape, dtype=bool)
        edge_slot = np.full(shape, width, dtype=np.intp)
        column: np.ndarray = np.full((len(leaves), width), -1, dtype=np.intp)
        ratio = np.ones((len(leaves), width))
        for place, (_, edges, ratios) in enumerate(leaves):
            for step, edge in enumerate(edges):
                edge_node[place, step], edge_left[place, step], edge_slot[place, step] = edge
            column[place, : len(ratios)], ratio[place, : len(ratios)] = list(ratios), list(ratios.values())
        points, weights = np.polynomial.legendre.leggauss(max(1, -(-width // 2)))
        points, weights = (points + 1) / 2, weights / 2
        r = ratio[:, :, None]
        factor = np.stack([r * (1 - points), r + points * (1 - r)])
        order = np.argsort(column.ravel(), kind="stable")
        order = order[column.ravel()[order] >= 0]
        columns, starts = np.unique(column.ravel()[order], return_index=True)
        # where filled up, r is 1 and the row counts as following: its factor is 1 and its term 0
        missed = np.broadcast_to(-1 / (1 - points), factor[0].shape)
        leaf = np.array([node for node, _, _ in leaves], dtype=np.intp)
        return cls(
            edge_node, edge_left, edge_slot, leaf, column, ratio, tree.value[leaf].astype(np.float64),
            (1 - r) / factor[1], missed, factor, points, weights, order, starts, columns,
        )  # fmt: skip

    def follows(self, goes_left: np.ndarray) -> np.ndarray:
        """Whether rows follow all splits on a column of a path; shape (rows, leaves, columns on a path)."""
        rows, (leaves, width) = len(goes_left), self.column.shape
        follows = np.ones((rows, leaves, width + 1), dtype=bool)
        every = np.arange(leaves)
        for step in range(self.edge_node.shape[1]):
            agrees = goes_left[:, self.edge_node[:, step]] == self.edge_left[:, step]
            # the last place takes the steps that shorter paths don't have
            follows[:, every, self.edge_slot[:, step]] &= agrees
        return follows[:, :, :width]

    def contributions(self, goes_left: np.ndarray) -> np.ndarray:
        """Of each column of each leaf's path; shape (rows, leaves, columns on a path)."""
        rows, (leaves, width) = len(goes_left), self.column.shape
        follows = self.follows(goes_left)
        if rows <= 1 << width:
            return self._of(follows)
        # fewer ways to follow a path than rows: each is worked out once
        bits = np.arange(width)
        ways = (np.arange(1 << width)[:, None] >> bits & 1).astype(bool)
        known = self._of(np.broadcast_to(ways[:, None, :], (len(ways), leaves, width)))
        return np.asarray(known[follows @ (1 << bits), np.arange(leaves)])

    def _of(self, follows: np.ndarray) -> np.ndarray:
        """What columns contribute where the row follows their splits or not; the same shape."""
        o = follows[..., None]
        product = np.where(o, self.factor[1], self.factor[0]).prod(axis=2)
        terms = np.where(o, self.followed, self.missed) * (product * self.weights)[:, :, None, :]
        found: np.ndarray = terms.sum(axis=3) * self.value[:, None]
        return found
