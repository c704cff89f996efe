"""A small regression tree whose leaves are rules in words: round cuts, ordered levels, at most three conditions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.tree import DecisionTreeRegressor

from workbench.segments.conditions import Between, Condition, OneOf, all_hold, conjoin
from workbench.segments.figures import roundest
from workbench.segments.measures import MAX_CONDITIONS, Rows
from workbench.segments.reading import MISSING, Floats, Integers, LevelColumn, NumberColumn, Reading, View

SLACK = 0.01
"""Share of a node's rows that a cut may pass over to become a round number."""
_SMOOTHING = 10.0
_WINSOR = 0.005

Leaf = tuple[Condition, ...]


@dataclass(frozen=True)
class Axes:
    """A reading as a tree sees it: numbers with gaps, and levels ordered by the goal.

    Attributes:
        columns: one per axis.
        orders: for a category its codes from the lowest to the highest goal, ``None`` for a number.
    """

    columns: tuple[NumberColumn | LevelColumn, ...]
    orders: tuple[tuple[int, ...] | None, ...]

    def encode(self, reading: Reading) -> Floats:
        """Shape (rows, axes)."""
        out = np.empty((reading.rows, len(self.columns)))
        for axis, (column, order) in enumerate(zip(self.columns, self.orders, strict=True)):
            if order is None:
                out[:, axis] = reading.numbers[column.name]
            else:
                ranks = np.empty(len(order))
                ranks[np.array(order) + 1] = np.arange(len(order))
                out[:, axis] = ranks[reading.codes[column.name] + 1]
        return out


def fit_axes(view: View, reading: Reading, goal: Floats) -> Axes:
    """Order the levels of each category by the goal.

    With one number to predict, the best split of levels is between neighbours in the order of their means (Fisher
    1958); with several classes the first principal component of the class shares gives the order (Coppersmith, Hong
    & Hosking 1999). Means are smoothed with ten rows of the overall mean.

    Args:
        goal: shape (rows, outputs).
    """
    orders = [
        _order(column, reading.codes[column.name], goal) if isinstance(column, LevelColumn) else None
        for column in view.columns
    ]
    return Axes(view.columns, tuple(orders))


def _order(column: LevelColumn, codes: Integers, goal: Floats) -> tuple[int, ...]:
    size = column.other + 2  # MISSING … other, shifted by one
    counts = np.bincount(codes + 1, minlength=size).astype(np.float64)
    sums = np.stack([np.bincount(codes + 1, goal[:, output], size) for output in range(goal.shape[1])], axis=1)
    means = (sums + _SMOOTHING * goal.mean(axis=0)) / (counts + _SMOOTHING)[:, None]
    if goal.shape[1] > 1:
        centred = (means - goal.mean(axis=0)) * np.sqrt(counts)[:, None]
        direction = np.linalg.svd(centred, full_matrices=False)[2][0]
        score = (means - goal.mean(axis=0)) @ direction
    else:
        score = means[:, 0]
    return tuple(int(place) - 1 for place in np.argsort(score, kind="stable"))


def tame(goal: Floats) -> Floats:
    """The goal with its outermost half per cent drawn in: one large customer must not choose the cuts."""
    low, high = np.quantile(goal, [_WINSOR, 1 - _WINSOR], axis=0)
    return np.where(high > low, np.clip(goal, low, high), goal)


def grow(points: Floats, goal: Floats, leaves: int, smallest: int) -> DecisionTreeRegressor:
    """Best-first regression tree; several outputs of 0 and 1 make it the Gini tree of a classification."""
    tree = DecisionTreeRegressor(
        max_leaf_nodes=leaves, max_depth=MAX_CONDITIONS, min_samples_leaf=smallest, random_state=0
    )
    return tree.fit(points, goal)


def within(tree: DecisionTreeRegressor, leaves: int) -> Integers:
    """For every node the one that stands for it in the same tree grown to so many leaves only, shape (nodes,).

    Best-first growth makes its nodes in pairs, the most useful split first, so the tree of k leaves is the first
    2k − 1 nodes of every larger one: one growth gives all sizes.
    """
    inner = tree.tree_
    parents = np.zeros(inner.node_count, dtype=np.int64)
    for children in (inner.children_left, inner.children_right):
        split = np.flatnonzero(children >= 0)
        parents[children[split]] = split
    stands = np.arange(inner.node_count)
    for node in range(2 * leaves - 1, inner.node_count):
        stands[node] = stands[parents[node]]
    return stands


def rules_of(tree: DecisionTreeRegressor, axes: Axes, points: Floats) -> tuple[Leaf, ...]:
    """The tree's leaves as rules with round cut points; every row fulfils exactly one of them.

    Args:
        points: the rows that the tree was grown on; they decide how far a cut may move.
    """
    found: list[Leaf] = []
    inner = tree.tree_

    def walk(node: int, path: Leaf, rows: Rows) -> None:
        if inner.children_left[node] == -1:
            found.append(conjoin(path))
            return
        axis = int(inner.feature[node])
        column, order = axes.columns[axis], axes.orders[axis]
        values = points[rows, axis]
        cut = float(inner.threshold[node])
        absent = np.isnan(values)
        # Without gaps in the training rows, later gaps go where most rows go: scikit-learn's rule too.
        missing_left = bool(inner.missing_go_to_left[node]) if absent.any() else bool(np.mean(values <= cut) >= 0.5)
        if isinstance(column, LevelColumn):
            assert order is not None
            lower, upper = _divide_levels(column, order, values, cut)
            goes_left = np.isin(np.array(order)[values.astype(np.int64)], sorted(lower.codes))
            left: Condition = lower
            right: Condition = upper
        else:
            point = _round_cut(values[~absent], cut, column)
            left = Between(column, high=point, missing=missing_left)
            right = Between(column, low=point, missing=not missing_left)
            goes_left = np.where(absent, missing_left, values < point)
        walk(int(inner.children_left[node]), (*path, left), rows[goes_left])
        walk(int(inner.children_right[node]), (*path, right), rows[~goes_left])

    walk(0, (), np.arange(len(points)))
    return tuple(found)


def _divide_levels(column: LevelColumn, order: tuple[int, ...], values: Floats, cut: float) -> tuple[OneOf, OneOf]:
    """The levels on both sides of a cut.

    Codes that no row of the node has (missing, other) go with the larger side, so that a rule need not name them.
    """
    left = frozenset(order[: int(np.floor(cut)) + 1])
    right = frozenset(order) - left
    seen = {order[int(value)] for value in np.unique(values)}
    loose = frozenset({MISSING, column.other} - seen)
    larger_left = bool(np.mean(values <= cut) >= 0.5)
    left, right = left - loose, right - loose
    if larger_left:
        return OneOf(column, left | loose), OneOf(column, right)
    return OneOf(column, left), OneOf(column, right | loose)


def _round_cut(known: Floats, cut: float, column: NumberColumn) -> float:
    """The roundest value that splits almost as ``cut`` does: below it is left."""
    below, above = known[known <= cut], known[known > cut]
    if not len(below) or not len(above):
        return cut
    at = len(below) / len(known)
    low, high = np.quantile(known, [max(0.0, at - SLACK), min(1.0, at + SLACK)])
    low, high = min(float(low), float(below.max())), max(float(high), float(above.min()))
    if column.newest is not None:
        low, high = np.floor(low), max(np.floor(high), np.floor(low) + 1)  # whole days
    return roundest(low, high, cut)


def assign_leaves(leaves: tuple[Leaf, ...], reading: Reading) -> Integers:
    """The leaf of every row, shape (rows,)."""
    labels = np.zeros(reading.rows, dtype=np.int64)
    for place, leaf in enumerate(leaves):
        labels[all_hold(leaf, reading)] = place
    return labels
