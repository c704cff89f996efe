"""The entry point: exit codes, one sentence on stderr, never a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from workbench.cli import main
from workbench.errors import InputError, Stopped


@pytest.mark.parametrize(
    "arguments",
    [
        ["nosuch"],
        ["run"],
        ["run", "missing.csv", "--target", "y"],
        ["run", "missing.csv", "--budget", "soon"],
        ["run", "missing.csv", "--task", "joy"],
        ["run", "missing.csv", "--trials", "0"],
        ["run", "missing.csv", "--predict", "other.csv"],
        ["run", "missing.toml"],
        ["check", "missing.csv"],
        ["demo", "--target", "joy"],
        ["explain"],
        ["runs", "compare", "one"],
    ],
)
def test_wrong_usage_is_exit_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main.run(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err
    assert "Traceback" not in captured.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError("No such column; name another."), 2),
        (Stopped("Stopped."), 3),
        (KeyboardInterrupt(), 3),
        (PermissionError(13, "Permission denied", "out.parquet"), 2),
        (OSError(28, "No space left on device", "out.parquet"), 2),
        (MemoryError(), 2),
        (ZeroDivisionError("secret"), 1),
    ],
)
def test_errors_have_their_exit_codes(
    error: BaseException, code: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    monkeypatch.setattr("workbench.cli.app.app", fail)
    assert main.run(["doctor"]) == code
    told = capsys.readouterr().err
    assert told.startswith("workbench: ")
    assert told.count("\n") == 1
    assert "Traceback" not in told


def test_names_in_a_sentence_control_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise InputError("There is no column '\x1b[2J\x07年龄\nworkbench: done'.")

    monkeypatch.setattr("workbench.cli.app.app", fail)
    assert main.run(["doctor"]) == 2
    assert capsys.readouterr().err == "workbench: There is no column ' [2J 年龄 workbench: done'.\n"


def test_the_terminal_needs_a_terminal(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "workbench"], stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 2
    assert "needs a terminal" in done.stderr


@pytest.mark.parametrize(("command", "told"), [([], "segments"), (["explain"], "--counterfactual")])
def test_help_imports_nothing_heavy(command: list[str], told: str) -> None:
    script = (
        f"import sys; from workbench.cli import main; main.run([*{command}, '--help']);"
        "print(sorted({'pandas','numpy','sklearn','mlflow','textual','optuna','shap'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert told in done.stdout
