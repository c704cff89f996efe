"""LightGBM's boosters as arrays, read from the text that a booster writes of itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from workbench.treeshap.ensemble import NAN_LEFT, NAN_RIGHT, ZERO_LEFT, ZERO_RIGHT, Splits, TreeEnsemble
from workbench.treeshap.leaf_lines import leaf_means, lines_of
from workbench.treeshap.lightgbm_text import BoosterText, numbers

_CATEGORICAL, _DEFAULT_LEFT = 1, 2
_NONE, _ZERO = 0, 1
"""Kinds of missing values, in the third and fourth bit of a decision's type; 2 is NaN."""


def of_booster(booster: Any, rounds: int | None = None) -> TreeEnsemble:
    """The sum of a booster's trees: its raw score, which of a boosted forest is a sum as well.

    Args:
        booster: ``lightgbm.Booster`` with constant leaves.
        rounds: as many rounds as predictions use; by default those up to the best one, if there is one.

    Raises:
        ValueError: leaves are lines.
    """
    text = BoosterText.of(booster, rounds)
    if any(tree.get("is_linear", "0") != "0" for tree in text.trees):
        raise ValueError("The leaves of this booster are lines: of_booster_with_lines reads it.")
    return _ensemble(text)


def of_booster_with_lines(booster: Any, rounds: int | None, reference: np.ndarray) -> TreeEnsemble:
    """The same for a regression whose leaves may hold lines (``linear_tree``).

    Args:
        reference: rows whose means in a leaf unknown columns of its line stand at, shape (reference rows, columns).
    """
    text = BoosterText.of(booster, rounds)
    trees, plain = text.trees, _ensemble(text)
    constant = numbers([tree for tree in trees if "leaf_const" in tree], "leaf_const")
    if not constant.size:
        return plain
    counts = numbers(trees, "num_features").astype(np.int64)
    column, slope = numbers(trees, "leaf_features").astype(np.int64), numbers(trees, "leaf_coeff")
    leaf = np.repeat(np.arange(len(counts)), counts)
    reached = np.asarray(booster.predict(reference, pred_leaf=True, num_iteration=rounds), dtype=np.int64)
    leaves_of = text.leaves
    mean = leaf_means(reference, reached.reshape(len(reference), -1), leaves_of)[leaf, column]
    at_means = constant + np.bincount(leaf, slope * mean, minlength=len(counts))
    lines = lines_of(plain, leaf, column, slope, mean, plain.leaves[:, 0] - at_means)
    return replace(plain, leaves=at_means.reshape(-1, 1), lines=lines)


def _ensemble(text: BoosterText) -> TreeEnsemble:
    outputs, leaves_of = int(text.header["num_tree_per_iteration"]), text.leaves
    leaves_before = np.cumsum([0, *leaves_of[:-1]])
    splits_before = np.cumsum([0, *(leaves_of[:-1] - 1)])
    return TreeEnsemble(
        splits=_splits(text, leaves_of, leaves_before, splits_before),
        roots=np.where(leaves_of > 1, splits_before, -1 - leaves_before).astype(np.int32),
        leaves=text.figures["leaf_value"].reshape(-1, 1),
        tree_output=(np.arange(len(text.trees)) % outputs).astype(np.int32),
        offset=np.zeros(outputs),
        columns=int(text.header["max_feature_idx"]) + 1,
    )


def _splits(text: BoosterText, leaves_of: np.ndarray, leaves_before: np.ndarray, splits_before: np.ndarray) -> Splits:
    figures = text.figures
    splits = leaves_of - 1
    first_split, first_leaf = np.repeat(splits_before, splits), np.repeat(leaves_before, splits)
    counts = figures["leaf_count"], figures["internal_count"]
    children, weights = [], []
    for side in ("left_child", "right_child"):
        own = figures[side]  # leaves are numbered −1, −2, …
        child = np.where(own >= 0, own + first_split, own - first_leaf)
        weights.append(np.where(own >= 0, counts[1][np.maximum(child, 0)], counts[0][np.maximum(-1 - child, 0)]))
        children.append(child.astype(np.int32))
    together = weights[0] + weights[1]
    share = np.divide(weights[0], together, out=np.full(len(together), 0.5), where=together > 0)
    kind, threshold = figures["decision_type"], figures["threshold"]
    default_left, absent = kind & _DEFAULT_LEFT != 0, kind >> 2 & 3
    missing = np.where(default_left, NAN_LEFT, NAN_RIGHT)
    missing = np.where(absent == _ZERO, np.where(default_left, ZERO_LEFT, ZERO_RIGHT), missing)
    # where no value was missing in training, a missing one counts as zero
    missing = np.where(absent == _NONE, np.where(threshold >= 0, NAN_LEFT, NAN_RIGHT), missing)
    on_codes = kind & _CATEGORICAL != 0
    start, count, levels = _levels(text.grown, splits[splits > 0], on_codes, threshold)
    return Splits(
        left=children[0],
        right=children[1],
        column=figures["split_feature"].astype(np.int32),
        threshold=np.where(on_codes, 0.0, threshold),
        missing=np.where(on_codes, NAN_RIGHT, missing).astype(np.uint8),
        left_share=share,
        level_start=start,
        level_count=count,
        others_left=np.zeros(len(kind), np.bool_),
        levels=levels,
    )


def _levels(
    trees: list[dict[str, str]], splits: np.ndarray, on_codes: np.ndarray, threshold: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where each split finds its codes, how many there are, and the codes of all: a tree keeps them as bits."""
    start, count = np.zeros(len(on_codes), np.int32), np.full(len(on_codes), -1, np.int32)
    levels: list[np.ndarray] = []
    reached = place = 0
    for tree, own in zip(trees, splits, strict=True):
        if int(tree["num_cat"]):
            ends = np.array(tree["cat_boundaries"].split(), dtype=np.int64) * 32
            words = np.array(tree["cat_threshold"].split(), dtype=np.uint32)
            levels.append(np.unpackbits(words.astype("<u4").view(np.uint8), bitorder="little"))
            chosen = place + np.flatnonzero(on_codes[place : place + own])
            which = threshold[chosen].astype(np.int64)
            start[chosen], count[chosen] = reached + ends[which], ends[which + 1] - ends[which]
            reached += len(levels[-1])
        place += own
    return start, count, np.concatenate(levels) if levels else np.zeros(0, np.uint8)
