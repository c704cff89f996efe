"""scikit-learn's trees and forests as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.treeshap.ensemble import NAN_LEFT, NAN_RIGHT, TreeEnsemble
from workbench.treeshap.nodes import TreeNodes, ensemble_of


def of_forest(forest: Any) -> TreeEnsemble:
    """A fitted tree or forest with one target: the mean of its trees.

    Args:
        forest: a ``DecisionTree``, ``ExtraTree``, ``RandomForest`` or ``ExtraTrees`` regressor or classifier. Of two
            classes the second's probability is given, of more all, of a regressor the prediction.
    """
    members = forest.estimators_ if hasattr(forest, "estimators_") else [forest]
    two = hasattr(forest, "classes_") and len(forest.classes_) == 2
    trees = []
    for member in members:
        tree = member.tree_
        value = tree.value[:, 0, 1:] if two else tree.value[:, 0, :]
        trees.append(
            TreeNodes(
                left=tree.children_left,
                right=tree.children_right,
                column=tree.feature,
                threshold=tree.threshold,
                missing=np.where(tree.missing_go_to_left, NAN_LEFT, NAN_RIGHT),
                cover=tree.weighted_n_node_samples,
                value=value / len(members),
            )
        )
    outputs = trees[0].value.shape[1]
    return ensemble_of(trees, np.zeros(len(trees)), np.zeros(outputs), int(forest.n_features_in_), single=True)
