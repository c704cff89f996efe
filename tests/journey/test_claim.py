"""A run's name belongs to one process at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.errors import InputError, StoreError
from workbench.journey.claim import held, new_run
from workbench.journey.record import FILE, journal_folder


def _begun(home: Path, name: str) -> None:
    journal_folder(home, name).mkdir(parents=True)
    (journal_folder(home, name) / FILE).write_text("{}")


def test_two_that_begin_at_once_get_two_names(tmp_path: Path) -> None:
    names = iter(["t-0001", "t-0001", "t-0002"])
    with new_run(tmp_path, None, lambda: next(names)) as first, new_run(tmp_path, None, lambda: next(names)) as second:
        assert (first, second) == ("t-0001", "t-0002")


def test_names_that_never_become_free_are_told(tmp_path: Path) -> None:
    _begun(tmp_path, "t-0001")
    with pytest.raises(InputError, match="--name"), new_run(tmp_path, None, lambda: "t-0001"):
        pass


def test_a_run_that_never_began_leaves_its_name_free(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), new_run(tmp_path, "mine", str):
        raise ZeroDivisionError
    assert not journal_folder(tmp_path, "mine").exists()


def test_a_run_that_began_keeps_its_name(tmp_path: Path) -> None:
    with new_run(tmp_path, "客户 1", str) as name:
        (journal_folder(tmp_path, name) / FILE).write_text("{}")
    with pytest.raises(InputError, match="already"), new_run(tmp_path, "客户 1", str):
        pass


@pytest.mark.parametrize("name", ["", " ", ".", "..", "../out", "a/b", ".hidden", "x\ny", "x\x1b[2J", "n" * 101])
def test_a_name_names_a_file(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name of a run"), new_run(tmp_path, name, str):
        pass


def test_one_process_at_a_time_works_on_a_run(tmp_path: Path) -> None:
    with held(tmp_path, "mine"), pytest.raises(InputError, match="'mine'"), held(tmp_path, "mine"):
        pass
    with held(tmp_path, "mine"):
        pass


def test_journals_that_cannot_be_written_are_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "journals").write_text("in the way")
    for claim in (held(tmp_path, "mine"), new_run(tmp_path, None, lambda: "t-0001")):
        with pytest.raises(StoreError, match="journals"), claim:
            pass
