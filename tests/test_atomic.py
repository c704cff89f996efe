"""Atomic writes: whole or not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.atomic import replacing, write_text
from workbench.errors import StoreError


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "kept.txt"
    write_text(path, "old")
    with pytest.raises(ValueError, match="boom"), replacing(path) as temporary:
        temporary.write_text("half of the n")
        raise ValueError("boom")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_written_file_is_as_readable_as_any_other(tmp_path: Path) -> None:
    write_text(tmp_path / "ours.txt", "text")
    (tmp_path / "plain.txt").write_text("text")
    assert (tmp_path / "ours.txt").stat().st_mode == (tmp_path / "plain.txt").stat().st_mode


def test_a_path_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    with pytest.raises(StoreError, match="Can't write"):
        write_text(blocker / "below.txt", "text")
