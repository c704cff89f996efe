"""Trees as flat arrays, whatever library grew them: what the kernel walks over."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

NAN_RIGHT, NAN_LEFT, ZERO_RIGHT, ZERO_LEFT = 0, 1, 2, 3
"""Where a row without a value goes; for the last two, zero is no value either (LightGBM's ``zero_as_missing``)."""


@dataclass(frozen=True, eq=False)
class Splits:
    """The inner nodes of all trees, one tree after the other, in each tree parents before their children.

    Arrays have the shape (splits,) unless said otherwise.

    Attributes:
        left, right: number of the child among all splits, or −1 − the number of the leaf among all leaves; int32.
        column: that is asked; int32.
        threshold: a row goes left where its value is at most this; float64.
        missing: one of ``NAN_RIGHT``, ``NAN_LEFT``, ``ZERO_RIGHT``, ``ZERO_LEFT``; uint8.
        left_share: of the training weight that came to the split, how much went left; float64.
        level_start, level_count: where a split on category codes finds in ``levels`` who goes left; a count of −1 says
            that the split is on numbers; int32.
        others_left: whether codes beyond ``level_count`` go left; bool.
        levels: 0 or 1 by code, of all splits on codes, shape (codes,); uint8.
    """

    left: np.ndarray
    right: np.ndarray
    column: np.ndarray
    threshold: np.ndarray
    missing: np.ndarray
    left_share: np.ndarray
    level_start: np.ndarray
    level_count: np.ndarray
    others_left: np.ndarray
    levels: np.ndarray


@dataclass(frozen=True, eq=False)
class Paths:
    """What the way to each split says of it. Arrays have the shape (splits,) unless said otherwise.

    Attributes:
        above: the split above it that last asked the same column, −1 where none did; int32.
        above_left: whether the way from there goes left; bool.
        level: how many splits lie above it; int32.
        known: product of the shares of the splits above on the same column: r before this split, 1 where none.
        known_left: the same for those who go left here: r after this split.
        depth: splits on the longest way down each tree, shape (trees,); int64.
        points: of the quadrature that is exact for each tree, shape (trees,); int64.
        mean: of each tree over the training weight, shape (trees, outputs of a tree).
    """

    above: np.ndarray
    above_left: np.ndarray
    level: np.ndarray
    known: np.ndarray
    known_left: np.ndarray
    depth: np.ndarray
    points: np.ndarray
    mean: np.ndarray


@dataclass(frozen=True, eq=False)
class Lines:
    """What leaves hold besides constants; see ``workbench.treeshap.lines``.

    Attributes:
        start: where each leaf's columns begin among all, shape (leaves + 1,); int32.
        column: of each entry, those of a leaf in the order in which its path first asks them; int32.
        level: how many splits lie above the last one of the path that asks the column; int32.
        slope, mean: b and m; float64.
        gap: of each leaf, what a row that lacks a value is worth less what it is worth at the means; float64.
    """

    start: np.ndarray
    column: np.ndarray
    level: np.ndarray
    slope: np.ndarray
    mean: np.ndarray
    gap: np.ndarray


@dataclass(frozen=True, eq=False)
class TreeEnsemble:
    """A sum of trees.

    Attributes:
        splits: of all trees.
        roots: number of each tree's first split, or −1 − its leaf for a tree that doesn't split, shape (trees,); int32.
        leaves: what each leaf adds, shape (leaves, outputs of a tree): one output, or all of them.
        tree_output: which output each tree adds to where ``leaves`` has one column; shape (trees,); int32.
        offset: added to the sum of the trees, shape (outputs,).
        columns: number of columns of a row.
        single: whether the trees compare in single precision.
        lines: of leaves that hold lines, whose constants in ``leaves`` are what they are worth at the means.
    """

    splits: Splits
    roots: np.ndarray
    leaves: np.ndarray
    tree_output: np.ndarray
    offset: np.ndarray
    columns: int
    single: bool = False
    lines: Lines | None = None

    @property
    def outputs(self) -> int:
        """How many figures a row gets."""
        return int(self.offset.size)

    @cached_property
    def paths(self) -> Paths:
        """What the way to each split says of it; worked out at the first call."""
        from workbench.treeshap.paths import follow  # it knows of ensembles

        return follow(self)

    @cached_property
    def base(self) -> np.ndarray:
        """What the ensemble says on average over the training weight, shape (outputs,)."""
        return self.total(self.paths.mean)

    def total(self, by_tree: np.ndarray) -> np.ndarray:
        """The ensemble's outputs from those of its trees, shape (trees, outputs of a tree)."""
        if self.leaves.shape[1] > 1 or self.outputs == 1:
            return np.asarray(self.offset + by_tree.sum(axis=0))
        return np.asarray(self.offset + np.bincount(self.tree_output, by_tree[:, 0], minlength=self.outputs))

    def rows(self, matrix: np.ndarray) -> np.ndarray:
        """``matrix`` in the precision in which the trees compare, as float64; shape (rows, columns)."""
        if self.single:
            # beyond the range of single precision there is only infinity, as the library itself has it
            with np.errstate(over="ignore"):
                matrix = np.asarray(matrix, dtype=np.float32)
        # writable, as the kernel is compiled for such: pandas hands out others
        return np.require(matrix, dtype=np.float64, requirements=["C", "W"])

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name not in ("paths", "base")}
