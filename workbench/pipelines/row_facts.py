"""What is known of rows beside their columns and their target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class RowFacts:
    """How much rows count and which belong together; each ``None`` where that isn't known.

    Attributes:
        weight: not negative, shape (rows,).
        groups: code per row of what stays together, shape (rows,).
    """

    weight: np.ndarray | None = None
    groups: np.ndarray | None = None

    def take(self, rows: np.ndarray) -> RowFacts:
        """The facts of some rows, in their order."""
        return RowFacts(*(None if one is None else one[rows] for one in (self.weight, self.groups)))


NO_FACTS = RowFacts()
