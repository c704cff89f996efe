"""Which few changes of levers bring a row's prediction to an aim: one column, then two, then three."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from workbench.explain.single.aim import Target
from workbench.explain.single.answers import Answers, answers
from workbench.explain.single.plausibility import Plausibility
from workbench.explain.single.support import Support

MOST_ROWS = 5_000
"""Changed rows that are predicted in one step."""
GRID = 64
FEWEST_VALUES = 4
"""Values of a lever that are tried, at most and at least."""
MOST_LEVERS = MOST_ROWS // FEWEST_VALUES
PAIR_LEVERS = 50
"""Levers that are combined at most: those that came nearest to the aim alone."""
BEAM = 50
"""Pairs that a third column is added to."""


@dataclass(frozen=True)
class Tried:
    """Changed rows and what became of them.

    Attributes:
        choice: see ``Support.changed``, shape (rows, levers).
        asked: what the model answers.
        reached: whether it is the aim.
        gap: see ``Target.gap``.
        columns: how many columns are changed.
        distance: Gower distance from the unchanged row, all the model's columns weighted alike.
        steps: the same without a cap, so that of two large changes the smaller one is known.
        nearest: distance to the nearest real row; infinite for rows that do not reach the aim, which nobody asks.
        near: whether that is usual.
    """

    choice: np.ndarray
    asked: Answers
    reached: np.ndarray
    gap: np.ndarray
    columns: np.ndarray
    distance: np.ndarray
    steps: np.ndarray
    nearest: np.ndarray
    near: np.ndarray

    def key(self, row: int) -> tuple[float, ...]:
        """What makes an answer smaller than another: columns, distance, distance without a cap, nearest real row."""
        return tuple(float(each[row]) for each in (self.columns, self.distance, self.steps, self.nearest))

    def changed(self, row: int, own: int) -> frozenset[int]:
        """The levers that a row changes, as positions among the levers."""
        return frozenset(np.flatnonzero(self.choice[row] != own).tolist())


class ChangeSearch:
    """Asks the model for changed rows, and keeps count.

    Attributes:
        rows: changed rows that were predicted.
        closest: smallest gap that was met, and the answer that had it, one row.
    """

    def __init__(self, support: Support, plausibility: Plausibility, target: Target) -> None:
        self.support, self.plausibility, self.target = support, plausibility, target
        self.rows = 0
        self.closest: tuple[float, Answers, int] | None = None

    def look(self, choice: np.ndarray) -> Tried:
        """Predict changed rows in one call and measure those that reach the aim."""
        asked = answers(self.target.model, self.support.changed(choice))
        reached, gap = self.target.reached(asked), self.target.gap(asked)
        self.rows += len(choice)
        if len(choice) and (self.closest is None or gap.min() < self.closest[0]):
            self.closest = float(gap.min()), asked, int(gap.argmin())
        distance, steps = self._distances(choice)
        nearest = np.full(len(choice), np.inf)
        nearest[reached] = self.plausibility.nearest(choice[reached])
        near = reached & self.plausibility.near(nearest)
        columns = (choice != self.support.own).sum(axis=1)
        return Tried(choice, asked, reached, gap, columns, distance, steps, nearest, near)

    def _distances(self, choice: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        gower, own = self.support.gower, self.support.own
        capped, whole = np.zeros(len(choice)), np.zeros(len(choice))
        for place, j in enumerate(self.support.levers):
            changed = np.flatnonzero(choice[:, place] != own)
            before, after = gower.values[own, j], gower.values[choice[changed, place], j]
            capped[changed] += gower.weights[j] * gower.part(j, before, after)
            whole[changed] += gower.weights[j] * gower.part(j, before, after, capped=False)
        return capped, whole

    def singles(self) -> Tried:
        """Every lever alone, at up to 64 of its values: all of them, or evenly spread over the distinct ones."""
        most = int(np.clip(MOST_ROWS // max(1, len(self.support.levers)), FEWEST_VALUES, GRID))
        changes = [
            ((place, int(at)),)
            for place, values in enumerate(self.support.values)
            for at in self._spread(place, values, most)
        ]
        return self.look(self._choices(changes))

    def together(
        self, alone: Tried, free: Sequence[int], columns: int, solved: Sequence[frozenset[int]]
    ) -> Tried | None:
        """Several levers at a few values each: those nearest to and farthest from the aim alone, and some between.

        Args:
            alone: of ``singles``.
            free: positions among the levers; of more than 50 those that came nearest to the aim alone.
            columns: how many are changed together.
            solved: sets of levers that are enough; none that holds one is tried.

        Returns:
            ``None`` where so many levers leave fewer than three values of each, or two of a pair.
        """
        places = self._promising(alone, free)
        sets = [each for each in combinations(places, columns) if not any(known <= set(each) for known in solved)]
        size = min(GRID, int((MOST_ROWS / max(1, len(sets))) ** (1 / columns)))
        if size < min(columns, 3):
            return None
        short = {place: self._shortlist(alone, place, size) for place in places}
        return self.look(
            self._choices(
                [
                    tuple(zip(each, values, strict=True))
                    for each in sets
                    for values in product(*(short[place] for place in each))
                ]
            )
        )

    def widened(self, alone: Tried, two: Tried, free: Sequence[int], solved: Sequence[frozenset[int]]) -> Tried:
        """A third lever added to the pairs that came nearest, one for each two columns: a beam search.

        Args:
            alone: of ``singles``.
            two: pairs, of ``together``.
            free, solved: as for ``together``.
        """
        places = self._promising(alone, free)
        beam: dict[frozenset[int], int] = {}
        for row in np.argsort(two.gap, kind="stable"):
            changed = two.changed(int(row), self.support.own)
            if changed not in beam and not any(known <= changed for known in solved):
                beam[changed] = int(row)
            if len(beam) == BEAM:
                break
        size = int(np.clip(MOST_ROWS // max(1, len(beam) * (len(places) - 2)), 1, GRID))
        short = {place: self._shortlist(alone, place, size) for place in places}
        changes = [
            (*((at, int(two.choice[row, at])) for at in sorted(changed)), (third, value))
            for changed, row in beam.items()
            for third in places
            if third not in changed
            for value in short[third]
        ]
        return self.look(self._choices(changes))

    def _choices(self, changes: Sequence[tuple[tuple[int, int], ...]]) -> np.ndarray:
        choice = np.full((len(changes), len(self.support.levers)), self.support.own, dtype=np.int32)
        for row, each in enumerate(changes):
            for place, at in each:
                choice[row, place] = at
        return choice

    def _spread(self, place: int, values: np.ndarray, most: int) -> np.ndarray:
        """Up to ``most`` of a lever's values: numbers evenly among the distinct ones, the most frequent levels."""
        if len(values) <= most or not self.support.gower.ordered[self.support.levers[place]]:
            return values[:most]
        spread: np.ndarray = values[np.unique(np.linspace(0, len(values) - 1, most).round().astype(int))]
        return spread

    def _promising(self, alone: Tried, free: Sequence[int]) -> list[int]:
        if len(free) <= PAIR_LEVERS:
            return list(free)
        best = {place: alone.gap[alone.choice[:, place] != self.support.own].min() for place in free}
        return sorted(sorted(free, key=lambda place: float(best[place]))[:PAIR_LEVERS])

    def _shortlist(self, alone: Tried, place: int, size: int) -> list[int]:
        """Values of one lever: nearest to the aim alone, farthest from it (columns may work against each other alone
        and together not), then evenly spread."""
        rows = np.flatnonzero(alone.choice[:, place] != self.support.own)
        gaps = alone.gap[rows]
        spread = np.unique(np.linspace(0, len(rows) - 1, size).round().astype(int))
        order = dict.fromkeys([int(gaps.argmin()), int(gaps.argmax()), *spread.tolist()])
        return [int(alone.choice[rows[at], place]) for at in list(order)[:size]]


def smallest(tried: Sequence[Tried], own: int, count: int, *, near: bool) -> list[np.ndarray]:
    """The smallest answers with different columns: none changes all that a smaller one changes, and more.

    Args:
        own: see ``Support.own``.
        count: answers that are wanted.
        near: only rows with real rows near them.

    Returns:
        choices, each of shape (levers,), smallest first.
    """
    keys = [
        (one.key(int(row)), place, int(row))
        for place, one in enumerate(tried)
        for row in np.flatnonzero(one.near if near else one.reached)
    ]
    found: dict[frozenset[int], np.ndarray] = {}
    for _, place, row in sorted(keys):
        changed = tried[place].changed(row, own)
        if not any(known <= changed for known in found):
            found[changed] = tried[place].choice[row]
        if len(found) == count:
            break
    return list(found.values())
