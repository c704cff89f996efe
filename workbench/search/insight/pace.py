"""How fast trials end and how they score, in the order of their end: what a forecast is made of."""

from __future__ import annotations

from workbench.contracts import Forecast, TrialState
from workbench.search.evaluation.metric import Metric
from workbench.search.insight.forecast import forecast
from workbench.search.trials.records import Record

_HORIZON = 60.0


class Pace:
    """The trials of a search as they ended.

    Args:
        metric: what is reported.
    """

    def __init__(self, metric: Metric) -> None:
        self._metric = metric
        self._scores: list[float | None] = []
        self._families: list[str] = []
        self._here = 0
        self._last = 0.0

    def known(self, records: list[Record]) -> None:
        """Trials of an earlier process, whose time is not counted."""
        for one in records:
            self._keep(one)

    def learn(self, record: Record, elapsed: float) -> None:
        """A trial began or ended, so many seconds after the search began."""
        if self._keep(record):
            self._here, self._last = self._here + 1, elapsed

    def _keep(self, record: Record) -> bool:
        if counts := _counts(record):
            self._scores.append(record.score)
            self._families.append(record.family)
        return counts

    def forecast(self, trials: int | None, seed: int) -> Forecast:
        """What another minute is worth (or less, for a search that took less: nobody looks further ahead than back).

        Args:
            trials: in reproducible mode, how many were asked for: as many again are meant then.
        """
        seconds = None if trials is not None else min(_HORIZON, self._last)
        more = float(trials) if trials is not None else self._here * (seconds or 0.0) / max(self._last, 1e-9)
        return forecast(
            self._scores,
            metric=self._metric.name,
            greater=self._metric.greater,
            trials=more,
            seconds=seconds,
            families=self._families,
            seed=seed,
        )


def _counts(record: Record) -> bool:
    return record.origin != "baseline" and record.state in (TrialState.DONE, TrialState.PRUNED)
