"""What a descriptive search varies."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """One way to form clusters, in the words of the clustering family and its search space.

    Attributes:
        scaling: of numbers.
        reduce: share of the variance that principal components keep; 1 for no reduction.
    """

    algorithm: str
    clusters: int
    scaling: str
    reduce: float = 1.0

    def params(self) -> dict[str, object]:
        """As the family takes them and as they are logged."""
        return {
            "algorithm": self.algorithm,
            "clusters": self.clusters,
            "scaling": self.scaling,
            "reduce": self.reduce,
        }
