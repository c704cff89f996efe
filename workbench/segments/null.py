"""Is there structure at all? The winner against the same recipe on shuffled columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.segments.bench import Bench, Solution
from workbench.segments.clusterers import fit_clusters, labels_of
from workbench.segments.measures import explained_spread
from workbench.segments.reading import Floats
from workbench.segments.shuffle import Shuffle

ALPHA = 0.025
"""Half of the usual five per cent: the recipe was chosen, which tilts the test a little on small tables."""
LEAST_EXCESS = 0.05
"""Share of the spread left unexplained on shuffled columns that the real ones must explain on top."""
DISSOLVED = 0.6
"""Stability under which a segment does not come again (Hennig 2007)."""
SHUFFLES = 39
"""The fewest that carry a test at ``ALPHA``."""


@dataclass(frozen=True)
class NullTest:
    """The outcome of the comparison.

    Attributes:
        spread: share of the points' spread that the segments explain.
        null_spread: the same on shuffled columns, on average.
        p_value: share of shuffles that did as well (permutation test, never 0).
    """

    spread: float
    null_spread: float
    p_value: float


def null_test(solution: Solution, bench: Bench) -> NullTest:
    """Compare the winner with the same recipe on points whose columns were shuffled.

    The statistic, the share of spread explained, is not what the search maximises, so that choosing the best of many
    solutions hardly tilts the test.
    """
    space = bench.space(solution.recipe)
    assert space is not None, "the solution was found in it"
    params = solution.recipe.params()

    def spread(where: Floats, seed: int) -> float:
        return explained_spread(where, labels_of(fit_clusters(where, params, starts=2, seed=seed), where))

    seen = spread(space.points, bench.seed)
    generator = np.random.default_rng([bench.seed, 17])
    null: list[float] = []
    for number in range(SHUFFLES):
        shuffle = Shuffle.of(space.embedding.sources, len(space.points), generator)
        null.append(spread(shuffle.points(space), bench.seed + 1 + number))
    p_value = (1 + sum(value >= seen for value in null)) / (1 + len(null))
    return NullTest(seen, float(np.mean(null)), p_value)


def why_not(solution: Solution, null: NullTest) -> str:
    """Why a winner is no structure, as a clause; empty when it is."""
    if null.p_value > ALPHA:
        return f"shuffled columns were divided as well (permutation p = {null.p_value:.2f})"
    if null.spread - null.null_spread < LEAST_EXCESS * (1 - null.null_spread):
        return "what remains beyond shuffled columns is too faint to act on"
    least = float(solution.stability.min())
    if least < DISSOLVED and least <= solution.null:
        return "its segments come out differently for other customers of the same kind"
    return ""
