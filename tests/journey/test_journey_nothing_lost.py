"""What is wrong with an option is told before the search; what goes wrong after it costs nothing of what was found."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd
import pytest
from programs import call, customers, done

SEARCH = ("run", "table.csv", "--target", "spend", "--ignore", "bought,plan", "--trials", "1", "--families", "linear")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    customers().to_csv(tmp_path / "table.csv", index=False)
    return tmp_path


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--predict", "nothing.csv", "--predictions", "out.parquet"), "nothing.csv"),
        (("--predict", "table.csv", "--predictions", "out.docx"), "out.docx"),
        (("--predict", "table.csv", "--predictions", "."), "is a folder"),
        (("--segments", "99"), "99 segments"),
        (("--budget", "soon"), "soon"),
        (("--seed", "-1"), "seed -1"),
        (("--seed", str(10**20)), "seed 1"),
    ],
)
def test_a_wrong_option_is_told_before_the_search(options: tuple[str, ...], told: str, folder: Path) -> None:
    answer = call(folder, *SEARCH, *options)
    assert answer.code == 2
    assert told in answer.sentence
    assert "Searching" not in answer.err
    assert json.loads(done(folder, "runs", "list", "--json")) == []


def test_a_test_table_that_does_not_fit_costs_the_predictions_only(folder: Path) -> None:
    pd.read_csv(folder / "table.csv").drop(columns="visits").to_csv(folder / "new.csv", index=False)
    answer = call(folder, *SEARCH, "--no-report", "--name", "mine", "--json",
                  "--predict", "new.csv", "--predictions", "out.parquet")  # fmt: skip
    assert answer.code == 2
    assert "'visits'" in answer.sentence
    facts = json.loads(answer.out)
    assert facts["search"]["champion"] == "linear"
    assert "'visits'" in " ".join(facts["unrecorded"])
    (row,) = json.loads(done(folder, "runs", "list", "--json"))
    assert row["state"] == "done"
    done(folder, "predict", "mine", "table.csv", "-o", "out.parquet")


def test_a_fault_of_ours_while_predicting_costs_the_predictions_only(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_arguments: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr("workbench.journey.write_predictions", failing)
    answer = call(folder, *SEARCH, "--no-report", "--name", "mine", "--json",
                  "--predict", "table.csv", "--predictions", "out.parquet")  # fmt: skip
    assert answer.code == 1 and "MemoryError" in answer.sentence
    assert json.loads(answer.out)["search"]["champion"] == "linear"
    (row,) = json.loads(done(folder, "runs", "list", "--json"))
    assert row["state"] == "done"


@pytest.mark.parametrize("typed", ["", "n\n", "y\n"])
def test_a_run_is_deleted_by_a_yes_only(typed: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done(folder, *SEARCH, "--no-report", "--name", "mine", "-q")
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    answer = call(folder, "runs", "delete", "mine")
    assert answer.code == (0 if typed == "y\n" else 2)
    assert len(json.loads(done(folder, "runs", "list", "--json"))) == (0 if typed == "y\n" else 1)
    if answer.code:
        assert "not deleted" in answer.sentence


def test_a_port_that_is_none_is_told(tmp_path: Path) -> None:
    answer = call(tmp_path, "mlflow", "--port", "99999")
    assert answer.code == 2
    assert "99999" in answer.sentence
