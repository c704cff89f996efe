"""The whole journey against stores as teams have them: a real MLflow server, a real PostgreSQL database.

The address holds a password in both cases, which must not turn up anywhere.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
import pytest
import servers

from workbench.cli import main

pytestmark = pytest.mark.server
Call = Callable[..., str]
QUICK_SPACES = str(Path(__file__).parents[1] / "quick_spaces")
"""What the clusters are is not looked at here: with the shipped space they take most of the time."""


@pytest.fixture(scope="module", params=["mlflow server", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    kind = servers.mlflow_server if request.param == "mlflow server" else servers.postgres
    with kind(tmp_path_factory.mktemp("server")) as uri:
        yield uri


@pytest.fixture
def call(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Call]:
    """Run a command line that must succeed; the secret is looked for in all that was said and written."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
    said = []

    def run(*arguments: str) -> str:
        # its budget begins now, and not when pytest was started
        with mock.patch("workbench.cli.journeys.process_start", time.monotonic):
            code = main.run(list(arguments))
        out, err = capsys.readouterr()
        said.append(out + err)
        assert code == 0, err
        return out

    yield run
    assert servers.SECRET not in "".join(said)
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or servers.SECRET.encode() not in path.read_bytes(), path


def _table() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"id": range(200), "visits": rng.poisson(5, 200), "城市": rng.choice(["Graz", "Wien"], 200)})
    return frame.assign(spend=(10 * frame.visits + rng.normal(0, 3, 200)).round(2))


def test_a_journey_is_recorded_read_used_resumed_and_deleted(call: Call, address: str, tmp_path: Path) -> None:
    import mlflow

    _table().to_csv("table.csv", index=False)
    facts = json.loads(
        call(
            "run", "table.csv", "--target", "spend", "--trials", "2", "--families", "linear", "--name", "mine",
            "--json", "--search-spaces", QUICK_SPACES,
        )
    )  # fmt: skip
    assert facts["unrecorded"] == []
    assert not (tmp_path / "mlruns" / "mlflow.db").exists()
    row, *others = json.loads(call("runs", "list", "--json"))
    assert (row["name"], row["state"], row["score"]) == ("mine", "done", facts["search"]["score"]["value"])
    assert others == []
    assert json.loads(call("runs", "show", "mine", "--json"))["segmentations"] == facts["segmentations"]
    call("explain", "mine", "--row", "7")
    call("report", "mine", "-o", "again.html")

    call("predict", "mine", "table.csv", "-o", "scores.parquet")
    mlflow.set_tracking_uri(address)
    try:
        scorer = mlflow.pyfunc.load_model(f"runs:/{row['run_id']}/model")
        children = mlflow.MlflowClient().search_runs(
            [mlflow.get_run(row["run_id"]).info.experiment_id], f"tags.`mlflow.parentRunId` = '{row['run_id']}'"
        )
    finally:
        mlflow.set_tracking_uri(None)
    pd.testing.assert_frame_equal(scorer.predict(_table()), pd.read_parquet("scores.parquet"))
    assert len(children) == facts["search"]["trials"]

    call("runs", "resume", "mine", "--budget", "10m", "--json")
    call("predict", "mine", "table.csv", "-o", "scores.parquet")
    call("doctor")
    call("runs", "delete", "mine", "--yes")
    assert json.loads(call("runs", "list", "--json")) == []
