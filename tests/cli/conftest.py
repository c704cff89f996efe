"""Runs that are made once for all tests of `workbench explain`."""

from __future__ import annotations

from pathlib import Path

import pytest
from explain_asking import Ask, customers

from workbench.cli import main

SPACES = str(Path(__file__).parents[1] / "quick_spaces")


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a run of two classes, one of a number, one that was not explained, and one without a target."""
    folder = tmp_path_factory.mktemp("explained")
    customers().drop(columns="spend").to_csv(folder / "classes.csv", index=False)
    customers().drop(columns="bought").to_csv(folder / "number.csv", index=False)
    runs = (
        ("classes", ("--target", "bought", "--families", "lightgbm")),
        ("number", ("--target", "spend", "--families", "linear")),
        ("short", ("--target", "bought", "--families", "linear", "--no-report")),
        ("untargeted", ()),
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("MLFLOW_TRACKING_URI", raising=False)
        patched.chdir(folder)
        for name, more in runs:
            table = "number.csv" if name == "number" else "classes.csv"
            command = ["run", table, "--trials", "1", "--name", name, "--search-spaces", SPACES,
                       "--home", str(folder / "mlruns"), "--quiet", *more]  # fmt: skip
            assert main.run(command) == 0
    return folder / "mlruns"


@pytest.fixture
def ask(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Ask the run of two classes, or another one that is named; gives exit code, stdout, stderr."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    capsys.readouterr()

    def call(*arguments: str, run: str = "classes") -> tuple[int, str, str]:
        code = main.run(["explain", run, "--home", str(home), *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call
