"""Which family comes next: the one with the most to gain per second, and none is ever forgotten."""

from __future__ import annotations

import numpy as np

from workbench.contracts import TrialState
from workbench.search.records import Record

FLOOR = 0.08
"""Least chance of every family."""


class FamilyChooser:
    """Draws families in proportion to 1 / (estimated cost for improvement).

    The cost for improvement follows Wang, Wu, Weimer & Zhu 2021 (FLAML), with families instead of learners: what the
    last improvement of a family cost, or what it will cost at that rate to catch up with the best, if that is more.

    Args:
        families: in the order of their first turn.
        seed: of the draws.
    """

    def __init__(self, families: tuple[str, ...], seed: int) -> None:
        self._families = families
        self._rng = np.random.default_rng([seed, 77_003])
        self._history: dict[str, list[tuple[float, float]]] = {name: [] for name in families}

    def learn(self, record: Record, cost: float) -> None:
        """A trial of a family ended; ``cost`` in seconds, or in work where the clock must not decide."""
        # folds that a trial was stopped after may have been the easy ones: only whole trials improve anything
        loss = record.loss if record.state is TrialState.DONE else np.inf
        self._history[record.family].append((cost, loss))

    def order(self, allowed: list[str]) -> list[str]:
        """The allowed families, drawn one after another."""
        if len(allowed) < 2:
            return allowed
        costs = np.array([self._cost_for_improvement(name) for name in allowed])
        chances = 1.0 / np.maximum(costs, 1e-6)
        chances = np.maximum(chances / chances.sum(), FLOOR)
        chances /= chances.sum()
        drawn = self._rng.choice(len(allowed), size=len(allowed), replace=False, p=chances)
        return [allowed[int(place)] for place in drawn]

    def _cost_for_improvement(self, family: str) -> float:
        history = self._history[family]
        if not history:
            return 1e-3
        spent, best = 0.0, np.inf
        improvements: list[tuple[float, float]] = []
        for cost, loss in history:
            spent += cost
            if loss < best:
                improvements.append((spent, loss))
                best = loss
        if not improvements:
            return 10 * spent
        last = improvements[-1][0]
        before = improvements[-2][0] if len(improvements) > 1 else 0.0
        # never less than the price of one more trial
        cheapest = max(spent - last, last - before, spent / len(history))
        overall = min(
            (loss for name in self._families for _, loss in self._history[name] if np.isfinite(loss)), default=best
        )
        if best > overall and len(improvements) > 1:
            gained = improvements[-2][1] - best
            if gained > 0 and np.isfinite(gained):
                cheapest = max(cheapest, (best - overall) * (spent - before) / gained)
        elif best > overall:
            cheapest = max(cheapest, 2 * spent)
        return float(cheapest)
