"""The house keeps its own rules: small files, no data among them, no addresses in the lock."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 400
LARGEST = 500_000
"""Bytes of a file of the project: tables and runs don't belong to it."""
TOP = {"pyproject.toml", "workbench", "search_spaces", "tests", "mlruns", "README.md", "Makefile", "LICENSE",
       "requirements.lock", "hatch_build.py", ".ci", ".gitignore"}  # fmt: skip


def test_no_file_is_longer_than_the_house_allows() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in ("workbench", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_the_lock_has_hashes_and_no_index_address() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "--hash=sha256:" in lock
    assert not re.search(r"https?://|--index|--find-links|file:", lock)


def test_nothing_but_the_project_is_kept_in_git() -> None:
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no git checkout that git will read")
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    assert {path.relative_to(ROOT).parts[0] for path in files} <= TOP
    assert [str(path) for path in files if path.exists() and path.stat().st_size > LARGEST] == []
