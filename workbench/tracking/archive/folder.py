"""The archive's folder: version, atomic replacement, and errors in one sentence."""

from __future__ import annotations

import contextlib
import json
import shutil
import uuid
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from workbench.contracts import JourneyResult
from workbench.errors import StoreError
from workbench.tracking.archive.nodes import from_json, to_json
from workbench.tracking.archive.walk import Reader, Writer

FORMAT = "workbench-result"
VERSION = 1
FILE = "result.json"
_DAMAGED = (KeyError, ValueError, TypeError, IndexError, OSError, EOFError, pa.ArrowException)
"""What decoding a damaged node or a missing file raises."""


def save(result: JourneyResult, folder: Path) -> None:
    """Write the archive beside its place, then move it there. See ``save_result``."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}")
        temporary.mkdir()
        try:
            node = Writer(temporary).encode(result)
            text = to_json({"format": FORMAT, "version": VERSION, "result": node})
            (temporary / FILE).write_text(text, encoding="ascii")
            _take_place(temporary, folder)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        raise StoreError(
            f"Can't write the archive {folder}: {error.strerror or error}; free some space or choose another place."
        ) from error


def _take_place(temporary: Path, folder: Path) -> None:
    if not folder.exists():
        temporary.replace(folder)
        return
    old = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}")
    folder.replace(old)
    temporary.replace(folder)
    shutil.rmtree(old, ignore_errors=True)


def load(folder: Path, pipeline: Callable[[str], Any] | None) -> JourneyResult:
    """Read the archive. See ``load_result``."""
    data = _document(folder)
    try:
        result = Reader(folder, pipeline).decode(data["result"])
    except _DAMAGED as error:
        raise StoreError(
            f"The archive {folder} is damaged ({type(error).__name__}: {error}); run the table again to make a new one."
        ) from error
    if not isinstance(result, JourneyResult):
        raise StoreError(f"The archive {folder} holds no result of a journey; choose the folder that a run wrote.")
    return result


def load_parts(folder: Path, path: Sequence[str], wanted: Iterable[str]) -> dict[str, Any]:
    """Some fields of one object in the archive. See ``load_parts`` of the package."""
    node: Any = _document(folder).get("result")
    try:
        for name in path:
            node = node["f"][name]
        fields = node["f"] if node is not None else {}
    except (KeyError, TypeError):
        return {}
    reader, found = Reader(folder, None), {}
    for name in (name for name in wanted if name in fields):
        with contextlib.suppress(*_DAMAGED):
            found[name] = reader.decode(fields[name])
    return found


def _document(folder: Path) -> dict[str, Any]:
    """What ``result.json`` holds, of a format and version that are known here."""
    try:
        data = from_json((folder / FILE).read_text(encoding="ascii"))
    except FileNotFoundError:
        raise StoreError(f"There is no archived result in {folder}; run the table again to make one.") from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise StoreError(
            f"The archive {folder} can't be read ({error}); run the table again to make a new one."
        ) from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise StoreError(f"{folder} is no archive of workbench; choose the folder that a run wrote.")
    if not isinstance(data.get("version"), int) or data["version"] > VERSION:
        raise StoreError(f"The archive {folder} was written by a newer workbench; update workbench to read it.")
    return data
