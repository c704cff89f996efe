"""The text that a LightGBM booster writes of itself, read in pieces: while one is read the next one is written."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.cores import cores

PIECE = 16
"""Rounds of a piece at least; LightGBM writes a text of more than a mebibyte twice."""
OF_LEAVES = ("leaf_value", "leaf_count")
OF_SPLITS = ("left_child", "right_child", "split_feature", "threshold", "decision_type", "internal_count")


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
        starts = np.linspace(0, last, max(1, min(4 * cores(), last // PIECE)) + 1).astype(int).tolist()

        def read(first: int, end: int) -> BoosterText:
            return cls._read(str(booster.model_to_string(num_iteration=end - first, start_iteration=first)))

        if len(starts) == 2:
            return read(0, last)
        with ThreadPoolExecutor(cores()) as pool:
            parts = list(pool.map(read, starts[:-1], starts[1:]))
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
        figures = {key: numbers(trees, key) for key in OF_LEAVES} | {key: numbers(grown, key) for key in OF_SPLITS}
        return cls(_lines(head), trees, figures)


def numbers(trees: list[dict[str, str]], key: str) -> np.ndarray:
    """The figures that all of some trees have under ``key``, one after the other."""
    return np.fromstring(" ".join(tree[key] for tree in trees), dtype=np.float64, sep=" ")


def _splits(tree: dict[str, str]) -> bool:
    return tree["num_leaves"] != "1"


def _lines(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.split("\n") if "=" in line)
