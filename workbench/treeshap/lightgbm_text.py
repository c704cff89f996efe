"""The text that a LightGBM booster writes of itself, asked for and read in pieces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

PIECE = 50
"""Rounds of a piece: LightGBM writes a text of more than a mebibyte twice."""
OF_LEAVES: dict[str, type] = {"leaf_value": np.float64, "leaf_count": np.int64}
OF_SPLITS: dict[str, type] = {
    "left_child": np.int64, "right_child": np.int64, "split_feature": np.int64, "threshold": np.float64,
    "decision_type": np.int64, "internal_count": np.int64,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class BoosterText:
    """What a booster says of itself.

    Attributes:
        header: what holds for all trees.
        trees: the lines of each tree.
        figures: by key, those of all trees one after the other, shape (leaves,) or (splits,).
    """

    header: dict[str, str]
    trees: list[dict[str, str]]
    figures: dict[str, np.ndarray]

    @property
    def leaves(self) -> np.ndarray:
        """Of each tree, shape (trees,)."""
        return np.array([int(tree["num_leaves"]) for tree in self.trees])

    @property
    def grown(self) -> list[dict[str, str]]:
        """The trees that split."""
        return [tree for tree in self.trees if _splits(tree)]

    @classmethod
    def of(cls, booster: Any, rounds: int | None) -> BoosterText:
        """Of as many rounds as predictions count: ``rounds``, or those up to the best one, if there is one."""
        last = rounds or (booster.best_iteration if booster.best_iteration > 0 else booster.current_iteration())
        parts = [
            cls._read(str(booster.model_to_string(num_iteration=min(PIECE, last - first), start_iteration=first)))
            for first in range(0, max(1, last), PIECE)
        ]
        return cls(
            parts[0].header,
            [tree for part in parts for tree in part.trees],
            {key: np.concatenate([part.figures[key] for part in parts]) for key in parts[0].figures},
        )

    @classmethod
    def _read(cls, text: str) -> BoosterText:
        head, *parts = text.split("\nTree=")
        trees = [_lines(part.split("\nend of trees", 1)[0]) for part in parts]
        grown = [tree for tree in trees if _splits(tree)]
        figures = {key: numbers(trees, key, kind) for key, kind in OF_LEAVES.items()}
        figures |= {key: numbers(grown, key, kind) for key, kind in OF_SPLITS.items()}
        return cls(_lines(head), trees, figures)


def numbers(trees: list[dict[str, str]], key: str, kind: type = np.float64) -> np.ndarray:
    """The figures that all of some trees have under ``key``, one after the other."""
    return np.fromstring(" ".join(tree[key] for tree in trees), dtype=kind, sep=" ")


def _splits(tree: dict[str, str]) -> bool:
    return tree["num_leaves"] != "1"


def _lines(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.split("\n") if "=" in line)
