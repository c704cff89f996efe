"""A search's result from its champion and its trials."""

from __future__ import annotations

import numpy as np

from workbench.contracts import Calibration, Decision, Model, SearchResult, TrialState
from workbench.search.champion.leaderboard import compare, draws_within
from workbench.search.champion.refit import baseline_model
from workbench.search.setting import Setting
from workbench.search.trials.records import Record

TAIL_SECONDS = 0.3


def outcome(
    setting: Setting,
    model: Model,
    champion: Record,
    records: list[Record],
    *,
    out_of_fold: np.ndarray | None = None,
    single: tuple[Model, Record] | None = None,
    calibration: Calibration | None = None,
    decision: Decision | None = None,
) -> SearchResult:
    """Compare everything and put it together.

    Args:
        champion: what ``model`` was fitted from.
        records: all trials but the baseline; on the leaderboard the champion's and the single model's stand as they
            are told, which may be calibrated.
        out_of_fold: of the champion over all rows, where it was checked beyond its folds.
        single: the best single model and its trial, where the champion is a blend.
    """
    problem = setting.problem
    told = {one.number: one for one in (champion, single[1] if single is not None else champion)}
    kept = single[1] if single is not None else champion
    # by what they lost in the search: calibrating has changed the kept one's loss a little since
    lost = {one.number: (one.loss, one.number) for one in records if one.state is TrialState.DONE}
    passed_over = frozenset(number for number, loss in lost.items() if loss < lost.get(kept.number, (-np.inf, 0)))
    left = max(0.0, setting.budget.remaining - TAIL_SECONDS / 2)
    finished = sum(record.prediction is not None for record in records)
    standing = compare(
        problem,
        setting.metric,
        setting.objective,
        [told.get(record.number, record) for record in records],
        setting.baseline,
        champion,
        single=single[1] if single is not None else None,
        seed=setting.seed,
        folds=setting.plan.folds,
        passed_over=passed_over,
        draws=draws_within(left, setting, finished),
    )
    prediction = out_of_fold if out_of_fold is not None else champion.prediction
    assert prediction is not None
    # back to the rows of the table: those without a target were never held out
    whole = np.full((len(problem.table.frame), *prediction.shape[1:]), np.nan)
    whole[problem.rows] = prediction
    return SearchResult(
        task=problem.task,
        metric=setting.metric.name,
        greater_is_better=setting.metric.greater,
        baseline=standing.baseline,
        leaderboard=standing.leaderboard,
        trials=tuple(record.as_trial() for record in [setting.baseline, *records]),
        champion=model,
        champion_score=standing.champion_score,
        against_baseline=standing.against_baseline,
        single=single[0] if single is not None else None,
        single_score=standing.single_score,
        price=standing.price,
        out_of_fold=whole,
        resampling=setting.plan.resampling,
        curve=tuple(setting.announce.curve),
        seconds=setting.watch.elapsed,
        seed=setting.seed,
        journal=setting.folder / "studies.journal" if (setting.folder / "studies.journal").exists() else None,
        decisions=tuple(setting.announce.decisions),
        log=tuple(setting.announce.log.entries),
        stopped=setting.events.stop_requested,
        calibration=calibration,
        decision=decision,
        forecast=setting.announce.forecast(setting.trials, setting.seed) if records else None,
    )


def baseline_outcome(setting: Setting, records: list[Record], when: str) -> SearchResult:
    """The baseline as the champion; ``when`` says how early the budget ended, empty where it was not to blame."""
    if when:
        setting.events.notice("search", f"The budget ended {when}: the baseline is the champion.")
    return outcome(setting, baseline_model(setting.problem, setting.baseline), setting.baseline, records)
