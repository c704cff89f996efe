"""From trees whose nodes are numbered together, leaves among splits, to one ensemble."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from workbench.treeshap.ensemble import Splits, TreeEnsemble


@dataclass(frozen=True, eq=False)
class Levels:
    """A split on category codes: ``left`` says by code, from 0 on, who goes left; ``others`` whether all others do."""

    left: np.ndarray
    others: bool


@dataclass(frozen=True, eq=False)
class TreeNodes:
    """One tree, its root first. Arrays have the shape (nodes,) unless said otherwise.

    Attributes:
        left, right: child nodes; negative at leaves.
        column, threshold, missing: as in ``Splits``; they mean nothing at leaves.
        cover: training weight that came there.
        value: what a leaf adds, shape (nodes, outputs of a tree).
        levels: splits on category codes by node.
    """

    left: np.ndarray
    right: np.ndarray
    column: np.ndarray
    threshold: np.ndarray
    missing: np.ndarray
    cover: np.ndarray
    value: np.ndarray
    levels: Mapping[int, Levels] = field(default_factory=dict)


def ensemble_of(
    trees: Sequence[TreeNodes], tree_output: np.ndarray, offset: np.ndarray, columns: int, *, single: bool = False
) -> TreeEnsemble:
    """The sum of ``trees`` and ``offset``; arguments as in ``TreeEnsemble``."""
    trees = [_parents_first(tree) for tree in trees]
    inner = [tree.left >= 0 for tree in trees]
    splits_before = np.cumsum([0, *[int(is_split.sum()) for is_split in inner]])
    leaves_before = np.cumsum([0, *[int((~is_split).sum()) for is_split in inner]])
    start, count = np.zeros(splits_before[-1], np.int32), np.full(splits_before[-1], -1, np.int32)
    others, levels = np.zeros(splits_before[-1], np.bool_), [np.zeros(0, np.bool_)]
    parts, leaves, roots = [], [], []
    reached = 0
    for tree, is_split, splits, so_far in zip(trees, inner, splits_before[:-1], leaves_before[:-1], strict=True):
        number = np.where(is_split, splits - 1 + np.cumsum(is_split), -so_far - np.cumsum(~is_split))
        left, right = tree.left[is_split], tree.right[is_split]
        together = tree.cover[left] + tree.cover[right]
        share = np.divide(tree.cover[left], together, out=np.full(len(left), 0.5), where=together > 0)
        parts.append((
            number[left], number[right], tree.column[is_split], tree.threshold[is_split], tree.missing[is_split], share,
        ))  # fmt: skip
        leaves.append(tree.value[~is_split])
        roots.append(number[0])
        for node, split in tree.levels.items():
            place = number[node]
            start[place], count[place], others[place] = reached, split.left.size, split.others
            levels.append(split.left)
            reached += split.left.size
    left, right, column, threshold, missing, share = (
        (np.concatenate(part) for part in zip(*parts, strict=True)) if parts else (np.zeros(0) for _ in range(6))
    )
    return TreeEnsemble(
        splits=Splits(
            left=left.astype(np.int32),
            right=right.astype(np.int32),
            column=column.astype(np.int32),
            threshold=threshold.astype(np.float64),
            missing=missing.astype(np.uint8),
            left_share=share.astype(np.float64),
            level_start=start,
            level_count=count,
            others_left=others,
            levels=np.concatenate(levels).astype(np.uint8),
        ),
        roots=np.array(roots, dtype=np.int32),
        leaves=np.concatenate(leaves).astype(np.float64) if leaves else np.zeros((0, 1)),
        tree_output=np.asarray(tree_output, dtype=np.int32),
        offset=np.asarray(offset, dtype=np.float64),
        columns=columns,
        single=single,
    )


def _parents_first(tree: TreeNodes) -> TreeNodes:
    """The tree with its nodes level by level, unless parents stand before their children already, as mostly."""
    nodes = np.arange(len(tree.left))
    inner = tree.left >= 0
    if (tree.left[inner] > nodes[inner]).all() and (tree.right[inner] > nodes[inner]).all():
        return tree
    order, here = [], np.zeros(1, dtype=np.int64)
    while here.size:
        order.append(here)
        grown = here[inner[here]]
        here = np.column_stack((tree.left[grown], tree.right[grown])).ravel()
    taken = np.concatenate(order)
    place = np.full(len(nodes), -1)
    place[taken] = np.arange(len(taken))
    left, right = (np.where(child >= 0, place[np.maximum(child, 0)], -1)[taken] for child in (tree.left, tree.right))
    return TreeNodes(
        left, right, tree.column[taken], tree.threshold[taken], tree.missing[taken], tree.cover[taken],
        tree.value[taken], {int(place[node]): levels for node, levels in tree.levels.items()},
    )  # fmt: skip
