"""What a clustering study may vary, and where it begins."""

from __future__ import annotations

from dataclasses import dataclass, replace

import optuna

from workbench.segments.limits import Limits
from workbench.segments.recipe import Recipe


@dataclass(frozen=True)
class Space:
    """The choices of a study.

    Attributes:
        portfolio: tried first, in this order.
    """

    scalings: tuple[str, ...]
    algorithms: tuple[str, ...]
    fewest: int
    most: int
    portfolio: tuple[Recipe, ...]

    @property
    def size(self) -> int:
        """How many different recipes there are."""
        return len(self.scalings) * len(self.algorithms) * (self.most - self.fewest + 1)

    def suggest(self, trial: optuna.Trial) -> Recipe:
        """A recipe chosen by the sampler."""
        return Recipe(
            algorithm=str(trial.suggest_categorical("algorithm", list(self.algorithms))),
            clusters=trial.suggest_int("clusters", self.fewest, self.most),
            scaling=str(trial.suggest_categorical("scaling", list(self.scalings))),
        )

    def fixed(self, segments: int) -> Space:
        """The same space with the number of segments given."""
        portfolio = tuple(dict.fromkeys(replace(recipe, clusters=segments) for recipe in self.portfolio))
        return replace(self, fewest=segments, most=segments, portfolio=portfolio)


def default_space(limits: Limits) -> Space:
    """All that is built in; k-means on symmetric columns first, which served best on real customer tables."""
    order = [count for count in (5, 4, 6, 3, 7, 8) if limits.fewest <= count <= limits.most]
    portfolio = [Recipe("kmeans", count, "power") for count in order]
    portfolio += [Recipe("kmeans", 4, "standard"), Recipe("kmeans", 5, "quantile")]
    portfolio += [Recipe("gaussian_mixture", 4, "power")]
    return Space(
        ("standard", "quantile", "power"),
        ("kmeans", "bisecting_kmeans", "gaussian_mixture"),
        limits.fewest,
        limits.most,
        tuple(portfolio),
    )
