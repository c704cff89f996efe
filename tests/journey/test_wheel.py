"""The wheel holds everything that the program reads, and works from a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the wheel was unpacked to."""
    place = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", place, ROOT],
        check=True,
        capture_output=True,
    )
    (wheel,) = place.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place / "site")
    return place / "site"


@pytest.mark.parametrize(
    "pattern",
    [
        "search_spaces/*.toml",
        "workbench/strategy/playbooks/*.toml",
        "workbench/report/templates/*",
        "workbench/tui/**/*.tcss",
        "workbench/**/*.sql",
        "workbench/**/*.py",
    ],
)
def test_the_wheel_holds_every_file_of_its_kind(pattern: str, unpacked: Path) -> None:
    found = [path.relative_to(ROOT) for path in ROOT.glob(pattern) if path.is_file()]
    assert found
    for path in found:
        inside = unpacked / ("workbench" if path.parts[0] == "search_spaces" else "") / path
        assert inside.is_file(), path
        assert inside.read_bytes() == (ROOT / path).read_bytes()


def _python(unpacked: Path, folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_reads_its_own_files(unpacked: Path, tmp_path: Path) -> None:
    script = (
        "import workbench; from workbench import resources; from workbench.pipelines import read_space;"
        "from workbench.strategy import read_playbook;"
        "read_space('lightgbm'); read_space('clustering'); read_playbook('ecommerce');"
        "print(workbench.__file__); print(resources.search_spaces())"
    )
    for line in _python(unpacked, tmp_path, "-c", script).splitlines():
        assert Path(line).is_relative_to(unpacked)


def test_it_runs_from_there(unpacked: Path, tmp_path: Path) -> None:
    rows = json.loads(_python(unpacked, tmp_path, "-m", "workbench", "doctor", "--json"))
    assert all(row["ok"] for row in rows if row["what"] in ("python", "pandas", "mlflow", "store"))
