"""A database that does not answer or refuses us is told at once, in one sentence, without the password."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.budget import Budget
from workbench.errors import StoreError
from workbench.tracking import Store

SECRET = "geheim"


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port where nobody listens, and nobody else can."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.mark.parametrize("write", [False, True], ids=["reading", "writing"])
def test_a_database_that_does_not_answer_is_told_at_once(
    write: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"postgresql+psycopg://maria:{SECRET}@127.0.0.1:{closed_port}/shop")
    store, watch = Store(home=tmp_path / "mlruns"), Budget.unlimited()
    with pytest.raises(StoreError) as told:
        store.client(write=True) if write else store.runs()
    assert watch.elapsed < 15, "mlflow tries again for two minutes"
    assert f"127.0.0.1:{closed_port}/shop does not answer or refuses" in str(told.value)
    assert "MLFLOW_TRACKING_URI" in str(told.value)
    assert SECRET not in str(told.value)
    assert "\n" not in str(told.value)


def test_a_folder_as_store_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", str(tmp_path / "store"))
    with pytest.raises(StoreError, match="name a database"):
        Store(home=tmp_path / "mlruns").experiment()


@pytest.mark.parametrize("uri", [f"nonsense://maria:{SECRET}@x/y", "postgresql+psycopg://maria:geh eim@:x/y"])
def test_an_address_that_is_none_is_told(uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    for ask in (Store(home=tmp_path / "mlruns").runs, Store(home=tmp_path / "mlruns").client):
        with pytest.raises(StoreError) as told:
            ask()
        assert "geh" not in str(told.value)
        assert "MLFLOW_TRACKING_URI" in str(told.value)
