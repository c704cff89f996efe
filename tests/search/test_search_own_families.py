"""Families of the user's own in a search: what is said of those that are not tried, and nothing stays of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from search_tables import small

from workbench.budget import Budget
from workbench.contracts import Task
from workbench.events import Event, Events
from workbench.pipelines import FAMILIES
from workbench.pipelines.own_families import adopt
from workbench.search import search

OWN = Path(__file__).parents[1] / "pipelines" / "own"


@pytest.fixture
def spaces(tmp_path: Path) -> Path:
    """A folder with a family, and spaces of the others that take no time."""
    folder = tmp_path / "spaces"
    shutil.copytree(Path(__file__).parent / "spaces", folder)
    shutil.copytree(OWN, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def notices(folder: Path, spaces: Path, *, own_families: bool, task: Task = Task.REGRESSION) -> list[str]:
    told: list[Event] = []
    events = Events()
    events.add_listener(told.append)
    search(
        small(task), budget=Budget.unlimited(), events=events, folder=folder, trials=3, workers=0, spaces=spaces,
        own_families=own_families,
    )  # fmt: skip
    return [one.message for one in told if one.kind == "notice"]


def test_code_that_nobody_asked_for_does_not_run_and_is_told(tmp_path: Path, spaces: Path) -> None:
    (spaces / "neighbours.py").write_text("raise SystemExit", encoding="utf-8")
    assert any(
        one.startswith("The family 'neighbours' is left out: code in") and "--search-spaces" in one
        for one in notices(tmp_path / "run", spaces, own_families=False)
    )


def test_a_family_that_is_not_named_is_told(tmp_path: Path, spaces: Path) -> None:
    try:
        told = notices(tmp_path / "run", spaces, own_families=True)
        assert any("'neighbours'" in one and "name it with --families" in one for one in told)
    finally:
        adopt(None)


def test_one_that_is_a_default_is_searched_with_the_others(tmp_path: Path, spaces: Path) -> None:
    code = spaces / "neighbours.py"
    code.write_text(code.read_text(encoding="utf-8").replace("    title =", "    default = True\n    title ="), "utf-8")
    try:
        assert not any("'neighbours'" in one for one in notices(tmp_path / "run", spaces, own_families=True))
        assert FAMILIES["neighbours"].default
    finally:
        adopt(None)
    assert "neighbours" not in FAMILIES
    assert not any("'neighbours'" in one for one in notices(tmp_path / "next", OWN.parent, own_families=False))
