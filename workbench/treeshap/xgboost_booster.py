"""XGBoost's boosters as arrays, read from the document that a booster writes of itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from workbench.treeshap.ensemble import NAN_LEFT, NAN_RIGHT, TreeEnsemble
from workbench.treeshap.nodes import Levels, TreeNodes, ensemble_of


def of_xgboost(model: Mapping[str, Any], offset: np.ndarray, columns: int) -> TreeEnsemble:
    """The margin of a booster, added up in double precision.

    Args:
        model: what ``save_raw("json")`` gives below ``learner``, ``gradient_booster``, ``model``.
        offset: where boosting began, shape (outputs,).
    """
    trees = [_tree(tree) for tree in model["trees"]]
    return ensemble_of(trees, np.asarray(model["tree_info"], dtype=np.int32), offset, columns, single=True)


def leaf_values(model: Mapping[str, Any]) -> list[np.ndarray]:
    """What each node of each tree adds where it is a leaf, by node."""
    return [np.asarray(tree["split_conditions"], dtype=np.float32).astype(np.float64) for tree in model["trees"]]


def _tree(tree: Mapping[str, Any]) -> TreeNodes:
    cut = np.asarray(tree["split_conditions"], dtype=np.float32)
    levels = {}
    for node, begin, size in zip(
        tree["categories_nodes"], tree["categories_segments"], tree["categories_sizes"], strict=True
    ):
        # the codes that are listed go right, all others left
        right = np.asarray(tree["categories"][begin : begin + size], dtype=np.int64)
        left = np.ones(int(right.max(initial=0)) + 1, dtype=bool)
        left[right] = False
        levels[int(node)] = Levels(left, True)
    return TreeNodes(
        left=np.asarray(tree["left_children"], dtype=np.int64),
        right=np.asarray(tree["right_children"], dtype=np.int64),
        column=np.asarray(tree["split_indices"], dtype=np.int64),
        # a row goes left below the cut: at most the number before it
        threshold=np.nextafter(cut, np.float32(-np.inf)).astype(np.float64),
        missing=np.where(np.asarray(tree["default_left"], dtype=bool), NAN_LEFT, NAN_RIGHT),
        cover=np.asarray(tree["sum_hessian"], dtype=np.float64),
        value=cut.astype(np.float64)[:, None],
        levels=levels,
    )
