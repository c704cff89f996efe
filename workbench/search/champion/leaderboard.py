"""The best of each family beside the baseline, and what the champion is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.contracts import Candidate, Score, TrialState
from workbench.pipelines import family
from workbench.problem.folds import Division
from workbench.problem.rows import Problem
from workbench.search.evaluation import scoring
from workbench.search.evaluation.metric import Metric
from workbench.search.evaluation.scoring import Bootstrap, corrected, interval
from workbench.search.setting import Setting
from workbench.search.trials.records import ENSEMBLE, Record

_CHOSEN_FROM = 12
"""Trials that the correction looks at: the best by loss; worse ones are next to never chosen."""


@dataclass(frozen=True, eq=False)
class Standing:
    """How the models compare.

    Attributes:
        champion_score: corrected for having been chosen; a blend's needs no correction.
        against_baseline: champion minus baseline, positive where the champion is better.
        single_score: of the best single model where the champion is a blend, corrected for having been chosen.
        price: champion minus best single model, positive where the champion is better: what explaining costs.
    """

    leaderboard: tuple[Candidate, ...]
    baseline: Candidate
    champion_score: Score
    against_baseline: Score
    single_score: Score | None = None
    price: Score | None = None


def best_by_family(records: list[Record]) -> list[Record]:
    """The best finished trial of each family, best first."""
    best: dict[str, Record] = {}
    for record in records:
        usable = record.state is TrialState.DONE and record.prediction is not None and np.isfinite(record.loss)
        if usable and (record.family not in best or record.loss < best[record.family].loss):
            best[record.family] = record
    return sorted(best.values(), key=lambda one: (one.loss, one.number))


def draws_within(seconds: float, setting: Setting, trials: int) -> int:
    """How many draws ``compare`` can afford; never fewer than an interval needs."""
    rows, draws = setting.held_out, scoring.draws_for(setting.held_out)
    figures, classes = _figures(setting, trials), len(setting.problem.classes)
    while draws > scoring.LEAST_DRAWS and scoring.forecast_seconds(rows, draws, figures, classes) > seconds:
        draws = max(scoring.LEAST_DRAWS, draws // 2)
    return draws


def forecast_seconds(setting: Setting, trials: int, *, least: bool = False) -> float:
    """What ``compare`` will take for so many finished trials, with the fewest draws or as many as it likes."""
    rows = setting.held_out
    draws = scoring.LEAST_DRAWS if least else scoring.draws_for(rows)
    return scoring.forecast_seconds(rows, draws, _figures(setting, trials), len(setting.problem.classes))


def _figures(setting: Setting, trials: int) -> Counter[Metric]:
    """Figures of each metric: of those that the correction chooses among, the best of each family and the baseline."""
    chosen_from = min(trials, _CHOSEN_FROM)
    return Counter({setting.objective: chosen_from}) + Counter({setting.metric: chosen_from + len(setting.spaces) + 2})


def compare(
    problem: Problem,
    metric: Metric,
    objective: Metric,
    records: list[Record],
    baseline: Record,
    champion: Record,
    *,
    seed: int,
    folds: Sequence[Division],
    single: Record | None = None,
    passed_over: frozenset[int] = frozenset(),
    draws: int | None = None,
) -> Standing:
    """Leaderboard, corrected score of the champion, and its distance to the baseline.

    All figures are out of fold, over the rows that were held out, with 95 % bootstrap intervals (over groups where
    rows belong together).

    Args:
        folds: those that trials were judged on.
        single: the best single model's trial, where the champion is a blend.
        passed_over: numbers of trials that lost less than the single model's but were not taken, such as those that
            could not be fitted in time.
    """
    assert baseline.prediction is not None
    known = np.isfinite(baseline.prediction).reshape(len(problem), -1).all(axis=1)
    bootstrap = Bootstrap.over(problem.target, known, problem.weight, problem.groups, seed, draws)
    kept = single if single is not None else champion
    # of its family the model that there is stands there, even where another trial's loss was lower
    others = [one for one in best_by_family(records) if one.family != kept.family]
    leaders = [*([champion] if single is not None else []), *([kept] if kept is not baseline else []), *others]
    board = [_candidate(problem, metric, bootstrap, folds, record) for record in [*leaders, baseline]]
    # the champion leads even where a refit made another one necessary; then by loss, as it was searched
    ranked = sorted(
        zip([*leaders, baseline], board, strict=True),
        key=lambda pair: (pair[0] is not champion, pair[0].loss, pair[0].number),
    )
    if champion is baseline:
        score = board[-1].score
        return Standing(tuple(row for _, row in ranked), board[-1], score, Score(metric.name, 0.0, 0.0, 0.0))
    finished = sorted(
        (
            one
            for one in records
            if one.state is TrialState.DONE and one.prediction is not None and np.isfinite(one.loss)
        ),
        key=lambda one: (one.loss, one.number),
    )
    below = bootstrap.figures(metric, metric.pooled(baseline.prediction, folds), outside=True)
    chosen_from = [one for one in finished if one.number not in passed_over][:_CHOSEN_FROM]
    predictions = [one.prediction for one in chosen_from if one.prediction is not None]
    if kept is baseline:
        corrected_draws = below
    else:
        corrected_draws, _ = corrected(bootstrap, metric, objective, predictions, folds)
    rows = tuple(row for _, row in ranked)
    score = interval(metric.name, _centre(corrected_draws), corrected_draws)
    if single is None or champion.prediction is None:
        distance = metric.better(corrected_draws, below)
        return Standing(rows, board[-1], score, interval(metric.name, _centre(distance), distance))
    # a blend's predictions are honest by themselves: every row was blended by weights learnt from others
    blended = bootstrap.figures(metric, metric.pooled(champion.prediction, folds), outside=True)
    distance, price = metric.better(blended, below), metric.better(blended, corrected_draws)
    return Standing(
        rows,
        board[-1],
        interval(metric.name, _centre(blended), blended),
        interval(metric.name, _centre(distance), distance),
        single_score=score,
        price=interval(metric.name, _centre(price), price),
    )


def _centre(draws: np.ndarray) -> float:
    known = draws[np.isfinite(draws)]
    return float(known.mean()) if known.size else float("nan")


def _candidate(
    problem: Problem, metric: Metric, bootstrap: Bootstrap, folds: Sequence[Division], record: Record
) -> Candidate:
    assert record.prediction is not None
    prediction = metric.pooled(record.prediction, folds)
    rows = np.isfinite(prediction).reshape(len(problem), -1).all(axis=1)
    weight = None if problem.weight is None else problem.weight[rows]
    value = metric.score(problem.target[rows], prediction[rows].astype(np.float64), weight)
    blend = record.family == ENSEMBLE
    return Candidate(
        name="Ensemble" if blend else family(record.family).title,
        family=record.family,
        trial=None if blend or record.origin == "baseline" else record.number,
        score=interval(metric.name, value, bootstrap.figures(metric, prediction)),
        fold_scores=tuple(record.scores[fold] for fold in sorted(record.scores)),
        seconds=record.seconds,
        params=dict(record.params),
        explainable=not blend and family(record.family).explainer != "none",
    )
