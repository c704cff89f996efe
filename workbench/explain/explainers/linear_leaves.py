"""LightGBM's trees with linear leaves: exact path-dependent Shapley values, which the library doesn't compute."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from workbench.explain.explainers._base import Contributions, Matrix, dense, take
from workbench.explain.explainers.lightgbm_scores import Boosted, LightGBMScores
from workbench.explain.explainers.path_shapley import Levels, PathTree

REFERENCE_ROWS = 500
_CELLS = 1_000_000
"""Numbers in one intermediate array: bounds memory, not the result."""


@dataclass(frozen=True, eq=False)
class LinearTree:
    """A tree whose leaves hold lines, as a game: see ``LinearLeavesExplainer``.

    Attributes:
        tree: its leaves are worth what their lines say at the means.
        slope, mean: of the column of each place on a leaf's path, shape (leaves, columns on a path); 0 without a line.
        gap: what a leaf is worth for a row that lacks a value of its line, less what it is worth at the means;
            shape (leaves,).
    """

    tree: PathTree
    slope: np.ndarray
    mean: np.ndarray
    gap: np.ndarray

    @classmethod
    def of(cls, root: dict[str, Any], reference: np.ndarray) -> LinearTree:
        """From LightGBM's dump of a tree; means are those of the reference rows that come to the leaf."""
        nodes, tree = _plain(root)
        paths = tree.paths
        slope, mean = np.zeros(paths.column.shape), np.zeros(paths.column.shape)
        usual = _means(reference, np.ones(len(reference), dtype=bool))
        comes = np.asarray(paths.follows(tree.goes_left(reference)).all(axis=2))
        gap = np.zeros(len(paths.leaf))
        for place, node in enumerate(paths.leaf):
            leaf = nodes[node]
            here = _means(reference, comes[:, place])
            for column, coefficient in zip(leaf.get("leaf_features", ()), leaf.get("leaf_coeff", ()), strict=True):
                slot = int(np.flatnonzero(paths.column[place] == column)[0])
                slope[place, slot] = coefficient
                mean[place, slot] = here[column] if np.isfinite(here[column]) else np.nan_to_num(usual[column])
            tree.value[node] = float(leaf.get("leaf_const", leaf["leaf_value"])) + slope[place] @ mean[place]
            gap[place] = float(leaf["leaf_value"]) - tree.value[node]
        del tree.__dict__["paths"]  # they know the values
        return cls(tree, slope, mean, gap)

    def contributions(self, matrix: np.ndarray, values: np.ndarray) -> None:
        """Add to ``values``, shape (rows, columns), what each column contributes."""
        self.tree.contributions(matrix, values)
        if not self.slope.any():
            return
        paths = self.tree.paths
        block = max(1, _CELLS // paths.followed.size)
        for start in range(0, len(matrix), block):
            part = slice(start, start + block)
            each = self._lines(matrix[part])
            flat = each.reshape(len(each), -1)[:, paths.order]
            values[part, paths.columns] += np.add.reduceat(flat, paths.starts, axis=1)

    def _lines(self, matrix: np.ndarray) -> np.ndarray:
        """What the lines add to the contributions; shape (rows, leaves, columns on a path)."""
        paths, drawn = self.tree.paths, self.slope != 0
        seen = matrix[:, paths.column]
        absent = np.isnan(seen) & drawn
        worth = np.where(drawn & ~absent, self.slope * (np.nan_to_num(seen) - self.mean), 0.0)
        # the first column that is absent stands for all: without it the leaf falls back to its constant
        first = absent & (absent.cumsum(axis=2) == 1)
        worth = np.where(absent.any(axis=2)[..., None], np.where(first, self.gap[:, None], 0.0), worth)
        follows = paths.follows(self.tree.goes_left(matrix))
        known = follows[..., None]
        product = np.where(known, paths.factor[1], paths.factor[0]).prod(axis=2) * paths.weights
        step = np.where(known, paths.followed, paths.missed)
        line = np.where(follows, worth, 0.0)[..., None] / paths.factor[1]
        together = (line * paths.points).sum(axis=2, keepdims=True)
        terms = step * (together - line * paths.points) + line
        return np.asarray((terms * product[:, :, None, :]).sum(axis=3))


class LinearLeavesExplainer(LightGBMScores):
    """Path-dependent Shapley values of trees with linear leaves.

    The game of ``path_shapley``, where a leaf with the line c + Σ b_j x_j is worth c + Σ b_j m_j plus
    b_j (x_j − m_j) for each j that is known: an unknown column stands at its mean m_j among the reference rows in that
    leaf. Each term is a product over the columns of the path, with (b_j (x_j − m_j) o_j) q in the place of column j's
    factor r_j + q (o_j − r_j), so the same quadrature is exact. A row that lacks a value of the line gets the leaf's
    constant, by the column that is absent.
    """

    method = "exact path-dependent Shapley values of linear leaves"
    untimed_rows = 2_000

    @classmethod
    def supports(cls, estimator: Any) -> bool:
        """LightGBM's regressions with ``linear_tree``."""
        found = Boosted.of(estimator)
        return found is not None and found.lines and not found.classes

    @classmethod
    def reference_from(cls, matrix: Matrix, seed: int) -> np.ndarray:
        """Some rows drawn without replacement, shape (up to 500, derived columns)."""
        rows = matrix.shape[0]
        chosen = np.random.default_rng(seed).choice(rows, size=min(rows, REFERENCE_ROWS), replace=False)
        return dense(take(matrix, np.sort(chosen)))

    def contributions(self, matrix: Matrix) -> Contributions:
        """The sum over the trees."""
        rows = dense(matrix)
        values, base = np.zeros(rows.shape), 0.0
        for tree in self._trees:
            tree.contributions(rows, values)
            base += tree.tree.base
        return Contributions(values[..., None], np.array([base]))

    @cached_property
    def _trees(self) -> list[LinearTree]:
        assert self.reference is not None
        # as predictions do: only the rounds that count
        dump = self.boosted.booster.dump_model(num_iteration=self.boosted.rounds)
        return [LinearTree.of(tree["tree_structure"], self.reference) for tree in dump["tree_info"]]


def _means(reference: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Of each column over the known values, NaN where there is none."""
    part = reference[rows]
    known = ~np.isnan(part)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(known, part, 0.0).sum(axis=0) / known.sum(axis=0))


def _plain(root: dict[str, Any]) -> tuple[list[dict[str, Any]], PathTree]:
    """The nodes of a dump, the root first, and the tree that they make; its leaves are worth nothing yet."""
    nodes, children = [root], [(-1, -1)]
    for place, node in enumerate(nodes):  # grows while it is walked
        if "split_feature" in node:
            children[place] = (len(nodes), len(nodes) + 1)
            nodes += [node["left_child"], node["right_child"]]
            children += [(-1, -1), (-1, -1)]
    levels = {place: _levels(node) for place, node in enumerate(nodes) if node.get("decision_type") == "=="}
    left, right = np.array(children, dtype=np.intp).T
    tree = PathTree(
        left=left,
        right=right,
        column=np.array([node.get("split_feature", 0) for node in nodes], dtype=np.intp),
        threshold=np.array(
            [0.0 if place in levels else float(node.get("threshold", 0)) for place, node in enumerate(nodes)]
        ),
        missing_left=np.array([place not in levels and _missing_left(node) for place, node in enumerate(nodes)]),
        levels=levels,
        cover=np.array([node.get("internal_count", node.get("leaf_count", 1)) for node in nodes], dtype=np.float64),
        value=np.zeros(len(nodes)),
        at_most=True,
    )
    return nodes, tree


def _levels(node: dict[str, Any]) -> Levels:
    codes = [int(code) for code in str(node["threshold"]).split("||")]
    left = np.zeros(max(codes) + 1, dtype=bool)
    left[codes] = True
    return Levels(left, others=False)


def _missing_left(node: dict[str, Any]) -> bool:
    """Where no value was missing in training, a missing one counts as zero."""
    if node.get("missing_type", "None") == "NaN":
        return bool(node["default_left"])
    return bool(float(node.get("threshold", 0)) >= 0)
