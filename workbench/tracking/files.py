"""Where the files of runs and models are, also after the folder of the store was moved."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from workbench.errors import StoreError
from workbench.tracking.library import mlflow


def as_path(uri: str) -> Path | None:
    """The path of a ``file:`` URI or of a plain path, ``None`` for what is elsewhere."""
    if uri.startswith("file:"):
        return Path(unquote(urlsplit(uri).path))
    return None if "://" in uri or uri.startswith("mlflow-artifacts:") else Path(uri)


def local(root: str, name: str, artifacts: Path, tracking_uri: str) -> Path:
    """A file or folder below an artifact root, on this machine.

    Args:
        root: artifact URI of a run or a model.
        name: path below it; empty for the root itself.
        artifacts: the embedded store's folder now: roots are kept as absolute paths, and projects are moved.

    Raises:
        StoreError: it is not there.
    """
    folder = as_path(root)
    if folder is None:
        uri = f"{root.rstrip('/')}/{name}" if name else root
        return Path(mlflow().artifacts.download_artifacts(artifact_uri=uri, tracking_uri=tracking_uri))
    base, parts = folder, Path(name)
    if parts.is_absolute() or ".." in parts.parts:
        raise StoreError(f"'{name}' is no name of a file in a run; name it as `workbench runs show` does.")
    for place in (base, _moved(base, artifacts)):
        if (place / parts).exists():
            return place / parts
    raise StoreError(f"There is no file '{name}' in {base}; it was deleted, or the run ended before it was written.")


def _moved(folder: Path, artifacts: Path) -> Path:
    """The same folder below the store's artifacts of today: the parts after the last ``artifacts`` folder's parent."""
    parts = folder.parts
    for index, part in enumerate(parts):
        if part == artifacts.name and index + 1 < len(parts):
            return artifacts.joinpath(*parts[index + 1 :])
    return folder


def remove(client: Any, run: Any, home: Path) -> None:
    """Remove the files of a run, the models that it logged, its journal and its reports."""
    outputs = run.outputs.model_outputs if run.outputs is not None else ()
    for output in outputs:
        remove_model(client, output.model_id)
    _remove_folder(run.info.artifact_uri)
    name = run.info.run_name
    if not name or Path(name).name != name:
        return
    shutil.rmtree(home / "journals" / name, ignore_errors=True)
    shutil.rmtree(home / "reports" / f"{name}-figures", ignore_errors=True)
    for suffix in (".html", ".md"):
        (home / "reports" / f"{name}{suffix}").unlink(missing_ok=True)


def remove_model(client: Any, model_id: str) -> None:
    """Remove a logged model and its files; one that is gone already is no fault."""
    from mlflow.exceptions import MlflowException

    try:
        place = client.get_logged_model(model_id).artifact_location
        client.delete_logged_model(model_id)
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        return
    _remove_folder(place)


def _remove_folder(uri: str) -> None:
    """Remove a local artifact folder and the folder of the run or model around it, once that is empty."""
    folder = as_path(uri)
    if folder is None or not folder.is_dir():
        return
    shutil.rmtree(folder, ignore_errors=True)
    if folder.parent.is_dir() and not any(folder.parent.iterdir()):
        folder.parent.rmdir()
