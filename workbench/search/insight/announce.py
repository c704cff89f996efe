"""What a search tells while it works."""

from __future__ import annotations

import numpy as np

from workbench.budget import Budget
from workbench.contracts import Forecast, TrialState
from workbench.events import Events
from workbench.pipelines import family
from workbench.search.evaluation.metric import Metric
from workbench.search.insight.forecast import sentence
from workbench.search.insight.pace import Pace
from workbench.search.trials.decisions import DecisionLog
from workbench.search.trials.records import Record

_WORDS = {
    TrialState.RUNNING: "begun",
    TrialState.DONE: "done",
    TrialState.PRUNED: "stopped early",
    TrialState.CUT: "cut",
    TrialState.FAILED: "failed",
}
_EVERY = 0.25
"""Seconds between progress events."""
_FORECAST_EVERY = 3.0
"""Seconds between forecasts while the search goes on."""


class Announcer:
    """Turns what happens into events, keeps the decisions and the curve of the best score.

    Args:
        watch: measures time since the search began.
        clock: whether decisions are kept with their time.
    """

    def __init__(self, events: Events, metric: Metric, watch: Budget, *, clock: bool = True) -> None:
        self._events = events
        self._metric = metric
        self._watch = watch
        self._told = -1.0
        self._forecast_at = 0.0
        self.pace = Pace(metric)
        self.baseline: float | None = None
        self.decisions: list[str] = []
        self.log = DecisionLog(clock=clock)
        self.curve: list[tuple[float, float]] = []

    def decision(self, sentence: str) -> None:
        """Something was decided; kept for the report."""
        self.decisions.append(sentence)
        self.log.sentence(sentence, self._watch.elapsed)
        self._events.emit("result", "search", sentence, decision=sentence)

    def notice(self, sentence: str) -> None:
        """Something was left out."""
        self._events.notice("search", sentence)

    def trial(self, record: Record) -> None:
        """A trial began or ended."""
        self.pace.learn(record, self._watch.elapsed)
        self.log.trial(record, self._watch.elapsed)
        score = record.score
        figure = f", {self._metric.name} {score:.5g}" if score is not None and np.isfinite(score) else ""
        message = f"Trial {record.number} ({family(record.family).title}): {_WORDS[record.state]}{figure}"
        self._events.emit(
            "trial",
            "search",
            f"{message} – {record.reason}" if record.reason else message,
            number=record.number,
            family=record.family,
            state=record.state.value,
            origin=record.origin,
            start=record.start,
            score=_json(score),
            fold_scores=[_json(record.scores[fold]) for fold in sorted(record.scores)],
            seconds=round(record.seconds, 3),
            params=dict(record.params),
            reason=record.reason,
            metric=self._metric.name,
            greater_is_better=self._metric.greater,
            baseline=_json(self.baseline),
        )

    def taken_up(self, records: list[Record]) -> None:
        """These trials are of before."""
        self.pace.known(records)
        self.log.make_good(records, self._watch.elapsed)

    def best(self, record: Record) -> None:
        """A better trial than all before."""
        score = record.score
        if score is None or not np.isfinite(score):
            return
        elapsed = self._watch.elapsed
        self.curve.append((elapsed, score))
        self._events.emit(
            "best",
            "search",
            f"Best so far: {family(record.family).title}, {self._metric.name} {score:.5g} (trial {record.number})",
            score=score,
            elapsed=elapsed,
            number=record.number,
            family=record.family,
            metric=self._metric.name,
            greater_is_better=self._metric.greater,
            baseline=_json(self.baseline),
        )

    def progress(self, ended: int, trials: int | None, budget: Budget, best: Record | None) -> None:
        """How far it is: trials of trials, or seconds of seconds."""
        elapsed = self._watch.elapsed
        if elapsed - self._told < _EVERY:
            return
        self._told = elapsed
        score = best.score if best is not None else None
        message = f"{ended} trials" + (f", best {self._metric.name} {score:.5g}" if score is not None else "")
        more = {} if trials is not None else self._forecast(elapsed)
        if trials is not None:
            self._events.progress("search", message, ended, trials, unit="trials")
        else:
            self._events.progress("search", message, budget.elapsed, budget.seconds, unit="seconds", **more)

    def _forecast(self, elapsed: float) -> dict[str, str]:
        """What going on is worth, now and then, as soon as it can be said."""
        if elapsed - self._forecast_at < _FORECAST_EVERY:
            return {}
        self._forecast_at = elapsed
        found = self.pace.forecast(None, 0)
        return {} if found.gain is None else {"forecast": sentence(found)}

    def forecast(self, trials: int | None, seed: int) -> Forecast:
        """What going on is worth at the end of the search."""
        found = self.pace.forecast(trials, seed)
        told = sentence(found)
        self._events.emit("result", "search", told, forecast=told)
        return found


def _json(value: float | None) -> float | None:
    return float(value) if value is not None and np.isfinite(value) else None
