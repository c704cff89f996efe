"""Which family comes next: the one whose trials add most to the blend per second, and none is ever forgotten."""

from __future__ import annotations

import numpy as np

from workbench.search.trials.records import Record

FLOOR = 0.08
"""Least chance of a family whose trials cost what they cost on average; less for dearer ones."""


class FamilyChooser:
    """Draws families in proportion to 1 / (estimated cost for an improvement).

    The cost for improvement follows Wang, Wu, Weimer & Zhu 2021 (FLAML), with families instead of learners, and with
    improvements of the blend instead of a family's own best: a family that is worse by itself is worth its time as
    long as the blend gains by it, and one that is nearly as good as another isn't where it adds nothing.

    Args:
        families: in the order of their first turn.
        seed: of the draws.
    """

    def __init__(self, families: tuple[str, ...], seed: int) -> None:
        self._families = families
        self._rng = np.random.default_rng([seed, 77_003])
        self._history: dict[str, list[tuple[float, float]]] = {name: [] for name in families}

    def learn(self, record: Record, cost: float, gain: float) -> None:
        """A trial of a family ended.

        Args:
            cost: in seconds, or in work where the clock must not decide.
            gain: by how much it lowered the loss of the blend; 0 for trials that were stopped early.
        """
        self._history[record.family].append((cost, gain))

    def order(self, allowed: list[str]) -> list[str]:
        """The allowed families, drawn one after another."""
        if len(allowed) < 2:
            return allowed
        costs = np.array([self._cost_for_improvement(name) for name in allowed])
        chances = 1.0 / np.maximum(costs, 1e-6)
        each = np.array([self._cost_of_a_trial(name) for name in allowed])
        floor = FLOOR * np.minimum(1.0, each.mean() / np.maximum(each, 1e-6))
        chances = np.maximum(chances / chances.sum(), floor)
        chances /= chances.sum()
        drawn = self._rng.choice(len(allowed), size=len(allowed), replace=False, p=chances)
        return [allowed[int(place)] for place in drawn]

    def _cost_of_a_trial(self, family: str) -> float:
        history = self._history[family]
        return float(np.mean([cost for cost, _ in history])) if history else 0.0

    def _cost_for_improvement(self, family: str) -> float:
        history = self._history[family]
        if not history:
            return 1e-3
        spent = 0.0
        improved = [0.0]
        for cost, gain in history:
            spent += cost
            if gain > 0:
                improved.append(spent)
        if len(improved) == 1:
            return 2 * spent
        # never less than the price of one more trial
        return float(max(spent - improved[-1], improved[-1] - improved[-2], spent / len(history)))
