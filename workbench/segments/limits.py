"""Sizes that a segment must have to be worth a name, a rule and a test of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.segments.reading import Integers

FEWEST_ROWS = 60
"""Tables with fewer rows are not divided: every figure about a segment would be noise."""


@dataclass(frozen=True)
class Limits:
    """What a descriptive solution must keep to.

    Attributes:
        smallest_share: of all customers.
        smallest_rows: customers; below 375 rows 8 % of them, so that a small table can be divided at all.
        largest_share: of all customers: one segment of nearly everybody divides nothing.
    """

    smallest_share: float = 0.03
    smallest_rows: int = 30
    largest_share: float = 0.60

    def smallest(self, rows: int) -> int:
        """Customers that every segment must have in a table of ``rows``."""
        return max(2, int(np.ceil(max(self.smallest_share * rows, min(self.smallest_rows, 0.08 * rows)))))

    def violation(self, labels: Integers, segments: int) -> tuple[float, str]:
        """How far a solution is from being allowed (0 when it is), as a share of customers, and why in words."""
        counts = np.bincount(labels, minlength=segments)
        rows = len(labels)
        smallest, largest = int(counts.min()), int(counts.max())
        low, high = self.smallest(rows), self.largest_share * rows
        if smallest < low:
            return (low - smallest) / rows + max(0.0, largest - high) / rows, (
                f"smallest segment has {smallest} customers, {low} are needed"
            )
        if largest > high:
            return (largest - high) / rows, (
                f"largest segment holds {largest / rows:.0%} of the customers, {self.largest_share:.0%} are allowed"
            )
        return 0.0, ""
