"""What is written down of a journey comes back as it was."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.contracts import Role, SegmentationKind, Task
from workbench.errors import InputError, StoreError
from workbench.journey import JourneySettings, TableRequest, read_record
from workbench.journey.record import FILE, RunRecord, journal_folder, write_record
from workbench.journey.search_inputs import keep_spaces
from workbench.pipelines.own_families import adopt
from workbench.resources import search_spaces
from workbench.tracking.plain import text_of


def _record(tmp_path: Path) -> RunRecord:
    return RunRecord(
        name="客户-0001",
        request=TableRequest(
            location=str(tmp_path / "客户.csv"), target="购买行为", task=Task.BINARY, roles={"[bold]": Role.IGNORE}
        ),
        settings=JourneySettings(
            families=("linear", "lightgbm"), trials=5, kinds=(SegmentationKind.DESCRIPTIVE,), budget_seconds=None
        ),
        fingerprint="abc",
        run_id="42",
    )


def test_a_record_comes_back_as_it_was(tmp_path: Path) -> None:
    record = _record(tmp_path)
    write_record(journal_folder(tmp_path, record.name), record)
    assert read_record(tmp_path, record.name) == record


def test_the_bundled_location_stays_a_word() -> None:
    assert TableRequest(location="demo").as_json()["location"] == "demo"


@pytest.mark.parametrize(
    ("text", "told"), [(None, "no run"), ("{", "can't be read"), ('{"version": 99}', "another version")]
)
def test_a_record_that_cannot_be_used_is_one_sentence(tmp_path: Path, text: str | None, told: str) -> None:
    if text is not None:
        (tmp_path / "journals" / "x").mkdir(parents=True)
        (tmp_path / "journals" / "x" / FILE).write_text(text)
    with pytest.raises(InputError, match=told):
        read_record(tmp_path, "x")


def test_unknown_settings_of_a_later_version_are_left_aside() -> None:
    data = JourneySettings(seed=3).as_json() | {"future": 1}
    assert JourneySettings.from_json(data) == JourneySettings(seed=3)


def test_own_spaces_are_recorded_as_they_were_when_the_search_began(tmp_path: Path) -> None:
    own = tmp_path / "own"
    shutil.copytree(Path(__file__).parents[1] / "pipelines" / "own", own)
    shutil.copy(search_spaces() / "linear.toml", own)
    (own / "notes.toml").write_text("something = 'else'", encoding="utf-8")
    before = (own / "neighbours.py").read_bytes()
    try:
        for trusted in (True, False):
            adopt(own if trusted else None)
            kept = keep_spaces(JourneySettings(spaces=str(own), own_families=trusted), tmp_path / str(trusted))
            names = {"linear.toml"} | ({"neighbours.toml", "neighbours.py"} if trusted else set())
            assert set(kept) == {f"search_spaces/{name}" for name in names}
        (own / "neighbours.py").write_text("changed", encoding="utf-8")
        assert (tmp_path / "True" / "search_spaces" / "neighbours.py").read_bytes() == before
    finally:
        adopt(None)
    assert keep_spaces(JourneySettings(), tmp_path) == {}


def test_own_spaces_that_cannot_be_kept_are_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "search_spaces").write_text("in the way", encoding="utf-8")
    with pytest.raises(StoreError, match=r"Can't write .*search_spaces"):
        keep_spaces(JourneySettings(spaces=str(search_spaces())), tmp_path)


def test_a_path_that_is_no_unicode_is_kept(tmp_path: Path) -> None:
    """As in a folder that was unzipped from a machine whose names are in another encoding."""
    record = _record(tmp_path)
    folder = os.fsdecode("客户".encode("gbk"))
    odd = replace(record, request=replace(record.request, location=f"/{folder}/table.csv"))
    write_record(journal_folder(tmp_path, odd.name), odd)
    assert read_record(tmp_path, odd.name) == odd
    text_of(odd.request.location).encode("utf-8")
