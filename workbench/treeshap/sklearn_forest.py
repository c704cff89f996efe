"""scikit-learn's trees and forests as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.treeshap.ensemble import Splits, TreeEnsemble


def of_forest(forest: Any) -> TreeEnsemble:
    """A fitted tree or forest with one target: the mean of its trees.

    Args:
        forest: a ``DecisionTree``, ``ExtraTree``, ``RandomForest`` or ``ExtraTrees`` regressor or classifier. Of two
            classes the second's probability is given, of more all, of a regressor the prediction.
    """
    members = forest.estimators_ if hasattr(forest, "estimators_") else [forest]
    trees = [member.tree_ for member in members]
    inner = [tree.children_left >= 0 for tree in trees]
    splits_before = np.cumsum([0, *[int(is_split.sum()) for is_split in inner]])
    leaves_before = np.cumsum([0, *[int((~is_split).sum()) for is_split in inner]])
    parts: list[tuple[np.ndarray, ...]] = []
    leaves, roots = [], []
    for tree, is_split, splits, so_far in zip(trees, inner, splits_before[:-1], leaves_before[:-1], strict=True):
        number = np.where(is_split, np.cumsum(is_split) - 1 + splits, -np.cumsum(~is_split) - so_far)
        left, right = tree.children_left[is_split], tree.children_right[is_split]
        weight = tree.weighted_n_node_samples
        together = weight[left] + weight[right]
        share = np.divide(weight[left], together, out=np.full(len(left), 0.5), where=together > 0)
        parts.append((
            number[left], number[right], tree.feature[is_split], tree.threshold[is_split],
            tree.missing_go_to_left[is_split], share,
        ))  # fmt: skip
        leaves.append(tree.value[~is_split, 0, :])
        roots.append(number[0])
    left, right, column, threshold, missing, share = (np.concatenate(part) for part in zip(*parts, strict=True))
    worth = np.concatenate(leaves)
    if worth.shape[1] == 2 and hasattr(forest, "classes_"):
        worth = worth[:, 1:]
    count = left.size
    return TreeEnsemble(
        splits=Splits(
            left=left.astype(np.int32),
            right=right.astype(np.int32),
            column=column.astype(np.int32),
            threshold=threshold.astype(np.float64),
            missing=missing.astype(np.uint8),  # 0 and 1 are NAN_RIGHT and NAN_LEFT
            left_share=share,
            level_start=np.zeros(count, np.int32),
            level_count=np.full(count, -1, np.int32),
            others_left=np.zeros(count, np.bool_),
            levels=np.zeros(0, np.uint8),
        ),
        roots=np.array(roots, dtype=np.int32),
        leaves=np.ascontiguousarray(worth / len(trees)),
        tree_output=np.zeros(len(trees), np.int32),
        offset=np.zeros(worth.shape[1]),
        columns=int(forest.n_features_in_),
        single=True,
    )
