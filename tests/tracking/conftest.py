"""A real store for each test, and one recorded journey for the tests that only look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import tracking_samples as samples
from tracking_samples import Recorded

from workbench.tracking import RunLogger, Store


@pytest.fixture(autouse=True)
def no_other_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(home=tmp_path / "mlruns")


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorded]:
    folder = tmp_path_factory.mktemp("recorded")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        store = Store(home=folder / "mlruns")
        result = samples.journey()
        assert result.search is not None
        report, picture = folder / "r.html", folder / "p.png"
        report.write_text("<html></html>")
        picture.write_bytes(b"png")
        logger = RunLogger(store)
        run_id = logger.begin(result.name, {"target": "buys", "task": "binary"}, {"table": result.table.name})
        files = {"report.html": report, "importance.png": picture, "../../evil.svg": picture}
        logger.finish(result, result.search.champion, files)
        yield Recorded(store, run_id, result, result.search.champion, samples.raw_frame(60))
