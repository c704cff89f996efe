"""scikit-learn's histogram gradient boosting as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.treeshap.ensemble import NAN_LEFT, NAN_RIGHT, Splits, TreeEnsemble


def of_histogram_boosting(model: Any) -> TreeEnsemble:
    """The raw score of a fitted ``HistGradientBoostingRegressor`` or ``HistGradientBoostingClassifier``.

    Its columns are those that the model was given, whatever order it keeps them in, with categories in the model's own
    codes: ``in_codes`` makes them.
    """
    rounds = model._predictors
    members = [member for together in rounds for member in together]
    outputs = len(rounds[0]) if rounds else 1
    nodes = [member.nodes for member in members]
    inner = [~each["is_leaf"].astype(bool) for each in nodes]
    splits_before = np.cumsum([0, *[int(is_split.sum()) for is_split in inner]])
    leaves_before = np.cumsum([0, *[int((~is_split).sum()) for is_split in inner]])
    levels, start, count = [np.zeros(0, np.uint8)], [], []
    children: list[tuple[np.ndarray, np.ndarray]] = []
    shares, roots = [], []
    reached = 0
    for place, member in enumerate(members):
        each, is_split = nodes[place], inner[place]
        number = np.where(
            is_split,
            np.cumsum(is_split) - 1 + splits_before[place],
            -np.cumsum(~is_split) - leaves_before[place],
        )
        left, right = each["left"][is_split].astype(np.int64), each["right"][is_split].astype(np.int64)
        children.append((number[left], number[right]))
        weight = each["count"].astype(np.float64)
        shares.append(weight[left] / np.maximum(weight[left] + weight[right], 1))
        roots.append(number[0])
        bits = np.asarray(member.raw_left_cat_bitsets, dtype=np.uint32).reshape(-1, 8)
        levels.append(np.unpackbits(bits.astype("<u4").view(np.uint8), bitorder="little"))
        on_codes = each["is_categorical"][is_split].astype(bool)
        start.append(np.where(on_codes, reached + 256 * each["bitset_idx"][is_split].astype(np.int64), 0))
        count.append(np.where(on_codes, 256, -1))
        reached += 256 * len(bits)
    joined = np.concatenate(nodes) if nodes else np.zeros(0, dtype=[])
    every = np.concatenate(inner)
    split, missing_left = joined[every], joined["missing_go_to_left"][every].astype(bool)
    left, right = (np.concatenate(side) for side in zip(*children, strict=True))
    on_codes = np.concatenate(count) >= 0
    return TreeEnsemble(
        splits=Splits(
            left=left.astype(np.int32),
            right=right.astype(np.int32),
            column=_given(model)[split["feature_idx"]].astype(np.int32),
            threshold=np.where(on_codes, 0.0, split["num_threshold"]),
            missing=np.where(missing_left, NAN_LEFT, NAN_RIGHT).astype(np.uint8),
            left_share=np.concatenate(shares),
            level_start=np.concatenate(start).astype(np.int32),
            level_count=np.concatenate(count).astype(np.int32),
            # codes that the fit did not see count as missing
            others_left=missing_left,
            levels=np.concatenate(levels),
        ),
        roots=np.array(roots, dtype=np.int32),
        leaves=joined["value"][~every].astype(np.float64).reshape(-1, 1),
        tree_output=(np.arange(len(members)) % outputs).astype(np.int32),
        offset=np.array(model._baseline_prediction, dtype=np.float64).reshape(-1),
        columns=int(model.n_features_in_),
    )


def in_codes(model: Any, matrix: Any) -> np.ndarray:
    """Rows as the model's trees see them, in the order of the given columns, shape (rows, columns)."""
    own = np.asarray(model._preprocess_X(matrix, reset=False), dtype=np.float64)
    rows = np.empty_like(own)
    rows[:, _given(model)] = own
    return rows


def _given(model: Any) -> np.ndarray:
    """For each of the model's own columns, which of the given ones it is: categories come first."""
    own = model.is_categorical_
    if getattr(model, "_is_categorical_remapped", None) is None or own is None:
        return np.arange(model.n_features_in_)
    return np.concatenate([np.flatnonzero(own), np.flatnonzero(~own)])
