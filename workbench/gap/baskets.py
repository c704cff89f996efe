"""Category spend of one origin, restricted to categories that enough customers buy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.contracts import Origin
from workbench.gap.matrix import Floats

MOST_CATEGORIES = 1000
"""EASE inverts a matrix of this width; the rarest categories beyond it are left out, with a notice."""


@dataclass(frozen=True)
class Baskets:
    """Money by customer and category.

    Attributes:
        categories: names, in the order of the columns.
        past: shape (customers, categories), currency in all of the past.
        future: the same in the window after; ``None`` where it has not elapsed.
        dropped: categories left out only because there were too many.
    """

    as_of: pd.Timestamp
    customers: pd.Index
    categories: tuple[str, ...]
    past: Floats
    future: Floats | None
    dropped: int

    @property
    def name(self) -> str:
        """The cut-off as a date."""
        return self.as_of.date().isoformat()


def least_buyers(customers: int) -> int:
    """Buyers that a category needs: fifty, or one in fifty customers where there are few."""
    return max(5, min(50, round(customers / 50)))


def baskets_of(origin: Origin) -> Baskets:
    """Clean matrices of one origin; what is no number counts as no purchase."""
    frame = origin.category_past
    past = _numbers(frame)
    buyers = (past > 0).sum(axis=0)
    kept = np.flatnonzero(buyers >= least_buyers(len(frame)))
    dropped = max(0, len(kept) - MOST_CATEGORIES)
    if dropped:
        kept = np.sort(kept[np.argsort(-buyers[kept], kind="stable")[:MOST_CATEGORIES]])
    future = None
    if origin.category_future is not None:
        aligned = origin.category_future.reindex(index=frame.index, columns=frame.columns)
        future = _numbers(aligned)[:, kept]
    return Baskets(
        as_of=origin.as_of,
        customers=frame.index,
        categories=tuple(str(name) for name in frame.columns[kept]),
        past=past[:, kept],
        future=future,
        dropped=dropped,
    )


def _numbers(frame: pd.DataFrame) -> Floats:
    values = frame.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(values), values, 0.0)
