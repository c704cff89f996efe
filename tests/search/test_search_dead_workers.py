"""A machine on which no worker process lives: models are fitted in this process, and no family is blamed."""

from __future__ import annotations

from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

import pytest
from search_tables import small
from test_search_run import run

from workbench.contracts import Task, TrialState
from workbench.events import Events
from workbench.search.executors import Slots


class DeadWorkers(Slots):
    """As on a machine that ends every worker process at once."""

    def __init__(self, width, threads):
        super().__init__(width)

    def _make(self):
        return object()

    def submit(self, slot, function, *arguments):
        future = Future()
        future.set_exception(BrokenProcessPool("gone"))
        return future

    def _end(self, executor):
        pass


@pytest.mark.parametrize("families", [["linear"], ["linear", "lightgbm"]])
def test_where_no_worker_lives_models_are_fitted_here(tmp_path, monkeypatch, families):
    monkeypatch.setattr("workbench.search.run.LocalSlots", DeadWorkers)
    events = Events()
    result = run(small(Task.BINARY, 120), tmp_path, trials=9, workers=2, families=families, events=events)
    assert any("can't be kept alive here" in notice.message for notice in events.notices)
    assert sum(trial.state is TrialState.FAILED for trial in result.trials) <= 4
    assert sum(trial.state is TrialState.DONE for trial in result.trials) >= 3
    assert result.champion.family != "baseline"
