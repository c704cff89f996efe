"""Would this gap have told, back then, who would spend more? Asked of every past cut-off, naively and honestly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from workbench.gap.adjust import expected_future, explained
from workbench.gap.bootstrap import interval, top_minus_rest, weights
from workbench.gap.matrix import Floats, Ints
from workbench.gap.origins import Snapshot
from workbench.gap.quantile import Scale, conditional_quantiles, out_of_fold
from workbench.gap.shrink import shrink

GAP = "potential gap"
UNSHRUNK = "potential gap, spend not shrunk"
PLACEBO = "placebo: features of other customers"
BASELINES = (
    "low spender",
    "own history",
    "mean residual",
    "median residual",
    "RFM rank",
    "random",
    PLACEBO,
)
Rng = np.random.Generator
Tick = Callable[[], None]
_DRAWS = 1000
_TOP = 0.2


@dataclass(frozen=True)
class Tested:
    """One origin's back-test: a row per score, the quantile's coverage, and what the gap adds to a forecast."""

    rows: pd.DataFrame
    coverage: float
    r2_without: float
    r2_with: float


def backtest_at(snapshot: Snapshot, level: float, folds: Ints, *, seed: int, rng: Rng, tick: Tick) -> Tested:
    """Judge the gap and its baselines, as they stood at the cut-off, by what came after.

    *Naive*: against growth, future minus now. It is inflated by regression to the mean: who spent little by chance
    spends more next time, and every score that holds "minus now" finds her. *Adjusted*: against what the future holds
    beyond a flexible out-of-fold forecast from everything that the customer's own spend level tells: the two windows
    and the level features, which reach back further. With the two windows alone, a score that knows the longer past
    would look good for that reason only.
    """
    assert snapshot.future is not None
    now = snapshot.now
    found = conditional_quantiles(snapshot.structure, now, (level,), folds, seed=seed, tick=tick)
    placebo = conditional_quantiles(snapshot.structure.shuffled(rng), now, (level,), folds, seed=seed, tick=tick)
    scores = _scores(snapshot, found.values[:, 0], placebo.values[:, 0], folds, seed=seed, rng=rng, tick=tick)
    future = snapshot.future
    growth = future - now
    known = np.column_stack([now, snapshot.before, snapshot.level])
    forecast = expected_future(future, known, folds=folds, seed=seed, tick=tick)
    surprise = future - forecast
    known = np.column_stack([known, scores[GAP]])
    with_gap = expected_future(future, known, folds=folds, seed=seed, tick=tick)

    names = list(scores)
    top = np.column_stack([top_share(scores[name], rng) for name in names])
    drawn = weights(rng, len(future), _DRAWS)
    everyone = np.ones((1, len(future)))
    naive = top_minus_rest(everyone, growth, top)[0]
    adjusted = top_minus_rest(everyone, surprise, top)[0]
    samples = top_minus_rest(drawn, surprise, top)
    rows = []
    for position, name in enumerate(names):
        low, high = interval(samples[:, position])
        rows.append(
            {
                "origin": snapshot.name,
                "score": name,
                "naive_rank_correlation": _spearman(scores[name], growth),
                "naive_top20": float(naive[position]),
                "adjusted_rank_correlation": _spearman(scores[name], surprise),
                "adjusted_top20": float(adjusted[position]),
                "adjusted_low": low,
                "adjusted_high": high,
                "coverage": float(found.coverage[0]) if name in (GAP, UNSHRUNK) else float("nan"),
            }
        )
    return Tested(
        pd.DataFrame(rows), float(found.coverage[0]), explained(future, forecast), explained(future, with_gap)
    )


def _scores(
    snapshot: Snapshot, potential: Floats, placebo: Floats, folds: Ints, *, seed: int, rng: Rng, tick: Tick
) -> dict[str, Floats]:
    """The gap and every baseline, each shape (customers,): the higher, the more growth is expected."""
    scale = Scale.of(snapshot.now)
    shrunk = shrink(snapshot.before, snapshot.now).spend
    mean = out_of_fold(snapshot.structure, snapshot.now, folds, seed=seed, tick=tick, objective="regression")
    z = scale.forth(snapshot.now)
    median = scale.back(
        out_of_fold(snapshot.structure, z, folds, seed=seed, tick=tick, objective="quantile", alpha=0.5)
    )
    return {
        GAP: potential - shrunk,
        UNSHRUNK: potential - snapshot.now,
        "low spender": -snapshot.now,
        "own history": snapshot.before - snapshot.now,
        "mean residual": mean - snapshot.now,
        "median residual": median - snapshot.now,
        "RFM rank": snapshot.rfm,
        "random": rng.random(len(potential)),
        PLACEBO: placebo - shrunk,
    }


def top_share(score: Floats, rng: Rng, share: float = _TOP) -> np.ndarray:
    """Flags of the highest fifth; ties are broken by lot, not by the order of the table."""
    order = np.lexsort((rng.random(len(score)), -score))
    flags = np.zeros(len(score), dtype=bool)
    flags[order[: max(1, round(share * len(score)))]] = True
    return flags


def _spearman(a: Floats, b: Floats) -> float:
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return 0.0
    return float(spearmanr(a, b).statistic)
