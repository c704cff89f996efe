"""Searches on a real dask cluster: a scheduler and worker processes on this machine's loopback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
import psutil
import pytest
from search_tables import small

from workbench.budget import Budget
from workbench.contracts import Task, TrialState
from workbench.errors import InputError
from workbench.events import Events
from workbench.search import search
from workbench.search.executors import connection, crew

distributed = pytest.importorskip("distributed")
from workbench.search.executors.cluster import ClusterSlots  # noqa: E402

SPACES = Path(__file__).parent / "spaces"


def started(*arguments: str, folder: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


class Cluster:
    """A scheduler, and workers that come and go."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes = []
        told = folder / "scheduler.json"
        self._start(
            "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show", "--scheduler-file",
            str(told),
        )  # fmt: skip
        self.client = distributed.Client(scheduler_file=str(told), timeout=30, set_as_default=False)
        self.address = self.client.scheduler.address

    def _start(self, *arguments: str) -> None:
        self.processes.append(started(*arguments, folder=self.folder))

    def hire(self, *options: str) -> None:
        self._start(
            "dask_worker", self.address, "--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard", "--memory-limit",
            "0", "--local-directory", str(self.folder), "--death-timeout", "20", *options,
        )  # fmt: skip

    def want(self, number: int) -> None:
        """Exactly so many workers."""
        for _ in range(number - len(self.pids())):
            self.hire("--no-nanny")
        self.client.wait_for_workers(number, timeout=30)

    def pids(self) -> dict[str, int]:
        return self.client.run(os.getpid)

    def close(self) -> None:
        self.client.close(timeout=2)
        for process in self.processes:
            children = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
            for one in children:
                one.kill()
            process.kill()
            process.wait(10)


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


@pytest.mark.parametrize("shared", [True, False])
def test_a_cluster_gives_what_this_process_gives(tmp_path, cluster, monkeypatch, shared):
    monkeypatch.setattr(ClusterSlots, "shared", shared)
    table = small(Task.REGRESSION)
    here = run(table, tmp_path / "here", trials=6, seed=3, workers=0)
    there = run(table, tmp_path / "there", trials=6, seed=3, cluster=cluster.address)
    assert facts(here) == facts(there)
    assert here.champion.params == there.champion.params and here.champion_score == there.champion_score
    pd.testing.assert_frame_equal(here.champion.predict(table.frame), there.champion.predict(table.frame))
    told = f"1 worker of the cluster at {cluster.address} fits the models, 1 thread(s) each."
    assert told in there.decisions
    # nothing of the search stays, neither here nor there
    assert not list(cluster.folder.rglob("workbench-*"))
    assert not list(Path(tempfile.gettempdir()).glob(f"workbench-search-{os.getpid()}-*"))
