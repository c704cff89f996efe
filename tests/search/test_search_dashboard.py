"""The journal of a search is one of Optuna's: other programs open it as it is."""

from __future__ import annotations

import importlib.util
import json
import socket
import subprocess
import sys
import time
import urllib.request

import optuna
import pytest
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState as OptunaState
from search_tables import small
from test_search_run import run

from workbench.contracts import Task, TrialState

_STATES = {
    TrialState.DONE: OptunaState.COMPLETE,
    TrialState.PRUNED: OptunaState.PRUNED,
    TrialState.FAILED: OptunaState.FAIL,
    TrialState.CUT: OptunaState.FAIL,
}


def test_plain_optuna_reads_every_trial(tmp_path):
    result = run(small(Task.BINARY, 120), tmp_path, trials=8)
    storage = JournalStorage(JournalFileBackend(str(result.journal)))
    found = {}
    for name in optuna.get_all_study_names(storage):
        for trial in optuna.load_study(study_name=name, storage=storage).trials:
            found[trial.user_attrs["record"]["number"]] = (name, trial)
    ours = {one.number: one for one in result.trials if one.origin != "baseline"}
    assert found.keys() == ours.keys()
    for number, (family, trial) in found.items():
        assert family == ours[number].family
        assert trial.state == _STATES[ours[number].state]
        assert trial.params.items() <= ours[number].params.items()
        assert trial.user_attrs["record"]["reason"] == ours[number].reason
        if trial.state == OptunaState.COMPLETE:
            assert trial.value == pytest.approx(1 - ours[number].score)


@pytest.mark.parametrize("metric", ["f1", "balanced_accuracy"])
def test_models_are_chosen_by_a_proper_score_and_reported_by_the_users(metric, tmp_path):
    values, results = {}, {}
    for name in (metric, "log_loss"):
        results[name] = run(small(Task.BINARY, 200), tmp_path / name, trials=3, families=["linear"], metric=name)
        storage = JournalStorage(JournalFileBackend(str(results[name].journal)))
        trials = optuna.load_study(study_name="linear", storage=storage).trials
        values[name] = [trial.value for trial in trials if trial.state == OptunaState.COMPLETE]
    assert values[metric] == values["log_loss"] and values[metric]
    assert f"Models are chosen by log_loss, a proper score; {metric} is reported." in results[metric].decisions
    assert results[metric].leaderboard[0].score.metric == metric


@pytest.mark.skipif(importlib.util.find_spec("optuna_dashboard") is None, reason="optuna-dashboard is not installed")
def test_the_dashboard_serves_the_journal(tmp_path):
    result = run(small(Task.BINARY, 120), tmp_path, trials=4)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = "from optuna_dashboard._cli import main; main()"
    options = [str(result.journal), "--host", "127.0.0.1", "--port", str(port), "--server", "wsgiref"]
    server = subprocess.Popen([sys.executable, "-c", start, *options])
    try:
        for _ in range(100):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/studies", timeout=5) as answer:
                    told = json.load(answer)
                break
            except OSError:
                time.sleep(0.2)
        else:
            pytest.fail("the dashboard did not answer within 20 s")
    finally:
        server.terminate()
        server.wait(10)
    assert {one["study_name"] for one in told["study_summaries"]} == {"linear", "random_forest", "lightgbm"}
