"""Bad input is handled, and said so, or is one clear sentence and exit code 2: the whole command, no mock."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workbench.cli import main

ROWS = 240
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command line in an empty folder; gives exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main.run(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def _good(rows: int = ROWS) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"age": rng.integers(18, 80, rows), "visits": rng.poisson(5, rows)})
    frame["bought"] = np.where(frame.visits + rng.normal(size=rows) > 5, "yes", "no")
    return frame


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty file": (lambda path: path.write_text(""), "empty"),
    "header only": (lambda path: path.write_text("age,visits,bought\n"), "row"),
    "one row": (lambda path: path.write_text("age,visits,bought\n1,2,yes\n"), "row"),
    "no such target": (lambda path: _good().rename(columns={"bought": "bougth"}).to_csv(path, index=False), "bought"),
    "constant target": (lambda path: _good().assign(bought="yes").to_csv(path, index=False), "bought"),
    "all-missing target": (lambda path: _good().assign(bought=None).to_csv(path, index=False), "bought"),
    "only the target": (lambda path: _good()[["bought"]].to_csv(path, index=False), "bought"),
    "a folder": (lambda path: path.mkdir(), "folder"),
    "not a table": (lambda path: path.write_bytes(bytes(range(256)) * 40), ""),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_is_one_sentence(case: str, run: Run, tmp_path: Path) -> None:
    make, told = REFUSED[case]
    make(tmp_path / "table.csv")
    code, out, err = run("run", "table.csv", "--target", "bought", "--trials", "1", "--no-report", "--quiet")
    assert code == 2
    assert out == ""
    sentence = err.strip().splitlines()[-1]
    assert sentence.startswith("workbench: ")
    assert told in sentence
    assert "Traceback" not in err


HANDLED: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "all-missing column": lambda frame: frame.assign(empty=None),
    "class with one member": lambda frame: frame.assign(
        bought=["maybe" if index == 0 else label for index, label in enumerate(frame.bought)]
    ),
    "mixed types": lambda frame: frame.assign(mix=[index if index % 2 else f"n/a {index}" for index in range(ROWS)]),
    "infinities": lambda frame: frame.assign(ratio=[np.inf if index % 50 == 0 else index for index in range(ROWS)]),
    "duplicate ids": lambda frame: frame.assign(customer_id=[index // 2 for index in range(ROWS)]),
    "dates as text": lambda frame: frame.assign(
        since=[f"{1 + index % 12}/{1 + index % 28}/2024" for index in range(ROWS)]
    ),
    "hostile names": lambda frame: frame.rename(columns={"age": '{"a": [1]}', "visits": "[bold]=cmd"}),
    "a constant column": lambda frame: frame.assign(same=1),
}


SAID = {
    "all-missing column": "'empty' has no value",
    "class with one member": "'maybe'",
    "mixed types": "cells of other kinds",
    "infinities": "infinite in 5 rows",
}
"""What a run itself must say of it, without a report and without `workbench check`."""


@pytest.mark.parametrize("case", HANDLED)
def test_what_can_be_handled_is_handled_and_said(case: str, run: Run, tmp_path: Path) -> None:
    HANDLED[case](_good()).to_csv(tmp_path / "table.csv", index=False)
    code, out, err = run(
        "run",
        "table.csv",
        "--target",
        "bought",
        "--trials",
        "2",
        "--families",
        "linear",
        "--no-report",
        "--json",
        "--quiet",
    )
    assert code == 0, err
    facts = json.loads(out)
    assert facts["search"]["score"]["value"] is not None
    assert SAID.get(case, "") in " ".join(facts["notices"])
    assert "Traceback" not in err


@pytest.mark.parametrize("option", ["--time", "--group"])
def test_the_target_orders_and_groups_nothing(option: str, run: Run, tmp_path: Path) -> None:
    _good().to_csv(tmp_path / "table.csv", index=False)
    code, out, err = run("run", "table.csv", "--target", "visits", option, "visits", "--trials", "1", "--no-report")
    assert (code, out) == (2, "")
    assert "'visits' can't be the" in err.strip().splitlines()[-1]


def test_a_budget_too_short_to_fit_anything_gives_the_baseline_and_says_so(run: Run, tmp_path: Path) -> None:
    _good().to_csv(tmp_path / "table.csv", index=False)
    code, out, err = run(
        "run", "table.csv", "--target", "bought", "--budget", "0.5s", "--no-report", "--json", "--quiet"
    )
    assert code == 0, err
    facts = json.loads(out)
    assert facts["search"]["champion"] == "baseline"
    assert any("baseline" in notice for notice in facts["notices"])


def test_predictions_lack_a_column_is_one_sentence(run: Run, tmp_path: Path) -> None:
    _good().to_csv(tmp_path / "table.csv", index=False)
    _good().drop(columns="visits").to_csv(tmp_path / "new.csv", index=False)
    code, _, err = run(
        "run", "table.csv", "--target", "bought", "--trials", "1", "--families", "linear", "--no-report", "--quiet",
        "--predict", "new.csv", "--predictions", "out.parquet",
    )  # fmt: skip
    assert code == 2
    assert "visits" in err


def test_predictions_never_replace_the_rows_that_they_are_for(run: Run, tmp_path: Path) -> None:
    _good().to_csv(tmp_path / "table.csv", index=False)
    before = (tmp_path / "table.csv").read_bytes()
    search = ("run", "table.csv", "--target", "bought", "--trials", "1", "--families", "linear", "--no-report", "-q")
    code, _, err = run(*search, "--predict", "table.csv", "--predictions", "./table.csv")
    assert code == 2 and "would replace the rows" in err
    assert run(*search, "--name", "one")[0] == 0
    code, _, err = run("predict", "one", "table.csv", "-o", "table.csv")
    assert code == 2 and "would replace the rows" in err
    assert (tmp_path / "table.csv").read_bytes() == before


def test_a_home_that_is_a_file_is_one_sentence(run: Run, tmp_path: Path) -> None:
    _good().to_csv(tmp_path / "table.csv", index=False)
    (tmp_path / "mlruns").write_text("in the way")
    code, out, err = run("run", "table.csv", "--target", "bought", "--trials", "1", "--no-report", "--quiet")
    assert code == 2
    assert out == ""
    assert "mlruns" in err.strip().splitlines()[-1]
