"""Bad input is handled, and said so, or is one clear sentence and exit code 2: the whole command, no mock."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workbench.cli import main
from workbench.strategy.playbook import FOLDER

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


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--predict", "table.csv", "--predictions", "out.csv"], "nothing can be predicted: name one with --target"),
        (["--target", "bought", "--metric", "rocauc"], "'rocauc' is not a metric for binary"),
        (["--target", "visits", "--cost", "false positive=1, false negative=5"], "cost"),
        (["--target", "bought", "--trials", "0"], "--trials must be at least 1"),
        (["--target", "bought", "--warm-start", "nothing"], "no run 'nothing'"),
        (["--target", "bought", "--playbook", "none.toml"], "There is no playbook"),
    ],
)
def test_wrong_choices_are_told_before_a_run_is_recorded(
    options: list[str], told: str, run: Run, tmp_path: Path
) -> None:
    _good().to_csv(tmp_path / "table.csv", index=False)
    code, out, err = run("run", "table.csv", "--quiet", *options)
    assert code == 2 and out == "" and told in err.strip().splitlines()[-1]
    code, out, _ = run("runs", "list", "--json")
    assert code == 0 and json.loads(out) == []


def test_what_is_only_for_a_search_is_said_to_be_unused_without_a_target(run: Run, tmp_path: Path) -> None:
    _good().to_csv(tmp_path / "table.csv", index=False)
    spaces = str(Path(__file__).parents[1] / "quick_spaces")
    code, _, err = run("run", "table.csv", "--metric", "f1", "--trials", "2", "--quiet", "--search-spaces", spaces)
    assert code == 0 and "Without a target no model is searched: metric, trials are not used." in err


def test_a_project_finds_its_playbook_beside_itself(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    _good().to_csv(folder / "table.csv", index=False)
    project = 'name = "p"\ntarget = "bought"\nplaybook = "my.toml"\n[[sources]]\npath = "table.csv"\n'
    (folder / "project.toml").write_text(project, encoding="utf-8")
    command = ("run", "shop/project.toml", "--trials", "1", "--families", "linear", "--quiet")
    code, _, err = run(*command)
    assert code == 2 and f"There is no playbook '{folder / 'my.toml'}'" in err
    (folder / "my.toml").write_text((FOLDER / "ecommerce.toml").read_text(encoding="utf-8"), encoding="utf-8")
    spaces = str(Path(__file__).parents[1] / "quick_spaces")
    assert run(*command, "--search-spaces", spaces)[0] == 0
