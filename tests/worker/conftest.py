"""A real worker process in a folder of its own, and a run that all questions are asked of."""

from __future__ import annotations

import contextlib

import pytest
from blended_run import made_blend

from workbench.worker import launch
from workbench.worker.client import WorkerClient, WorkerLost


class Watch:
    """A client that remembers what it was told."""

    def __init__(self):
        self.pushes = []
        self.lost = 0
        self.client = WorkerClient(self.pushes.append, self._gone)
        self.hello = {}

    def _gone(self):
        self.lost += 1

    async def call(self, method, **params):
        return await self.client.call(method, **params)


@pytest.fixture
async def worker(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_RUNTIME", str(tmp_path / "rt"))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    folder = tmp_path / "work"
    folder.mkdir()
    watch = Watch()
    watch.folder = folder
    watch.hello = await launch.start(watch.client, folder)
    yield watch
    with contextlib.suppress(WorkerLost):
        await watch.call("shutdown")
    await watch.client.close()


@pytest.fixture(scope="session")
def blended(tmp_path_factory):
    """Where a run is whose champion is a blend of two models; nothing of it is explained. Its folder and its id."""
    return made_blend(tmp_path_factory.mktemp("blended"))
