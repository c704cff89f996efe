"""scikit-learn's histogram gradient boosting as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.treeshap.ensemble import NAN_LEFT, NAN_RIGHT, TreeEnsemble
from workbench.treeshap.nodes import Levels, TreeNodes, ensemble_of


def of_histogram_boosting(model: Any) -> TreeEnsemble:
    """The raw score of a fitted ``HistGradientBoostingRegressor`` or ``HistGradientBoostingClassifier``.

    Its columns are those that the model was given, whatever order it keeps them in, with categories in the model's own
    codes: ``in_codes`` makes them.
    """
    given = _given(model)
    baseline = np.array(model._baseline_prediction, dtype=np.float64).reshape(-1)
    trees = [_tree(member, given) for together in model._predictors for member in together]
    output = np.arange(len(trees)) % max(1, baseline.size)
    return ensemble_of(trees, output, baseline, int(model.n_features_in_))


def in_codes(model: Any, matrix: Any) -> np.ndarray:
    """Rows as the model's trees see them, in the order of the given columns, shape (rows, columns)."""
    own = np.asarray(model._preprocess_X(matrix, reset=False), dtype=np.float64)
    rows = np.empty_like(own)
    rows[:, _given(model)] = own
    return rows


def _tree(predictor: Any, given: np.ndarray) -> TreeNodes:
    nodes = predictor.nodes
    inner, missing_left = ~nodes["is_leaf"].astype(bool), nodes["missing_go_to_left"].astype(bool)
    levels = {}
    for node in np.flatnonzero(inner & nodes["is_categorical"].astype(bool)):
        words = np.asarray(predictor.raw_left_cat_bitsets[nodes["bitset_idx"][node]], dtype=np.uint32)
        left = np.unpackbits(words.astype("<u4").view(np.uint8), bitorder="little").astype(bool)
        # codes that the fit did not see count as missing
        levels[int(node)] = Levels(left, bool(missing_left[node]))
    return TreeNodes(
        left=np.where(inner, nodes["left"].astype(np.int64), -1),
        right=np.where(inner, nodes["right"].astype(np.int64), -1),
        column=given[nodes["feature_idx"]],
        threshold=np.where(nodes["is_categorical"].astype(bool), 0.0, nodes["num_threshold"]),
        missing=np.where(missing_left, NAN_LEFT, NAN_RIGHT),
        cover=nodes["count"].astype(np.float64),
        value=nodes["value"].astype(np.float64)[:, None],
        levels=levels,
    )


def _given(model: Any) -> np.ndarray:
    """For each of the model's own columns, which of the given ones it is: categories come first."""
    own = model.is_categorical_
    if getattr(model, "_is_categorical_remapped", None) is None or own is None:
        return np.arange(model.n_features_in_)
    return np.concatenate([np.flatnonzero(own), np.flatnonzero(~own)])
