"""What is written down when a journey begins, so that it can be resumed after anything that may happen to it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from workbench.atomic import write_text
from workbench.errors import InputError
from workbench.journey.opening import TableRequest
from workbench.journey.settings import JourneySettings

VERSION = 1
FILE = "run.json"


@dataclass(frozen=True)
class RunRecord:
    """How a journey was begun.

    Attributes:
        fingerprint: of the table; a resumed run must find the same.
        run_id: of the MLflow run; empty when nothing is logged.
    """

    name: str
    request: TableRequest
    settings: JourneySettings
    fingerprint: str
    run_id: str


def journal_folder(home: Path, name: str) -> Path:
    """Where the journal, the out-of-fold predictions and the record of a run are kept."""
    return home / "journals" / name


def write_record(folder: Path, record: RunRecord) -> None:
    """Write the record atomically. Raises ``StoreError`` when the folder can't be written."""
    data = {
        "version": VERSION,
        "name": record.name,
        "request": record.request.as_json(),
        "settings": record.settings.as_json(),
        "fingerprint": record.fingerprint,
        "run_id": record.run_id,
    }
    write_text(folder / FILE, json.dumps(data, indent=1))


def read_record(home: Path, name: str) -> RunRecord:
    """The record of the run called ``name``.

    Raises:
        InputError: there is no such run here, or its record is of another version.
    """
    path = journal_folder(home, name) / FILE
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"There is no run '{name}' to resume in {path.parent.parent}.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"The record {path} can't be read ({error}); the run can't be resumed.") from error
    if data.get("version") != VERSION:
        raise InputError(f"The record {path} was written by another version of workbench; start the run anew.")
    return RunRecord(
        name=data["name"],
        request=TableRequest.from_json(data["request"]),
        settings=JourneySettings.from_json(data["settings"]),
        fingerprint=data["fingerprint"],
        run_id=data["run_id"],
    )
