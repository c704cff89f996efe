"""A second Ctrl-C in the worst places: it ends the run at once, and is never told as a fault of something else."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from programs import call, customers, done


def _twice(*_: Any, **__: Any) -> None:
    """What two quick presses do."""
    os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGINT)


def test_a_second_ctrl_c_inside_the_store_is_no_fault_of_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    customers().to_csv(tmp_path / "table.csv", index=False)
    search = ("run", "table.csv", "--target", "spend", "--trials", "1", "--families", "linear", "--no-report", "--json")
    with monkeypatch.context() as moment:
        true = SqlAlchemyStore.log_batch
        calls = []

        def log_batch(self: Any, run_id: str, metrics: Any, params: Any, tags: Any) -> Any:
            calls.append(params)
            if len(calls) > 2 and calls[-1]:
                with self.ManagedSessionMaker():  # mlflow makes its own error of what is raised in here
                    moment.undo()
                    _twice()
            return true(self, run_id, metrics, params, tags)

        moment.setattr(SqlAlchemyStore, "log_batch", log_batch)
        answer = call(tmp_path, *search, "--name", "mine")
    assert answer.code == 3, answer.err
    assert answer.sentence.startswith("workbench: Stopped as you asked")
    assert "Traceback" not in answer.err
    assert json.loads(done(tmp_path, "runs", "list", "--json"))[0]["state"] == "stopped"
    assert json.loads(done(tmp_path, "runs", "resume", "mine", "--budget", "10m", "--json"))["search"]
