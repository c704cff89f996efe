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


def lightgbm_path_game(dump: list[dict[str, Any]], row: np.ndarray) -> Any:
    """The same for a dumped LightGBM model with numeric and categorical splits, by the number of rows."""

    def count(node: dict[str, Any]) -> float:
        return node.get("internal_count", node.get("leaf_count"))

    def goes_left(node: dict[str, Any]) -> bool:
        value = row[node["split_feature"]]
        if node["decision_type"] == "==":
            inside = {int(level) for level in str(node["threshold"]).split("||")}
            return bool(np.isfinite(value)) and int(value) in inside
        if node["missing_type"] == "NaN" and np.isnan(value):
            return bool(node["default_left"])
        return bool(np.nan_to_num(value) <= node["threshold"])

    def at(node: dict[str, Any], known: frozenset[int]) -> float:
        if "split_feature" not in node:
            return float(node["leaf_value"])
        if node["split_feature"] in known:
            return at(node["left_child"] if goes_left(node) else node["right_child"], known)
        left, right = node["left_child"], node["right_child"]
        share = count(left) / count(node)
        return share * at(left, known) + (1 - share) * at(right, known)

    def game(known: frozenset[int]) -> np.ndarray:
        return np.array([sum(at(tree["tree_structure"], known) for tree in dump)])

    return game
