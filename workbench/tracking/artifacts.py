"""The files of a run: archive, report, figures, decisions, notices, trials, environment."""

from __future__ import annotations

import dataclasses
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.plain import plain
from workbench.tracking import files as places
from workbench.tracking import marks
from workbench.tracking.archive import save_result
from workbench.tracking.failures import told
from workbench.tracking.library import mlflow

if TYPE_CHECKING:
    from workbench.contracts import JourneyResult
    from workbench.tracking.store import Store

_PICTURES = (".png", ".svg", ".jpg", ".pdf")


def log(
    store: Store, run_id: str, result: JourneyResult, files: Mapping[str, Path], tell: Callable[[str], None]
) -> None:
    """Put the files of a result into the run.

    Args:
        files: report and figures by the name that they get; pictures without a folder go to ``figures/``.
        tell: hears of a file that is missing.

    Raises:
        StoreError: the store can't be written.
    """
    client = store.client()
    with tempfile.TemporaryDirectory(prefix="workbench-run-") as scratch:
        folder = Path(scratch)
        _write_facts(result, folder)
        for name, path in files.items():
            target = folder / _place(name)
            if not path.is_file():
                tell(f"The file {path} was not there when the run was recorded.")
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        with told(store.uri, "record the files of the run"):
            home = places.as_path(client.get_run(run_id).info.artifact_uri)
            save_result(result, (home or folder) / marks.ARCHIVE)
            client.log_artifacts(run_id, str(folder))
            _log_table(client, run_id, result)


def _place(name: str) -> Path:
    """Where a file goes: below the run's folder whatever it is called."""
    parts = [part for part in Path(name).parts if part not in ("..", ".", "/")] or ["file"]
    if len(parts) == 1 and parts[0].lower().endswith(_PICTURES):
        parts.insert(0, "figures")
    return Path(*parts)


def _write_facts(result: JourneyResult, folder: Path) -> None:
    search = result.search
    facts: dict[str, Any] = {
        "environment.json": result.environment,
        "settings.json": {**result.settings, "command": result.command, "seed": result.seed},
        "notices.json": result.notices,
        "checks.json": [dataclasses.asdict(check) for check in result.table.checks],
        "columns.json": [dataclasses.asdict(column) for column in result.table.columns],
        "sources.json": [dataclasses.asdict(source) for source in result.table.sources],
        "strategies.json": [dataclasses.asdict(strategy) for strategy in result.strategies],
    }
    if search is not None:
        facts["decisions.json"] = search.decisions
        facts["trials.json"] = [dataclasses.asdict(trial) for trial in search.trials]
        # a line an entry, so that the logs of two runs can be compared by any tool
        lines = [json.dumps(entry, ensure_ascii=False, default=plain) + "\n" for entry in search.log]
        (folder / "decisions.jsonl").write_text("".join(lines), encoding="utf-8", errors="backslashreplace")
    if result.explanation is not None:
        facts["importance.json"] = result.explanation.importance.to_dict("records")
    for name, value in facts.items():
        text = json.dumps(plain(value), ensure_ascii=False, indent=1)
        (folder / name).write_text(text, encoding="utf-8", errors="backslashreplace")


def _log_table(client: Any, run_id: str, result: JourneyResult) -> None:
    """Name the table as the run's data set, so that MLflow's page finds all runs on it."""
    entities, table = mlflow().entities, result.table
    source = json.dumps({"location": table.sources[0].location if table.sources else ""})
    data = entities.Dataset(
        name=table.name[:500],
        digest=table.fingerprint[:36] or "0",
        source_type="local",
        source=source,
        profile=json.dumps({"num_rows": len(table.frame), "num_columns": len(table.columns)}),
    )
    client.log_inputs(run_id, [entities.DatasetInput(data, [entities.InputTag("mlflow.data.context", "training")])])
