"""Which finished trials are blended, and with which weights: greedy selection on out-of-fold predictions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize, minimize_scalar

from workbench.contracts import TrialState
from workbench.pipelines import family
from workbench.pipelines.blend import Speech, shares_of
from workbench.search.metrics import METRICS, Metric
from workbench.search.records import Record

STEPS = 25
"""Members drawn by a greedy selection, with repetition; more change nothing that can be measured."""
BEST, BEST_OF_KIND = 8, 3
"""Candidates: the best trials of all, and of each kind of model."""
MOST_MEMBERS = 6
_PARTS, _PATIENCE = 5, 5
_ROWS = 20_000
"""Rows that weights are learnt from at most."""
_LEAST_WEIGHT = 0.03
_LEAST_ROWS = 50
WORSE = 0.25
"""Candidates whose loss exceeds the best by more than this share of the way to the baseline stay out."""


@dataclass(frozen=True, eq=False)
class Choice:
    """A blend as chosen.

    Attributes:
        members: trials with their weights, heaviest first; the weights sum to one.
        speeches: how each member's predictions are turned into scores.
        slope: by which averaged scores are stretched; 1 for numbers.
        prediction: out of fold and honest: rows are blended by weights that were learnt from other rows.
        loss: of that prediction over all rows at once, and the best single trial's.
    """

    members: tuple[tuple[Record, float], ...]
    speeches: tuple[Speech, ...]
    slope: float
    prediction: np.ndarray
    loss: float
    single_loss: float


def choose(
    records: list[Record],
    truth: np.ndarray,
    weight: np.ndarray | None,
    *,
    objective: Metric,
    baseline_loss: float,
    seed: int,
    usable: Callable[[Record], bool] = lambda record: True,
) -> Choice | None:
    """Blend finished trials, or don't.

    Caruana, Niculescu-Mizil, Crew & Ksikes (2004), "Ensemble selection from libraries of models": members are added
    one by one, each time the one that helps most, with repetition. Done on five parts of the rows, each time leaving
    out a fifth: the left-out rows say honestly what blending is worth, and the mean of the five weightings is steadier
    than one (their "bagging").

    Args:
        records: all trials of the search.
        truth: class codes or numbers, shape (rows,).
        usable: whether there is a model of a trial, or time to fit one.

    Returns:
        ``None`` where there are fewer than two candidates, or where the blend is no better than the best of them.
    """
    candidates = [one for one in candidates_of(records, baseline_loss) if usable(one)]
    if len(candidates) < 2:
        return None
    stacked = np.stack([np.asarray(one.prediction, dtype=np.float64) for one in candidates])
    known = np.flatnonzero(np.isfinite(stacked).reshape(len(candidates), len(truth), -1).all(axis=(0, 2)))
    if known.size < _LEAST_ROWS:
        return None
    rng = np.random.default_rng([seed, 90_001])
    rows = np.sort(rng.choice(known, _ROWS, replace=False)) if known.size > _ROWS else known
    speeches = [_speech(one, stacked[place][rows], truth[rows]) for place, one in enumerate(candidates)]
    scores = np.stack([speech.scores(part) for speech, part in zip(speeches, stacked, strict=True)])
    part = rng.permutation(np.arange(rows.size) % _PARTS)
    found = np.zeros((_PARTS, len(candidates)))
    honest = np.full(stacked.shape[1:], np.nan)
    for left_out in range(_PARTS):
        inside, outside = rows[part != left_out], rows[part == left_out]
        found[left_out] = greedy(scores, inside, truth, weight, objective)[0]
        honest[outside] = _said(np.tensordot(found[left_out], scores[:, outside], axes=1), 1.0)
    mean = _pruned(found.mean(axis=0))
    slope = _slope(np.tensordot(mean, scores[:, rows], axes=1), truth[rows])
    beyond = np.setdiff1d(known, rows)
    honest[beyond] = _said(np.tensordot(mean, scores[:, beyond], axes=1), 1.0)
    honest[known] = _restretched(honest[known], slope)
    own = None if weight is None else weight[rows]
    loss = objective.loss(objective.score(truth[rows], honest[rows], own))
    single = min(objective.loss(objective.score(truth[rows], one[rows], own)) for one in stacked)
    order = [int(place) for place in np.argsort(-mean, kind="stable") if mean[place] > 0]
    if len(order) < 2 or not loss < single:
        return None
    return Choice(
        members=tuple((candidates[place], float(mean[place])) for place in order),
        speeches=tuple(speeches[place] for place in order),
        slope=slope,
        prediction=honest.astype(np.float32),
        loss=float(loss),
        single_loss=float(single),
    )


def forecast_seconds(rows: int, candidates: int) -> float:
    """What choosing among so many candidates takes, by the slowest metric."""
    return 0.3 + _PARTS * STEPS * candidates * 6e-8 * min(rows, _ROWS)


def candidates_of(records: list[Record], baseline_loss: float = np.inf) -> list[Record]:
    """The best trials of all and of each kind, best first; those that are hardly better than the baseline stay out.

    A trial that is none now will be none when more are finished.
    """
    done = sorted(
        (one for one in records if one.state is TrialState.DONE and one.prediction is not None),
        key=lambda one: (one.loss, one.number),
    )
    done = [one for one in done if np.isfinite(one.loss)]
    if not done:
        return []
    limit = done[0].loss + WORSE * max(0.0, baseline_loss - done[0].loss)  # infinite where no baseline is told
    seen: Counter[str] = Counter()
    chosen = []
    for place, one in enumerate(done):
        kind = f"{one.family} {one.params.get('kind', '')}"
        seen[kind] += 1
        if one.loss <= limit and (place < BEST or seen[kind] <= BEST_OF_KIND):
            chosen.append(one)
    return chosen


def greedy(
    scores: np.ndarray, rows: np.ndarray, truth: np.ndarray, weight: np.ndarray | None, objective: Metric
) -> tuple[np.ndarray, float]:
    """Weights of the best prefix of a greedy selection, shape (candidates,), and its loss on the same rows."""
    part, y = scores[:, rows], truth[rows]
    own = None if weight is None else weight[rows]
    counts = np.zeros(len(scores))
    total = np.zeros(part.shape[1:])
    best, best_counts, since = np.inf, counts.copy(), 0
    for step in range(1, STEPS + 1):
        losses = [objective.loss(objective.score(y, _said((total + one) / step, 1.0), own)) for one in part]
        place = int(np.argmin(np.where(np.isnan(losses), np.inf, losses)))
        counts[place] += 1
        total += part[place]
        if losses[place] < best - 1e-12:
            best, best_counts, since = losses[place], counts.copy(), step
        elif step - since >= _PATIENCE:
            break
    return np.asarray(best_counts / max(1.0, best_counts.sum())), float(best)


def _pruned(weights: np.ndarray) -> np.ndarray:
    """Weights of the heaviest members, at most ``MOST_MEMBERS``, summing to one."""
    kept = np.argsort(-weights, kind="stable")[:MOST_MEMBERS]
    pruned = np.zeros_like(weights)
    pruned[kept] = np.where(weights[kept] >= _LEAST_WEIGHT, weights[kept], 0.0)
    return np.asarray(pruned / pruned.sum())


def _said(scores: np.ndarray, slope: float) -> np.ndarray:
    """Predictions of averaged scores."""
    return scores if scores.ndim == 1 else shares_of(scores, slope)


def _restretched(prediction: np.ndarray, slope: float) -> np.ndarray:
    if prediction.ndim == 1 or slope == 1.0:
        return prediction
    return shares_of(np.log(np.maximum(prediction, 1e-300)), slope)


def _speech(record: Record, prediction: np.ndarray, truth: np.ndarray) -> Speech:
    """How a trial's predictions are turned into scores; shares of forests are stretched to what came out of fold."""
    if prediction.ndim == 1 or family(record.family).explainer not in ("forest", "sampled"):
        return Speech()
    classes = prediction.shape[1]

    def loss(free: np.ndarray) -> float:
        speech = Speech(float(np.exp(free[0])), np.concatenate([free[1:], [0.0]]))
        return METRICS["log_loss"].score(truth, shares_of(speech.scores(prediction)))

    found = minimize(loss, np.concatenate([[np.log(5.0)], np.zeros(classes - 1)]), method="L-BFGS-B")
    return Speech(float(np.exp(found.x[0])), np.concatenate([found.x[1:], [0.0]]))


def _slope(scores: np.ndarray, truth: np.ndarray) -> float:
    """By which scores are stretched so that shares come true (temperature scaling, Guo et al. 2017)."""
    if scores.ndim == 1:
        return 1.0

    def loss(log_slope: float) -> float:
        return METRICS["log_loss"].score(truth, shares_of(scores, float(np.exp(log_slope))))

    return float(np.exp(minimize_scalar(loss, bounds=(-1.5, 1.5), method="bounded").x))
