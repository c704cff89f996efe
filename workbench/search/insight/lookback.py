"""A search read back from its folder: for runs that ended before they had a result, or whose result was lost.

Nothing is written and no lock is taken, so a search that is still going on can be looked at. Whatever is missing or
damaged is left out: what is there is shown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from workbench.budget import Budget
from workbench.contracts import Forecast, Task, Trial, TrialState
from workbench.errors import InputError
from workbench.search.evaluation.metric import Metric
from workbench.search.evaluation.metrics import metric_for
from workbench.search.insight.forecast import forecast
from workbench.search.insight.influence import influence
from workbench.search.trials.decisions import read_log
from workbench.search.trials.journal import identity_of
from workbench.search.trials.records import Record

_HORIZON = 60.0
"""Seconds that a forecast looks ahead at most; see ``Pace``."""
_INFLUENCE_SECONDS = 2.0
_LOST = "its process ended before it did; resuming begins it anew"


@dataclass(frozen=True)
class _Ended:
    """A record as it was kept, and when its trial ended; ``None`` for one that has not."""

    record: Record
    at: datetime | None


def look_back(folder: Path, *, running: bool = False, seed: int = 0) -> dict[str, Any]:
    """What a search's folder tells of it, by the names of ``SearchResult``'s fields; those not known are left out.

    Args:
        folder: with the journal, as ``search`` was given it.
        running: whether a process still works on it: what has no end yet is running then, and lost otherwise.
        seed: of the forecast and of the shuffles that parameters are held against.

    Returns:
        some of ``metric``, ``greater_is_better``, ``trials`` (without the baseline), ``log``, ``curve``, ``seconds``,
        ``forecast`` and ``influence``; empty where there is no search in the folder.
    """
    identity = identity_of(folder)
    log = tuple(read_log(folder))
    ended, studies = _kept(folder)
    if not ended:
        return _told(identity) | ({"log": log} if log else {})
    trials = tuple(_trial(one, running) for one in sorted(ended, key=lambda one: one.record.number))
    found = _told(identity) | {"trials": trials} | ({"log": log} if log else {})
    metric = _metric(identity)
    if metric is None:
        return found
    curve, seconds = _curve(ended)
    order = [one.record for one in _in_order(ended)]
    return found | {
        "curve": curve,
        "seconds": seconds,
        "forecast": _forecast(order, seconds, metric, seed),
        "influence": influence(studies, Budget.of(_INFLUENCE_SECONDS), seed),
    }


def _metric(identity: dict[str, Any]) -> Metric | None:
    try:
        return metric_for(Task(identity["task"]), str(identity["metric"]))
    except (KeyError, ValueError, InputError):  # of an older version, or of one that knows more metrics
        return None


def _told(identity: dict[str, Any]) -> dict[str, Any]:
    metric = _metric(identity)
    return {} if metric is None else {"metric": metric.name, "greater_is_better": metric.greater}


def _kept(folder: Path) -> tuple[list[_Ended], dict[str, list[Any]]]:
    """The records of the journal, and Optuna's trials by family."""
    path = folder / "studies.journal"
    if not path.is_file():
        return [], {}
    import optuna
    from optuna.storages.journal import JournalFileBackend

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        storage = optuna.storages.JournalStorage(JournalFileBackend(str(path)))
        studies = {one.study_name: storage.get_all_trials(one._study_id) for one in storage.get_all_studies()}
    except Exception:  # noqa: BLE001 - Optuna says in many ways that a journal is damaged; then it tells nothing
        return [], {}
    ended = []
    for trial in (trial for trials in studies.values() for trial in trials):
        try:
            record = Record.from_json(trial.user_attrs["record"])
        except (KeyError, TypeError, ValueError):
            continue
        # one that was lost and begun anew stands there twice: Optuna has ended it, its record never was
        if not (trial.state.is_finished() and record.state is TrialState.RUNNING):
            ended.append(_Ended(record, trial.datetime_complete if trial.state.is_finished() else None))
    return ended, studies


def _trial(one: _Ended, running: bool) -> Trial:
    trial = one.record.as_trial()
    if trial.state is TrialState.RUNNING and not running:
        trial = replace(trial, state=TrialState.CUT, reason=_LOST)
    known = trial.score is not None and math.isfinite(trial.score)
    return trial if known else replace(trial, score=None)


def _in_order(ended: list[_Ended]) -> list[_Ended]:
    """Those that ended, in the order of their end."""
    return sorted((one for one in ended if one.at is not None), key=lambda one: (one.at, one.record.number))


def _curve(ended: list[_Ended]) -> tuple[tuple[tuple[float, float], ...], float]:
    """The best score over the seconds that the search was at work, and how many those were.

    Between two processes nothing happens for as long as the analyst likes: a wait that is longer than the trial which
    ended it took counts for as long as that trial only.
    """
    curve: list[tuple[float, float]] = []
    best, seconds, before = math.inf, 0.0, None
    for one in _in_order(ended):
        record, at = one.record, one.at
        assert at is not None
        waited = record.seconds if before is None else (at - before).total_seconds()
        seconds, before = seconds + min(max(0.0, waited), record.seconds), at
        score = record.score
        if record.loss < best and score is not None and math.isfinite(score):
            best = record.loss
            curve.append((seconds, score))
    return tuple(curve), seconds


def _forecast(order: list[Record], seconds: float, metric: Metric, seed: int) -> Forecast:
    """What another minute, or as long again as it was, would have been worth."""
    known = [one for one in order if one.state in (TrialState.DONE, TrialState.PRUNED)]
    ahead = min(_HORIZON, seconds)
    return forecast(
        [one.score for one in known],
        metric=metric.name,
        greater=metric.greater,
        trials=len(known) * ahead / max(seconds, 1e-9),
        seconds=ahead,
        families=[one.family for one in known],
        seed=seed,
    )
