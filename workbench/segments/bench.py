"""What every clustering solution is tried on: one sample, one division into train and test, one null."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from workbench.segments.clusterers import Clusterer, fit_clusters, labels_of
from workbench.segments.embedding import Embedding, Preparation, fit_embedding
from workbench.segments.limits import Limits
from workbench.segments.measures import Rows, describability, eta2, plain_matrix
from workbench.segments.reading import Floats, Integers, Reading, View
from workbench.segments.recipe import Recipe
from workbench.segments.shuffle import Shuffle, Space
from workbench.segments.stability import bootstrap_jaccard

STARTS = 4
_FLOOR = 0.01
"""An excess never counts as less: one factor at its null must not make all others equal."""
_NULL_SHUFFLES = 2


@dataclass(frozen=True)
class Solution:
    """One recipe, tried.

    Attributes:
        labels: shape (rows of the bench,).
        eta2: cross-fitted, ``None`` without an outcome.
        stability: per segment, shape (segments,).
        describability: held-out balanced accuracy of a short rule tree.
        null: least stability that k-means reaches on shuffled columns, as many clusters and the same scaling.
        value: Nash product of three excesses: stability over the null, describability over chance, and eta² over
            nothing; negative when a size limit is violated.
        reason: why it is not allowed; empty when it is.
    """

    recipe: Recipe
    embedding: Embedding
    model: Clusterer
    labels: Integers
    eta2: float | None
    stability: Floats
    describability: float
    null: float
    value: float
    reason: str


@dataclass
class Bench:
    """The rows that solutions are tried on, and what is kept between trials.

    Attributes:
        preparation: of the sample's rows.
        reading: the same rows, shape (rows, …).
        outcome: of the same rows; ``None`` when the table has none.
        train, test: rows that rules are learned from, and rows that they are judged by.
    """

    preparation: Preparation
    view: View
    reading: Reading
    outcome: Floats | None
    train: Rows
    test: Rows
    limits: Limits
    seed: int
    _matrix: Floats = field(init=False, repr=False)
    _spaces: dict[tuple[str, float], Space | None] = field(init=False, repr=False, default_factory=dict)
    _nulls: dict[tuple[int, str], float] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._matrix = plain_matrix(self.view, self.reading)

    def space(self, recipe: Recipe) -> Space | None:
        """The encoding and the points for a recipe; ``None`` when no column varies."""
        key = (recipe.scaling, recipe.reduce)
        if key not in self._spaces:
            embedding = fit_embedding(self.preparation, recipe.params())
            if embedding is None:
                self._spaces[key] = None
            else:
                weighted = embedding.weighted(self.preparation.prepared)
                self._spaces[key] = Space(embedding, weighted, embedding.reduced(weighted))
        return self._spaces[key]

    def attempt(
        self,
        recipe: Recipe,
        draws: int,
        enough: Callable[[], bool] = lambda: False,
        null: float | None = None,
    ) -> Solution | None:
        """Fit a recipe and judge it.

        Args:
            draws: bootstrap draws for the stability.
            enough: ends the bootstrap early.
            null: when it is known already.

        Returns:
            the solution, with stability 0 where it breaks a size limit (nothing more is computed then); ``None``
            when there is nothing to cluster.
        """
        space = self.space(recipe)
        if space is None:
            return None
        points = space.points
        model = fit_clusters(points, recipe.params(), starts=STARTS, seed=self.seed)
        labels = labels_of(model, points)
        violation, reason = self.limits.violation(labels, recipe.clusters)
        if reason:
            none = np.zeros(recipe.clusters)
            return Solution(recipe, space.embedding, model, labels, None, none, 0.0, 0.0, -violation, reason)
        value_of = None if self.outcome is None else eta2(labels, self.outcome, seed=self.seed)
        stability = self._stability(points, labels, recipe, draws, enough)
        told = describability(self._matrix, labels, self.train, self.test, self.seed)
        null = self.null(recipe, draws) if null is None else null
        excesses = [float(stability.min()) - null, told - 1.0 / recipe.clusters]
        if value_of is not None:
            excesses.append(value_of)
        value = float(np.prod([max(excess, _FLOOR) for excess in excesses]))
        return Solution(recipe, space.embedding, model, labels, value_of, stability, told, null, value, "")

    def null(self, recipe: Recipe, draws: int) -> float:
        """Least stability that k-means reaches where columns know nothing of each other.

        Every column is shuffled by itself: all marginals stay, all joint structure goes. Averaged over two shuffles.
        """
        key = (recipe.clusters, recipe.scaling)
        if key not in self._nulls:
            plain = Recipe("kmeans", recipe.clusters, recipe.scaling)
            found = [self._null_once(plain, draws, number) for number in range(_NULL_SHUFFLES)]
            self._nulls[key] = float(np.mean(found))
        return self._nulls[key]

    def _null_once(self, recipe: Recipe, draws: int, number: int) -> float:
        space = self.space(recipe)
        assert space is not None, "a solution was found in it"
        generator = np.random.default_rng([self.seed, 13, number])
        points = Shuffle.of(space.embedding.sources, self.reading.rows, generator).points(space)
        labels = labels_of(fit_clusters(points, recipe.params(), starts=STARTS, seed=self.seed), points)
        return float(self._stability(points, labels, recipe, draws, lambda: False).min())

    def _stability(
        self, points: Floats, labels: Integers, recipe: Recipe, draws: int, enough: Callable[[], bool]
    ) -> Floats:
        def again(rows: Rows, seed: int) -> Integers:
            return labels_of(fit_clusters(points[rows], recipe.params(), starts=2, seed=seed), points)

        return bootstrap_jaccard(labels, again, segments=recipe.clusters, draws=draws, seed=self.seed, enough=enough)
