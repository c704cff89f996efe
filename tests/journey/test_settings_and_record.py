"""What is written down of a journey comes back as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.contracts import Role, SegmentationKind, Task
from workbench.errors import InputError
from workbench.journey import JourneySettings, TableRequest, read_record
from workbench.journey.record import FILE, RunRecord, journal_folder, write_record


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
