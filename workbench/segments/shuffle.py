"""Shuffled columns: the same table with every column's own distribution and nothing between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from workbench.segments.embedding import Embedding
from workbench.segments.measures import Rows
from workbench.segments.reading import Floats


@dataclass(frozen=True)
class Space:
    """An encoding with the points of a sample, before (``weighted``) and after (``points``) the reduction."""

    embedding: Embedding
    weighted: Floats
    points: Floats


@dataclass(frozen=True)
class Shuffle:
    """A permutation of the rows for every source column; what comes from one column stays together."""

    orders: dict[str, Rows]

    @classmethod
    def of(cls, sources: Iterable[str], rows: int, generator: np.random.Generator) -> Shuffle:
        """A random shuffle."""
        return cls({source: generator.permutation(rows) for source in dict.fromkeys(sources)})

    def points(self, space: Space) -> Floats:
        """The shuffled points, in the same space."""
        mixed = np.empty_like(space.weighted)
        for axis, source in enumerate(space.embedding.sources):
            mixed[:, axis] = space.weighted[self.orders[source], axis]
        return space.embedding.reduced(mixed)
