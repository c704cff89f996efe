"""What another minute is worth: the expected gain of the best score, from the tail of the newest trials' scores.

Expected-validation-performance curves (Dodge et al. 2019, "Show Your Work", EMNLP) treat trials as independent draws
and ask for the expected best of m of them. Their estimator can't look beyond the best score that was seen, so what
lies beyond is taken from order statistics: the chance that a draw beats the best of n has the distribution Beta(1, n)
whatever the scores are like, and how far it goes is a generalised Pareto tail (Pickands 1975), fitted by
probability-weighted moments (Hosking & Wallis 1987). Its shape is held between those of the uniform and of the
exponential distribution, for the score of a model is bounded. Resampling the trials (Efron 1979) carries the doubt
about the fit into the interval. Trials are not independent, a sampler learns: so the newest ones speak for those to
come, and they must first make good what they lie behind the best of all. Families are not one distribution: the
distance between a linear model and boosted trees is no tail, so families that have not come near the leading one
count as trials that were given up.

On independent simulated scores the chance of a gain is right within a few points and the interval holds in 93 to
100 % of cases; the expected gain is right for light tails and too large (two- to fourfold) for scores that crowd
before a hard bound, as the shape of a tail can't be told from so few trials.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workbench.contracts import Forecast

FEWEST = 8
"""Finished trials below which nothing is forecast."""
UNLIKELY = 0.05
"""Chance of an improvement below which nothing more is likely."""
_RESAMPLES = 200
_LEVELS = 100
_STEEPEST = -1.0
_NAMES = {"roc_auc": "ROC AUC", "rmse": "RMSE", "mae": "MAE", "r2": "R²", "f1": "F1"}


def forecast(
    scores: Sequence[float | None],
    *,
    metric: str,
    greater: bool,
    trials: float,
    seconds: float | None,
    families: Sequence[str] = (),
    seed: int = 0,
) -> Forecast:
    """What so many more trials are worth.

    Args:
        scores: of the trials that ended, in the order of their end; ``None`` for one that was given up because it
            could not win. Those that failed or were cut tell nothing and are not among them.
        greater: whether larger is better.
        trials: how many more; need not be whole.
        seconds: how long they take, ``None`` where trials are counted.
        families: of the trials, as many as scores; none if all are of one.
    """
    sign = 1.0 if greater else -1.0
    values = np.array([-np.inf if one is None or not np.isfinite(one) else sign * one for one in scores])
    values, apart = _in_reach(values, families)
    finished = int(np.isfinite(values).sum())
    if finished < FEWEST:
        were = "trial was" if finished == 1 else "trials were"
        near = " of the leading families" if apart else ""
        reason = f"only {finished} {were} finished{near} and {FEWEST} are needed"
        return Forecast(metric, trials, seconds, None, reason=reason)
    if trials <= 0:
        return Forecast(metric, trials, seconds, 0.0)
    newest = _newest(values)
    known = newest[np.isfinite(newest)]
    # a trial that was given up is a draw that did not count
    draws = trials * known.size / newest.size
    gains = _gains(known, float(values.max()), draws, np.random.default_rng(seed))
    low, high = np.quantile(gains, (0.025, 0.975))
    return Forecast(metric, trials, seconds, float(gains.mean()), float(low), float(high), float((gains > 0).mean()))


def _in_reach(values: np.ndarray, families: Sequence[str]) -> tuple[np.ndarray, bool]:
    """The values without those of families whose best is worse than the middling trial of the one that leads.

    Returns:
        the values, and whether any was left out.
    """
    known = np.isfinite(values)
    if not families or not known.any():
        return values, False
    of = np.array(families)
    leads = np.median(values[known & (of == of[int(np.argmax(values))])])
    apart = [one for one in np.unique(of[known]) if values[known & (of == one)].max() < leads]
    return np.where(np.isin(of, apart), -np.inf, values), bool(apart)


def _newest(values: np.ndarray) -> np.ndarray:
    """The newest two thirds of the trials, and further back until enough of them have scores."""
    known = np.flatnonzero(np.isfinite(values))
    return values[min(values.size // 3, int(known[-FEWEST])) :]


def _gains(scores: np.ndarray, best: float, draws: float, generator: np.random.Generator) -> np.ndarray:
    """Improvements on ``best`` by so many draws, each with its own doubt about the tail; shape (many,)."""
    size = scores.size
    resampled = scores[generator.integers(0, size, (_RESAMPLES, size))]
    scale, shape = _pareto(np.sort(resampled, axis=1)[:, (size - 1) // 2 :])
    levels = (np.arange(_LEVELS) + 0.5) / _LEVELS
    # how much of the distribution lies beyond the best of these: Beta(1, size)
    beyond = generator.permuted(np.tile(-np.expm1(np.log1p(-levels) / size), (_RESAMPLES, 1)), axis=1)
    # the largest of m draws lies below x with the chance F(x)^m: its quantiles are those of one draw at u^(1/m)
    largest = -np.expm1(np.log(levels) / draws)[None, :]
    bent = np.minimum(shape, -1e-6)[:, None]
    # the tail narrows on the way out from the median, where half of the distribution lies beyond
    there = scale[:, None] * (beyond / 0.5) ** -bent
    excess = np.where(largest < beyond, there * np.expm1(-bent * np.log(np.minimum(largest / beyond, 1))) / bent, 0.0)
    gains: np.ndarray = np.maximum(excess - (best - float(scores.max())), 0.0).ravel()
    gains[gains <= 1e-12 * max(1.0, abs(best))] = 0.0  # within rounding of the score
    return gains


def _pareto(tail: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Scale and shape of each row's excesses over its first value, by probability-weighted moments."""
    over = tail[:, 1:] - tail[:, :1]
    number = over.shape[1]
    mean = over.mean(axis=1)
    # the chance to lie beyond each excess (plotting position of Hosking & Wallis)
    second = (over * (1 - (np.arange(number) + 0.65) / number)).mean(axis=1)
    spread = np.maximum(mean - 2 * second, 1e-300)
    shape = np.clip(2 - mean / spread, _STEEPEST, 0.0)
    # with the shape held, the mean excess gives the scale
    return mean * (1 - shape), shape


def metric_name(metric: str) -> str:
    """A metric as it stands in a sentence."""
    return _NAMES.get(metric, metric.replace("_", " "))


def sentence(found: Forecast) -> str:
    """The forecast for people, such as ``Another minute is likely worth 0.0004 ROC AUC (0 to 0.0012).``"""
    what = _horizon(found)
    if found.gain is None:
        return f"What {what[0].lower()}{what[1:]} would be worth can't be said: {found.reason}."
    verb = "is" if what == "Another minute" else "are"
    if found.chance < UNLIKELY:
        return f"{what} {verb} likely worth nothing more."
    gain, low, high = (f"{value:.2g}" if value else "0" for value in (found.gain, found.low, found.high))
    chance = f"; the chance of any gain is {found.chance:.0%}" if found.chance < 0.5 else ""
    return f"{what} {verb} likely worth {gain} {metric_name(found.metric)} ({low} to {high}){chance}."


def _horizon(found: Forecast) -> str:
    if found.seconds is None:
        return f"Another {found.trials:.0f} trials"
    return "Another minute" if abs(found.seconds - 60) < 0.5 else f"Another {max(1.0, found.seconds):.0f} seconds"
