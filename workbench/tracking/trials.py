"""Trials on their way into the store: buffered, written in batches by a thread, at a bounded cost."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from typing import Any

from workbench.budget import Budget
from workbench.errors import StoreError
from workbench.events import BEGINS_ANEW
from workbench.tracking.children import BATCH, STATUS, child_of, write_each, write_together
from workbench.tracking.failures import told
from workbench.tracking.plain import metrics_of, now

EVERY_SECONDS = 2.0
"""How long a finished trial waits at most before it is written."""
SHARE = 0.03
"""Of the run's time that child runs may take …"""
ALLOWANCE = 2.0
"""… and seconds that they may take in any case, and once more at the end."""

_log = logging.getLogger(__name__)


class TrialWriter:
    """Writes metric series on the journey's run, and a child run for each trial as long as that is cheap.

    Args:
        client: an ``MlflowClient``.
        uri: of its store.
        experiment: id.
        parent: id of the journey's run.
        name: of the journey.
        known: numbers of the trials that have a child run from before.
    """

    def __init__(
        self, client: Any, uri: str, experiment: str, parent: str, name: str, known: Iterable[int] = ()
    ) -> None:
        self._client, self._uri, self._experiment, self._parent, self._name = client, uri, experiment, parent, name
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._closing = False
        self._series: list[tuple[str, float, int]] = []
        self._waiting: dict[int, dict[str, Any]] = {}
        self._seen: set[int] = set(known)
        self._bests = 0
        self._watch = Budget.unlimited()
        self._spent = 0.0
        self._together = True
        self.written = 0
        self.left_out = 0
        self.problem = ""
        self._thread = threading.Thread(target=self._work, name="trial-writer", daemon=True)
        self._thread.start()

    def add(self, trial: dict[str, Any]) -> None:
        """Take a trial (as a mapping) that has ended, once; returns at once."""
        number = trial.get("number")
        if not isinstance(number, int) or str(trial.get("state")) not in STATUS:
            return
        if trial.get("reason") == BEGINS_ANEW:
            return  # when the run goes on, its number belongs to the trial that it becomes
        with self._lock:
            if number in self._seen:
                return
            self._seen.add(number)
            self._waiting[number] = trial
            score = trial.get("score")
            if isinstance(score, int | float):
                self._series.append(("trial.score", float(score), number))

    def best(self, score: float) -> None:
        """Take a new best score; returns at once."""
        with self._lock:
            self._bests += 1
            self._series.append(("best.score", score, self._bests))

    def close(self, trials: Iterable[dict[str, Any]] = ()) -> None:
        """Write what is left, with all ``trials`` of the result, and end the thread; never raises."""
        for trial in trials:
            self.add(trial)
        self._closing = True
        self._wake.set()
        self._thread.join()
        self.left_out = len(self._waiting)

    def abandon(self) -> None:
        """Let the thread end by itself: the store can't be written, and waiting for it would be in vain."""
        self._closing = True
        self._wake.set()

    def _work(self) -> None:
        while not self._closing:
            self._wake.wait(EVERY_SECONDS)
            self._write(ALLOWANCE + SHARE * self._watch.elapsed)

    def _write(self, allowed: float) -> None:
        """Write the series and, while the time for them lasts, child runs; what fails waits for the next time."""
        try:
            self._write_series()
            self._write_children(allowed + (ALLOWANCE if self._closing else 0.0))
            self.problem = ""
        except StoreError as error:
            self.problem = str(error)
            _log.info("trials wait: %s", error)

    def _write_series(self) -> None:
        from mlflow.entities import Metric

        while True:
            with self._lock:
                series = self._series[:1000]
            if not series:
                return
            stamp = now()
            rows = [Metric(key, value, stamp, step) for key, value, step in series if metrics_of({key: value})]
            with told(self._uri, "record the trials"):
                self._client.log_batch(self._parent, metrics=rows)
            with self._lock:
                del self._series[: len(series)]

    def _write_children(self, allowed: float) -> None:
        while self._spent < allowed:
            with self._lock:
                numbers = sorted(self._waiting, key=self._urgency)[: BATCH if self._together else 1]
                trials = [self._waiting[number] for number in numbers]
            if not numbers:
                return
            began, stamp = self._watch.elapsed, now()
            children = [child_of(trial, journey=self._name, parent=self._parent, stamp=stamp) for trial in trials]
            try:
                with told(self._uri, "record the trials"):
                    self._together = self._together and write_together(self._client, self._experiment, children)
                    if not self._together:
                        children, numbers = children[:1], numbers[:1]
                        write_each(self._client, self._experiment, children)
            finally:
                self._spent += self._watch.elapsed - began
            with self._lock:
                for number in numbers:
                    del self._waiting[number]
            self.written += len(numbers)

    def _urgency(self, number: int) -> tuple[bool, int]:
        """Trials with a score first: should there be no time for all, those are looked at."""
        return (self._waiting[number].get("score") is None, number)
