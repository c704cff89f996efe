"""Searches on a real dask cluster: a scheduler and worker processes on this machine's loopback."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from dask_cluster import Cluster
from search_tables import small

from workbench.budget import Budget
from workbench.contracts import Task, TrialState
from workbench.errors import InputError
from workbench.events import Events
from workbench.pipelines import own_families
from workbench.search import search
from workbench.search.executors import connection, crew
from workbench.search.executors import errand as errands

distributed = pytest.importorskip("distributed")
from workbench.search.executors.cluster import ClusterSlots  # noqa: E402

SPACES = Path(__file__).parent / "spaces"
OWN = Path(__file__).parents[1] / "pipelines" / "own"


@pytest.fixture(scope="module")
def everyone(tmp_path_factory):
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    yield cluster
    cluster.close()


@pytest.fixture
def cluster(everyone):
    everyone.want(2)
    return everyone


def run(table, folder, *, trials=None, budget=None, events=None, **options):
    return search(
        table,
        budget=budget or Budget.unlimited(),
        events=events or Events(),
        folder=folder,
        trials=trials,
        spaces=SPACES,
        **options,
    )


def facts(result):
    return [(t.number, t.family, t.params, t.fold_scores, t.state) for t in result.trials]


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """What this process gives."""
    return run(small(Task.REGRESSION), tmp_path_factory.mktemp("here"), trials=6, seed=3, workers=0)


@pytest.mark.parametrize("shared", [True, False])
def test_a_cluster_gives_what_this_process_gives(tmp_path, cluster, monkeypatch, shared, here):
    monkeypatch.setattr(ClusterSlots, "shared", shared)
    table = small(Task.REGRESSION)
    there = run(table, tmp_path, trials=6, seed=3, cluster=cluster.address)
    assert facts(here) == facts(there)
    assert here.champion.params == there.champion.params and here.champion_score == there.champion_score
    pd.testing.assert_frame_equal(here.champion.predict(table.frame), there.champion.predict(table.frame))
    told = f"1 worker of the cluster at {cluster.address} fits the models, 1 thread(s) each."
    assert told in there.decisions
    # nothing of the search stays, neither here nor there
    assert not list(cluster.folder.rglob("workbench-*"))
    assert not list(Path(tempfile.gettempdir()).glob(f"workbench-search-{os.getpid()}-*"))


@pytest.mark.parametrize("shared", [True, False])
def test_a_family_of_ones_own_is_fitted_there(tmp_path, cluster, monkeypatch, shared):
    """Its code goes where the rows go, and the models that come home are of its own class."""
    monkeypatch.setattr(ClusterSlots, "shared", shared)
    try:
        found = search(
            small(Task.REGRESSION), budget=Budget.unlimited(), events=Events(), folder=tmp_path, trials=1, seed=0,
            families=["neighbours"], spaces=OWN, own_families=True, cluster=cluster.address,
        )  # fmt: skip
        assert [one.state for one in found.trials[1:]] == [TrialState.DONE]
        assert type(found.champion.pipeline[-1]).__module__ == "workbench_own_neighbours"
    finally:
        own_families.adopt(None)


def test_the_command_line_uses_a_cluster_and_families_of_ones_own(tmp_path, cluster):
    """``--cluster`` and ``--search-spaces`` as a user types them; the run is used where nobody names that folder."""
    small(Task.REGRESSION, rows=120).frame.to_csv(tmp_path / "table.csv", index=False)

    def workbench(*words):
        done = subprocess.run(
            [sys.executable, "-m", "workbench", *words], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    told = json.loads(workbench(
        "run", "table.csv", "--target", "target", "--trials", "3", "--families", "neighbours,linear", "--name", "mine",
        "--search-spaces", str(OWN), "--cluster", cluster.address, "--no-report", "--json", "-q",
    ))  # fmt: skip
    assert {row["family"] for row in told["search"]["leaderboard"]} >= {"neighbours", "linear"}
    decisions = next((tmp_path / "mlruns").rglob("decisions.json")).read_text(encoding="utf-8")
    assert f"of the cluster at {cluster.address}" in decisions
    workbench("predict", "mine", "table.csv", "-o", "said.csv")
    assert len(pd.read_csv(tmp_path / "said.csv")) == 120
    kept = {path.name for path in (tmp_path / "mlruns").rglob("search_spaces/*")}
    assert kept == {"neighbours.py", "neighbours.toml"}
    # gone on with there, or where one says
    for words, place in (((), f"of the cluster at {cluster.address}"), (("--cluster", "local"), "worker process(es)")):
        workbench("runs", "resume", "mine", "-q", *words)
        log = tmp_path / "mlruns" / "journals" / "mine" / "decisions.jsonl"
        told = [json.loads(line).get("decision", "") for line in log.read_text(encoding="utf-8").splitlines()]
        assert place in [one for one in told if "fit the models" in one or "fits the models" in one][-1]


class KillOne:
    """Kills a worker while it fits a trial, once some trials are done."""

    def __init__(self, cluster: Cluster, after: int) -> None:
        self.cluster, self.after = cluster, after
        self.done: set[int] = set()
        self.began = False
        self.killed: int | None = None

    def __call__(self, event) -> None:
        if event.kind != "trial":
            return
        if event.data["state"] == "done":
            self.done.add(event.data["number"])
        if not self.began and len(self.done) >= self.after:
            self.began = True
            # where one worker does it all, nothing runs there until this returns
            threading.Thread(target=self.kill, daemon=True).start()

    def kill(self) -> None:
        pids = self.cluster.pids()
        for _ in range(500):
            working = self.cluster.client.processing().items()
            busy = [address for address, keys in working if any("run_task" in str(key) for key in keys)]
            if busy:
                self.killed = pids[busy[0]]
                os.kill(self.killed, signal.SIGKILL)
                return
            time.sleep(0.01)


@pytest.mark.parametrize("nanny", [False, True])
def test_a_worker_killed_in_mid_trial_costs_at_most_that_trial(tmp_path, everyone, nanny):
    everyone.want(2)
    if nanny:
        everyone.dismiss()
        everyone.hire("--nanny")
        everyone.client.wait_for_workers(1, timeout=30)
    killer = KillOne(everyone, after=4)
    table = small(Task.BINARY, rows=3000)
    # counted and not timed: a busy machine has its trials, too
    result = run(table, tmp_path, trials=14, workers=2, events=Events(killer), cluster=everyone.address)
    assert killer.killed is not None
    states = {trial.number: trial.state for trial in result.trials}
    assert TrialState.RUNNING not in states.values()
    assert all(states[number] is TrialState.DONE for number in killer.done)
    lost = [trial for trial in result.trials if trial.state is TrialState.FAILED]
    assert 1 <= len(lost) <= 2 and all("ended unexpectedly" in trial.reason for trial in lost)
    assert any(trial.number > lost[-1].number and trial.state is TrialState.DONE for trial in result.trials)
    assert result.champion_score.value > 0.6
    assert not [notice for notice in result.decisions if "No worker" in notice]
    assert len(everyone.pids()) == 1
    everyone.dismiss()


def test_a_worker_that_ends_before_its_answer_is_fetched_costs_that_trial_only(tmp_path, cluster, monkeypatch):
    """The work is done, but nobody has it any more: dask waits for that very worker to do it again."""
    fetch, ended = distributed.Future.result, []

    def late(future, timeout=None):
        if not ended:
            address = cluster.client.who_has()[future.key][0]
            ended.append(address)
            os.kill(cluster.pids()[address], signal.SIGKILL)
            while address in cluster.client.nthreads():
                time.sleep(0.05)
        return fetch(future, timeout)

    monkeypatch.setattr(distributed.Future, "result", late)
    result = run(small(Task.REGRESSION), tmp_path, trials=6, workers=2, cluster=cluster.address)
    assert ended
    lost = [trial for trial in result.trials if trial.state is TrialState.FAILED]
    assert len(lost) == 1 and "ended unexpectedly" in lost[0].reason
    assert TrialState.RUNNING not in [trial.state for trial in result.trials]


def test_work_that_says_itself_that_it_took_too_long_is_no_waiting(tmp_path, cluster):
    """Dask raises the work's own error where the answer is asked for, and this one means waiting, too."""

    def late():
        raise TimeoutError("the store did not answer")

    errand = object.__new__(errands.Errand)
    crew_ = SimpleNamespace(alive=lambda address: True)
    errand._cluster = SimpleNamespace(client=cluster.client, crew=crew_, closed=False)
    with pytest.raises(TimeoutError, match="did not answer"):
        errand._awaited(next(iter(cluster.pids())), late)


def test_without_any_worker_left_this_machine_goes_on(tmp_path, cluster, monkeypatch):
    monkeypatch.setattr(crew, "PATIENCE", 1.0)
    ended = []

    def end_all(event):
        if event.kind == "trial" and event.data["state"] == "done" and event.data["origin"] != "baseline" and not ended:
            ended.extend(cluster.pids().values())
            for pid in ended:
                os.kill(pid, signal.SIGKILL)
            # until the scheduler has noticed, it would lend them once more
            cluster.gone()

    events = Events(end_all)
    result = run(small(Task.REGRESSION), tmp_path, trials=6, events=events, cluster=cluster.address)
    assert ended
    assert any("this machine fits the models from now" in notice.message for notice in events.notices)
    lost = [trial.number for trial in result.trials if trial.state is TrialState.FAILED]
    assert len(lost) <= 2
    # a trial may also be stopped early: that it was judged at all is what counts
    judged = [trial for trial in result.trials if trial.state in (TrialState.DONE, TrialState.PRUNED)]
    assert len(judged) + len(lost) == len(result.trials)
    assert max(trial.number for trial in judged) > max(lost, default=0)


SLEEPER = """
import time

from workbench.contracts import Task
from workbench.pipelines.families.linear import Linear


class Sleeper(Linear):
    name, title, place, default = "sleeper", "Sleeper", 200, False

    def fit_fold(self, fold, params, *, seed, threads=1, budget=None):
        time.sleep(600)
"""


def test_a_fit_there_that_never_ends_does_not_hold_up_the_search(tmp_path, cluster):
    (tmp_path / "sleeper.py").write_text(SLEEPER, encoding="utf-8")
    space = '[[parameter]]\nname = "kind"\ntype = "fixed"\nvalue = "plain"\n[[start]]\nname = "a"\nparams = {}\n'
    (tmp_path / "sleeper.toml").write_text(f'version = 1\nfamily = "sleeper"\n{space}', encoding="utf-8")
    budget = Budget.of(15.0)
    try:
        result = search(
            small(Task.REGRESSION), budget=budget, events=Events(), folder=tmp_path / "run",
            families=["linear", "sleeper"], spaces=tmp_path, own_families=True, cluster=cluster.address,
        )  # fmt: skip
    finally:
        own_families.adopt(None)
        cluster.dismiss()  # it sleeps there still
    assert not budget.expired
    assert result.explained.family == "linear"
    assert {one.state for one in result.trials if one.family == "sleeper"} == {TrialState.CUT}


def test_an_address_where_nobody_answers(tmp_path, monkeypatch):
    monkeypatch.setattr(connection, "SCHEDULER_SECONDS", 1.0)
    with pytest.raises(InputError, match=r"^No scheduler answers at tcp://127\.0\.0\.1:1: .*dask scheduler`\.$"):
        run(small(Task.BINARY), tmp_path, trials=1, cluster="tcp://127.0.0.1:1")


@pytest.mark.parametrize("address", ["", "no such thing"])
def test_what_is_no_address(tmp_path, monkeypatch, address):
    monkeypatch.setattr(connection, "SCHEDULER_SECONDS", 1.0)
    with pytest.raises(InputError):
        connection.check_cluster(address)


def test_a_worker_with_other_versions_is_named(cluster, monkeypatch):
    monkeypatch.setattr(connection, "versions", Others("numpy"))
    with pytest.raises(InputError, match=r"^The worker at tcp://\S+ has numpy \S+ and this machine 0\.1: install"):
        connection.check_cluster(cluster.address)


def test_a_worker_that_lacks_a_package_of_a_family_is_named(cluster, monkeypatch):
    monkeypatch.setattr(connection, "versions", Others("no-such-booster"))
    with pytest.raises(InputError, match=r"has no-such-booster missing and this machine 0\.1: install"):
        connection.check_cluster(cluster.address, ["no-such-booster"])


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "no such thing"])
def test_a_client_that_was_not_begun_is_closed_and_not_left_to_the_garbage(monkeypatch, address):
    """Closing waits for a lock that a beginning client holds, and garbage may be collected just then."""
    monkeypatch.setattr(connection, "SCHEDULER_SECONDS", 1.0)
    gc.disable()
    try:
        with pytest.raises(InputError):
            connection.check_cluster(address)
        left = [one for one in gc.get_objects() if isinstance(one, distributed.Client)]
        assert {one.status for one in left if one.status != "running"} <= {"closed", "newly-created"}
    finally:
        gc.enable()


def test_a_machine_on_which_no_client_can_begin_is_told_of(cluster, monkeypatch):
    def late(self, **options):
        raise AssertionError  # as dask does where the thread of its loop takes more than ten seconds to begin

    monkeypatch.setattr(distributed.Client, "start", late)
    with pytest.raises(InputError, match="too busy"):
        connection.check_cluster(cluster.address)


class Others:
    """Here another version of a package than there: the workers are asked with the real function."""

    def __init__(self, package: str) -> None:
        self.package = package

    def __call__(self, packages: Sequence[str] = ()) -> dict[str, str]:
        from workbench.search.executors.abroad import versions

        return versions(packages) | {self.package: "0.1"}

    def __reduce__(self):
        from workbench.search.executors.abroad import versions

        return (getattr, (sys.modules[versions.__module__], "versions"))


def test_without_dask_the_extra_is_named(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"segment-workbench\[cluster\]"):
        connection.connect("tcp://127.0.0.1:1")


def test_dask_is_imported_only_for_a_cluster():
    code = "import sys, workbench.search.run, workbench.journey.chain; assert 'distributed' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_scheduler_that_is_busy_for_seconds_has_not_lost_its_workers(monkeypatch):
    now, silent = [0.0], [False]

    def answer(_client):
        now[0] += 5.0 if silent[0] else 0.0
        if silent[0]:
            raise TimeoutError
        return {"tcp://one": 1}

    monkeypatch.setattr(crew, "workers_of", answer)
    monkeypatch.setattr(crew, "time", SimpleNamespace(monotonic=lambda: now[0]))
    team = crew.Crew(None)
    assert team.alive("tcp://one")
    silent[0] = True
    now[0] += 1.0
    assert team.alive("tcp://one")
    now[0] += crew.PATIENCE
    assert not team.alive("tcp://one")
