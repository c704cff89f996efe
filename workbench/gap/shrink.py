"""Observed spend without its luck: otherwise a list of gaps is a list of customers who had a slow month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.gap.matrix import Floats


@dataclass(frozen=True)
class Shrunk:
    """Shrunk spend, currency per window, shape (customers,), and the reliability it rests on."""

    spend: Floats
    reliability: float


def shrink(before: Floats, now: Floats) -> Shrunk:
    """``λ·now + (1-λ)·history``: λ is the reliability of one window, history the window before it.

    The reliability is the correlation of two windows (test-retest), after both are capped at their 99.5 % quantile so
    that one wholesale buyer does not decide it. History is brought to the level of *now*, so that a season or a growing
    market is not taken for a change of the customer. λ is at least one half: the newer window counts no less.
    """
    capped = [np.minimum(x, np.quantile(x, 0.995)) for x in (before, now)]
    if np.ptp(capped[0]) == 0 or np.ptp(capped[1]) == 0:
        return Shrunk(now.copy(), 1.0)
    reliability = float(np.clip(np.corrcoef(capped[0], capped[1])[0, 1], 0.0, 1.0))
    growth = now.mean() / before.mean() if before.mean() > 0 and now.mean() > 0 else 1.0
    weight = max(0.5, reliability)
    return Shrunk(weight * now + (1 - weight) * growth * before, reliability)
