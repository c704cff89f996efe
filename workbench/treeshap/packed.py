"""An ensemble as the kernel takes it: few arrays, so that it compiles in seconds and a split lies in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from workbench.treeshap.ensemble import Lines, Paths, TreeEnsemble

LEFT, RIGHT, COLUMN, ABOVE, MISSING, LEVEL_START, LEVEL_COUNT, OTHERS_LEFT = range(8)
THRESHOLD, KNOWN, KNOWN_LEFT = range(3)
ROOT, POINTS, OUTPUT = range(3)

PackedLines: TypeAlias = "tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]"


@dataclass(frozen=True, eq=False)
class Packed:
    """``TreeEnsemble`` and ``Paths`` with what the kernel needs of them.

    Attributes:
        links: of each split LEFT … OTHERS_LEFT, shape (splits, 8); ABOVE is the level of the split above on the same
            column, −1 where there is none.
        figures: of each split THRESHOLD, KNOWN and KNOWN_LEFT, shape (splits, 3).
        levels: as ``Splits`` has them.
        trees: ROOT, POINTS and OUTPUT of each tree that splits, shape (trees, 3).
        lines: start as ``Lines`` has it; column and level, slope and mean of each entry, shape (entries, 2); gap as
            ``Lines`` has it. ``None`` where no leaf holds a line.
        deep: levels of the deepest tree.
        most: points of the tree with the most.
    """

    links: np.ndarray
    figures: np.ndarray
    levels: np.ndarray
    trees: np.ndarray
    lines: PackedLines | None
    deep: int
    most: int

    @classmethod
    def of(cls, ensemble: TreeEnsemble, paths: Paths) -> Packed:
        """Of all trees that split."""
        splits, grown = ensemble.splits, ensemble.roots >= 0
        above = np.where(paths.above >= 0, paths.level[paths.above], -1)
        links = (
            splits.left, splits.right, splits.column, above, splits.missing, splits.level_start, splits.level_count,
            splits.others_left,
        )  # fmt: skip
        return cls(
            lines=None if ensemble.lines is None else _packed_lines(ensemble.lines),
            links=np.column_stack(links).astype(np.int32),
            figures=np.column_stack((splits.threshold, paths.known, paths.known_left)),
            levels=np.require(splits.levels, requirements=["C", "W"]),
            trees=np.column_stack((ensemble.roots, paths.points, ensemble.tree_output))[grown].astype(np.int64),
            deep=int(paths.depth.max()),
            most=int(paths.points.max()),
        )


def _packed_lines(lines: Lines) -> PackedLines:
    return (
        lines.start.astype(np.int32),
        np.column_stack((lines.column, lines.level)).astype(np.int32),
        np.column_stack((lines.slope, lines.mean)).astype(np.float64),
        lines.gap.astype(np.float64),
    )
