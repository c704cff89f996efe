"""What a fit will cost: the family's own guess, corrected by what this machine and table have shown."""

from __future__ import annotations

from collections import defaultdict, deque

import numpy as np

_MEMORY = 12
_LIKE_OTHERS = 3.0
"""Most that a family without a fit of its own is expected to be off because the others were: the first fits of a
worker are slow for reasons that pass.
"""
_CAUTION = 0.7
"""Quantile of the ratios seen that a forecast uses: better a little late than over the deadline."""


class CostModel:
    """Forecasts seconds per fit.

    Args:
        fixed: never learn, so that decisions don't depend on the clock (reproducible mode).
    """

    def __init__(self, *, fixed: bool = False) -> None:
        self._fixed = fixed
        self._ratios: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=_MEMORY))

    def learn(self, family: str, work: float, seconds: float) -> None:
        """A fit that was expected to take ``work`` seconds took ``seconds``."""
        if not self._fixed and work > 0:
            self._ratios[family].append(seconds / work)

    def seconds(self, family: str, work: float) -> float:
        """Forecast of a fit; before the family's first fit, by what the others have shown."""
        own = self._ratios.get(family)
        if own:
            return work * float(np.quantile(np.asarray(own), _CAUTION))
        others = [float(np.median(np.asarray(ratios))) for ratios in self._ratios.values() if ratios]
        return work * float(np.clip(np.median(others), 1.0, _LIKE_OTHERS)) if others else work
