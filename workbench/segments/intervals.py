"""Bootstrap intervals of segment means."""

from __future__ import annotations

import numpy as np

from workbench.segments.reading import Floats

DRAWS = 400
_ROWS = 20_000


def mean_interval(values: Floats, seed: int, draws: int = DRAWS) -> tuple[float, float, float]:
    """Mean with its 95 % bootstrap percentile interval; missing values don't count.

    Above 20,000 rows the normal approximation takes the bootstrap's place: they agree there.

    Returns:
        (mean, low, high); NaN when there is no value.
    """
    known = values[np.isfinite(values)]
    if not len(known):
        return float("nan"), float("nan"), float("nan")
    mean = float(known.mean())
    if len(known) > _ROWS:
        half = 1.959964 * float(known.std(ddof=1)) / np.sqrt(len(known))
        return mean, mean - half, mean + half
    generator = np.random.default_rng([seed, 23])
    means = np.empty(draws)
    block = max(1, 2_000_000 // len(known))
    for start in range(0, draws, block):
        count = min(block, draws - start)
        means[start : start + count] = known[generator.integers(0, len(known), (count, len(known)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return mean, float(low), float(high)
