"""From derived columns back to source columns: contributions are summed, so what added up still does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Grouping:
    """Which source columns each derived column is made of.

    Attributes:
        owners: for each derived column the number of its owner, shape (derived columns,): a source column below
            ``sources``, above it one of the sets in ``shared``.
        sources: number of source columns.
        shared: sets of source columns that some derived column is made of together.
    """

    owners: np.ndarray
    sources: int
    shared: tuple[tuple[int, ...], ...] = ()

    @classmethod
    def of(cls, made_of: Sequence[tuple[int, ...]], sources: int) -> Grouping:
        """From the numbers of the source columns of each derived column."""
        together = tuple(dict.fromkeys(one for one in made_of if len(one) != 1))
        owners = [one[0] if len(one) == 1 else sources + together.index(one) for one in made_of]
        return cls(np.array(owners, dtype=int), sources, together)


def to_sources(values: np.ndarray, grouping: Grouping) -> np.ndarray:
    """Sum contributions over the derived columns of each source column.

    What a column made of several sources contributes, such as "income ÷ age", is theirs in equal parts.

    Args:
        values: shape (rows, derived columns, outputs).

    Returns:
        shape (rows, sources, outputs); a source without derived columns gets zeros.
    """
    owners, sources = grouping.owners, grouping.sources
    if values.shape[1] != owners.size:
        raise ValueError(f"{values.shape[1]} derived columns, but {owners.size} of them have a source.")
    if owners.size and not (owners.min() >= 0 and owners.max() < sources + len(grouping.shared)):
        raise ValueError(f"A source column must be numbered from 0 to {sources - 1}.")
    summed = np.zeros((values.shape[0], sources, values.shape[2]))
    # one addition a column, not np.add.at, which is many times slower
    for derived, owner in enumerate(owners):
        if owner < sources:
            summed[:, owner, :] += values[:, derived, :]
            continue
        members = grouping.shared[owner - sources]
        for source in members:
            summed[:, source, :] += values[:, derived, :] / len(members)
    return summed
