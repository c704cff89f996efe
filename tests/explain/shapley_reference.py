"""Shapley values from their definition, by all subsets: what fast methods are judged by in tests."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np


def brute_force(game: Callable[[frozenset[int]], np.ndarray], players: int) -> np.ndarray:
    """Shapley values of a game over ``players``; ``game`` gives shape (outputs,); the result is (players, outputs)."""
    worth = {frozenset(s): game(frozenset(s)) for k in range(players + 1) for s in combinations(range(players), k)}
    values = []
    for player in range(players):
        others = [other for other in range(players) if other != player]
        total = 0.0
        for size in range(players):
            weight = factorial(size) * factorial(players - size - 1) / factorial(players)
            for chosen in combinations(others, size):
                subset = frozenset(chosen)
                total = total + weight * (worth[subset | {player}] - worth[subset])
        values.append(total)
    return np.asarray(values)


def interventional_game(predict: Callable[[np.ndarray], np.ndarray], row: np.ndarray, reference: np.ndarray) -> Any:
    """Known columns from ``row``, the others from each reference row; the mean output."""

    def game(known: frozenset[int]) -> np.ndarray:
        mixed = reference.copy()
        mixed[:, list(known)] = row[list(known)]
        return predict(mixed).mean(axis=0)

    return game


def sklearn_path_game(trees: list[Any], row: np.ndarray) -> Any:
    """Path-dependent expectation of scikit-learn trees: unknown splits are averaged by the training weight."""

    def at(tree: Any, node: int, known: frozenset[int]) -> np.ndarray:
        if tree.children_left[node] == -1:
            return tree.value[node][0]
        left, right = tree.children_left[node], tree.children_right[node]
        feature = tree.feature[node]
        if feature in known:
            value = np.float32(row[feature])
            goes_left = bool(tree.missing_go_to_left[node]) if np.isnan(value) else value <= tree.threshold[node]
            return at(tree, left if goes_left else right, known)
        weights = tree.weighted_n_node_samples
        share = weights[left] / weights[node]
        return share * at(tree, left, known) + (1 - share) * at(tree, right, known)

    return lambda known: np.mean([at(tree, 0, known) for tree in trees], axis=0)


def _lightgbm_count(node: dict[str, Any]) -> float:
    return node.get("internal_count", node.get("leaf_count"))


def _lightgbm_goes_left(node: dict[str, Any], row: np.ndarray) -> bool:
    value = row[node["split_feature"]]
    if node["decision_type"] == "==":
        inside = {int(level) for level in str(node["threshold"]).split("||")}
        return bool(np.isfinite(value)) and int(value) in inside
    if node["missing_type"] == "NaN" and np.isnan(value):
        return bool(node["default_left"])
    return bool(np.nan_to_num(value) <= node["threshold"])


def _lightgbm_at(node: dict[str, Any], known: frozenset[int], row: np.ndarray, worth: Callable[..., float]) -> float:
    """Path-dependent expectation below a node; ``worth`` says what a leaf is worth, given what is known."""
    if "split_feature" not in node:
        return worth(node, known)
    if node["split_feature"] in known:
        child = node["left_child"] if _lightgbm_goes_left(node, row) else node["right_child"]
        return _lightgbm_at(child, known, row, worth)
    left, right = node["left_child"], node["right_child"]
    share = _lightgbm_count(left) / _lightgbm_count(node)
    return share * _lightgbm_at(left, known, row, worth) + (1 - share) * _lightgbm_at(right, known, row, worth)


def lightgbm_path_game(dump: list[dict[str, Any]], row: np.ndarray) -> Any:
    """The same for a dumped LightGBM model with numeric and categorical splits, by the number of rows."""

    def worth(leaf: dict[str, Any], known: frozenset[int]) -> float:
        return float(leaf["leaf_value"])

    return lambda known: np.array([sum(_lightgbm_at(tree["tree_structure"], known, row, worth) for tree in dump)])


def linear_leaves_game(dump: list[dict[str, Any]], row: np.ndarray, reference: np.ndarray) -> Any:
    """The same for trees with linear leaves: unknown columns of a line stand at their mean in the leaf.

    A row that lacks a value of the line gets the leaf's constant once the first such column on the path is known.
    """

    def means(root: dict[str, Any], wanted: int) -> np.ndarray:
        def leaf_of(each: np.ndarray) -> int:
            node = root
            while "split_feature" in node:
                node = node["left_child"] if _lightgbm_goes_left(node, each) else node["right_child"]
            return int(node["leaf_index"])

        inside = reference[[leaf_of(each) == wanted for each in reference]]
        return np.nanmean(inside if len(inside) else reference, axis=0)

    def order(root: dict[str, Any], wanted: int) -> list[int] | None:
        """Columns on the way to a leaf, as they come."""
        if "split_feature" not in root:
            return [] if root.get("leaf_index", 0) == wanted else None
        for child in (root["left_child"], root["right_child"]):
            if (below := order(child, wanted)) is not None:
                return [root["split_feature"], *below]
        return None

    def worth(root: dict[str, Any], leaf: dict[str, Any], known: frozenset[int]) -> float:
        columns, slopes = leaf.get("leaf_features") or [], leaf.get("leaf_coeff") or []
        if not columns:
            return float(leaf.get("leaf_const", leaf["leaf_value"]))
        mean = means(root, int(leaf["leaf_index"]))
        at_means = leaf["leaf_const"] + sum(b * mean[j] for j, b in zip(columns, slopes, strict=True))
        absent = [j for j in order(root, int(leaf["leaf_index"])) or [] if j in columns and np.isnan(row[j])]
        if absent:
            return float(leaf["leaf_value"] if absent[0] in known else at_means)
        return float(at_means + sum(b * (row[j] - mean[j]) for j, b in zip(columns, slopes, strict=True) if j in known))

    def game(known: frozenset[int]) -> np.ndarray:
        roots = [tree["tree_structure"] for tree in dump]
        return np.array(
            [sum(_lightgbm_at(root, known, row, lambda leaf, s, root=root: worth(root, leaf, s)) for root in roots)]
        )

    return game
