"""Whether a changed row has real rows near it: an answer far from the data says nothing about customers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.explain.single.support import Support

REFERENCE_ROWS = 5_000
"""Real rows that are looked at for near ones, at most."""
REFERENCE_CELLS = 500_000
"""Cells of them at most: wide tables are compared with fewer rows."""
LEAST_REFERENCE = 500
SAMPLE_ROWS = 300
"""Real rows whose own nearest row says what is near."""
USUAL = 0.99
BLOCK_ROWS = 256
ROUNDING = 1e-9


@dataclass(frozen=True)
class Plausibility:
    """Distances of changed rows to the nearest real row, against those among real rows.

    A changed row counts as plausible when it is no farther from its nearest real row than 99 % of real rows are
    from theirs (in the spirit of Laugel et al. 2019, "The dangers of post-hoc interpretability"). It says that rows
    like it exist, not that the change can be made.

    Attributes:
        support: the real rows and the row in question.
        reference: positions of the real rows that are compared, shape (reference,).
        base: distance of the unchanged row to each of them, shape (reference,).
        limit: the 99th percentile of the nearest distances among up to 300 real rows; NaN with fewer than two.
    """

    support: Support
    reference: np.ndarray
    base: np.ndarray
    limit: float

    @classmethod
    def of(cls, support: Support, seed: int) -> Plausibility:
        """Measure what is near, on rows that ``seed`` chooses."""
        random = np.random.default_rng(seed)
        gower = support.gower
        most = min(REFERENCE_ROWS, max(LEAST_REFERENCE, REFERENCE_CELLS // max(1, gower.values.shape[1])))
        reference = random.permutation(len(support.real))[:most]
        rows = gower.values[reference]
        nearest = []
        for place in range(min(SAMPLE_ROWS, len(reference)) if len(reference) > 1 else 0):
            distance = gower.distances(rows[place], rows)
            distance[place] = np.inf
            nearest.append(distance.min())
        limit = float(np.quantile(nearest, USUAL)) if nearest else float("nan")
        return cls(support, reference, gower.distances(gower.values[-1], rows), limit)

    def nearest(self, choice: np.ndarray) -> np.ndarray:
        """Distance of changed rows to their nearest real row, the unchanged row aside.

        Args:
            choice: see ``Support.changed``, shape (rows, levers).

        Returns:
            shape (rows,); infinite where there are no real rows.
        """
        blocks = [self._nearest(choice[start : start + BLOCK_ROWS]) for start in range(0, len(choice), BLOCK_ROWS)]
        return np.concatenate(blocks) if blocks else np.empty(0)

    def near(self, nearest: np.ndarray) -> np.ndarray:
        """Whether these distances are usual among real rows; never where that can't be judged."""
        usual: np.ndarray = nearest <= self.limit + ROUNDING
        return usual

    def _nearest(self, choice: np.ndarray) -> np.ndarray:
        gower, own = self.support.gower, self.support.own
        distance = np.repeat(self.base[None, :], len(choice), axis=0)
        for place, j in enumerate(self.support.levers):
            changed = np.flatnonzero(choice[:, place] != own)
            if not changed.size:
                continue
            there = gower.values[self.reference, j]
            after = gower.part(j, gower.values[choice[changed, place], j][:, None], there[None, :])
            distance[changed] += gower.weights[j] * (after - gower.part(j, gower.values[own, j], there))
        found: np.ndarray = np.maximum(distance.min(axis=1, initial=np.inf), 0.0)
        return found
