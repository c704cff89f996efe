"""Days when the disk, the store or the data are against us: one clear sentence, and what was found is not lost."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from programs import FEW_SEGMENTS, Answer, call, customers, done

from workbench.events import Event

SEARCH = ("run", "table.csv", "--target", "spend", "--ignore", "bought,plan", "--name", "mine",
          "--trials", "2", "--families", "linear,lightgbm", *FEW_SEGMENTS)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    customers().to_csv(tmp_path / "table.csv", index=False)
    return tmp_path


@contextlib.contextmanager
def _mounted(place: Path, options: str) -> Iterator[None]:
    """A small file system of its own in ``place``; the test is skipped where we may not mount."""
    place.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root may mount a file system")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


@contextlib.contextmanager
def _closed(place: Path) -> Iterator[None]:
    """A folder that can't be written, by root neither."""
    if os.geteuid() == 0:
        with _mounted(place, "ro,size=1m"):
            yield
        return
    place.mkdir(mode=0o555)
    try:
        yield
    finally:
        place.chmod(0o755)


def _one_sentence(answer: Answer) -> str:
    assert answer.code == 2, answer.err
    assert "Traceback" not in answer.err
    told = [line for line in answer.err.splitlines() if line.startswith("workbench: ")]
    assert len(told) == 1
    assert answer.err.strip().endswith(told[0])
    return told[0]


def test_a_read_only_store_is_told_before_the_search(folder: Path) -> None:
    with _closed(folder / "mlruns"):
        answer = call(folder, *SEARCH)
        assert "mlruns" in _one_sentence(answer)
        assert "Searching" not in answer.err
        assert answer.out == ""
        rows = {row["what"]: row for row in json.loads(done(folder, "doctor", "--json"))}
        assert not rows["store"]["ok"]


def test_a_file_in_the_way_of_the_journals_is_told(folder: Path) -> None:
    (folder / "mlruns").mkdir()
    (folder / "mlruns" / "journals").write_text("in the way")
    assert "journals" in _one_sentence(call(folder, *SEARCH))


def test_reports_that_cannot_be_written_do_not_cost_the_run(folder: Path) -> None:
    (folder / "mlruns").mkdir()
    (folder / "mlruns" / "reports").write_text("in the way")
    answer = call(folder, *SEARCH, "--json")
    assert "reports" in _one_sentence(answer)
    facts = json.loads(answer.out)
    assert facts["strategies"]
    assert facts["unrecorded"]
    kept = json.loads(done(folder, "runs", "show", "mine", "--json"))
    assert kept["search"] == facts["search"]
    assert kept["strategies"] == facts["strategies"]
    done(folder, "predict", "mine", "table.csv", "-o", "scores.parquet")


@pytest.mark.parametrize("size", ["100k", "900k", "1600k"])
def test_a_full_disk_is_one_sentence_and_costs_no_result(size: str, folder: Path) -> None:
    with _mounted(folder / "mlruns", f"size={size}"):
        answer = call(folder, *SEARCH, "--json", "--predict", "table.csv", "--predictions", "out.parquet")
        assert "free some space" in _one_sentence(answer)
        assert ("Explaining" in answer.err) == (size == "1600k")
        if size == "1600k":  # the search found room, the record of the run did not
            assert json.loads(answer.out)["search"]["champion"] in ("linear", "lightgbm")
            assert len(pd.read_parquet(folder / "out.parquet")) == 300


def test_predictions_on_a_full_disk_leave_nothing_half_written(folder: Path) -> None:
    customers(5000).to_csv(folder / "many.csv", index=False)
    with _mounted(folder / "small", "size=16k"):
        answer = call(folder, *SEARCH, "--no-report", "--predict", "many.csv", "--predictions", "small/out.parquet")
        assert "small/out.parquet" in _one_sentence(answer)
        assert list((folder / "small").iterdir()) == []


@contextlib.contextmanager
def _locked(store: Path) -> Iterator[None]:
    """Another program holds the SQLite file for itself."""
    with closing(sqlite3.connect(store, isolation_level=None, timeout=30)) as database:
        database.execute("BEGIN EXCLUSIVE")
        yield
        database.execute("ROLLBACK")


def test_a_locked_store_is_told_before_the_search(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.tracking.failures.LOCK_SECONDS", 0.5)
    done(folder, *SEARCH, "--no-report")
    with _locked(folder / "mlruns" / "mlflow.db"):
        for arguments in (SEARCH, ("runs", "list"), ("runs", "show", "mine")):
            answer = call(folder, *arguments)
            assert "locked" in _one_sentence(answer)
            assert answer.out == ""
    assert json.loads(done(folder, "runs", "show", "mine", "--json"))["search"]


def test_a_store_that_is_locked_at_the_end_costs_no_result(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.tracking.failures.LOCK_SECONDS", 0.5)
    with contextlib.ExitStack() as until_the_end, monkeypatch.context() as moment:

        def lock(self: object, event: Event) -> None:
            if event.kind == "stage" and event.stage == "report":
                until_the_end.enter_context(_locked(folder / "mlruns" / "mlflow.db"))

        moment.setattr("workbench.cli.progress.ProgressPrinter.__call__", lock)
        answer = call(folder, *SEARCH, "--json")
    assert "locked" in _one_sentence(answer)
    facts: dict[str, Any] = json.loads(answer.out)
    assert facts["strategies"]
    assert (folder / facts["report"]).is_file()
    again = json.loads(done(folder, "runs", "resume", "mine", "--budget", "10m", "--json"))
    assert again["unrecorded"] == []
    assert json.loads(done(folder, "runs", "list", "--json"))[0]["state"] == "done"


def test_a_hundred_thousand_categories_and_rows(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    rows = 100_000
    codes = np.concatenate([np.arange(rows), rng.integers(0, 5, rows // 10)])
    frame = pd.DataFrame({"code": [f"code {code}" for code in codes], "visits": rng.poisson(5, len(codes))})
    frame["bought"] = np.where(frame.visits + 3 * (codes < 5) + rng.normal(size=len(codes)) > 6, "yes", "no")
    frame.to_parquet(tmp_path / "table.parquet")
    out = done(
        tmp_path, "run", "table.parquet", "--target", "bought", "--trials", "2", "--families", "linear,lightgbm",
        "--no-report", "--json", "-q", "--predict", "table.parquet", "--predictions", "out.parquet",
    )  # fmt: skip
    assert json.loads(out)["search"]["against_baseline"]["low"] > 0
    assert len(pd.read_parquet(tmp_path / "out.parquet")) == len(frame)
