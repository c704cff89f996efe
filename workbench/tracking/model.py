"""The champion as a logged model: it carries its code and takes the raw table."""

from __future__ import annotations

import datetime
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import StoreError
from workbench.tracking import files, marks
from workbench.tracking.environment import version
from workbench.tracking.failures import told
from workbench.tracking.library import mlflow
from workbench.tracking.plain import params_of

if TYPE_CHECKING:
    import pandas as pd

    from workbench.contracts import Model, Table
    from workbench.tracking.store import Store

REQUIREMENTS = ("mlflow", "cloudpickle", "numpy", "pandas", "pyarrow", "scikit-learn", "scipy")
"""All that prediction needs beside what the model's family says; what a search, a report or a screen needs is not among
it."""
NOT_CARRIED = ("cli", "tui", "worker", "report", "journey", "explain", "segments", "gap", "strategy")
"""Folders of our code that stand above or beside what a pipeline is made of."""
EXAMPLE_ROWS = 5
FILE = "model.pkl"


def log(store: Store, run_id: str, model: Model, table: Table, *, name: str = marks.MODEL_NAME) -> str:
    """Log the champion under a run.

    Args:
        table: where the model comes from: kinds of its columns and an input example.

    Returns:
        the id of the logged model; ``models:/<id>`` and ``runs:/<run>/model`` load it.

    Raises:
        StoreError: the store can't be written.
    """
    package = mlflow()
    client = store.client()
    with told(store.uri, "log the model"), tempfile.TemporaryDirectory(prefix="workbench-model-") as scratch:
        logged = client.create_logged_model(
            store.experiment(), name=name, source_run_id=run_id, params=_params(model), model_type=model.family
        )
        client.log_outputs(run_id, [package.entities.LoggedModelOutput(logged.model_id, step=0)])
        folder = Path(scratch) / "model"
        save(
            model,
            table,
            folder,
            meta=package.models.Model(
                artifact_path=logged.artifact_location,
                run_id=run_id,
                model_uuid=logged.model_id,
                model_id=logged.model_id,
                metadata=_metadata(model, table),
            ),
        )
        client.log_model_artifacts(logged.model_id, str(folder))
        client.finalize_logged_model(logged.model_id, "READY")
    return str(logged.model_id)


def save(model: Model, table: Table, folder: Path, meta: Any = None) -> None:
    """Write the model as an MLflow model folder."""
    import cloudpickle  # type: ignore[import-untyped]

    from workbench.tracking.scoring import Scorer, aliases_of, codes_of

    package = mlflow()
    with tempfile.TemporaryDirectory(prefix="workbench-code-") as scratch:
        pickled = Path(scratch) / FILE
        with pickled.open("wb") as file:
            columns = [name for name in model.columns if name in table.frame.columns]
            cloudpickle.dump(Scorer(model, codes_of(table.frame[columns]), aliases_of(model, table)), file)
        package.pyfunc.save_model(
            path=str(folder),
            loader_module="workbench.tracking.scoring",
            data_path=str(pickled),
            code_paths=[str(_code(Path(scratch)))],
            signature=signature(model, aliases_of(model, table)),
            input_example=_example(model, table),
            pip_requirements=requirements(model),
            mlflow_model=meta if meta is not None else package.models.Model(metadata=_metadata(model, table)),
        )


def load(store: Store, model_id: str) -> Model:
    """The champion of a logged model, with the code that is installed here.

    Raises:
        StoreError: its files are gone, or were made with versions that don't fit.
    """
    from workbench.tracking import scoring

    with told(store.uri, f"fetch the model {model_id}"):
        root = store.client().get_logged_model(model_id).artifact_location
        path = files.local(root, f"data/{FILE}", store.artifacts, store.uri)
    try:
        return scoring.read(path).model
    except (OSError, EOFError, ImportError, AttributeError, ValueError, TypeError, KeyError) as error:
        raise StoreError(
            f"The model {model_id} can't be read here ({type(error).__name__}: {error}); "
            f"use the versions in {path.parents[1] / 'requirements.txt'}."
        ) from error


def signature(model: Model, aliases: Mapping[str, str]) -> Any:
    """Names of the raw columns, any cell accepted; outputs as ``Model.scores`` gives them.

    MLflow refuses what differs from a declared type: numbers read as text, integers with a gap. Raw tables are like
    that, and the pipeline takes them as they come. The kinds of the columns stand in the model's metadata. A column
    whose name was repaired may come under either name: both are optional here, and the model asks for one of them.
    """
    types = mlflow().types
    any_cell = types.schema.AnyType()
    outputs = [str(label) for label in model.classes] or ["prediction"]
    decided = [types.ColSpec("string", model.decision_column)] if model.decision_column is not None else []
    return mlflow().models.ModelSignature(
        inputs=types.Schema(
            [types.ColSpec(any_cell, name, required=name not in aliases.values()) for name in model.columns]
            + [types.ColSpec(any_cell, name, required=False) for name in aliases if name not in model.columns]
        ),
        outputs=types.Schema([types.ColSpec("double", name) for name in outputs] + decided),
    )


def requirements(model: Model) -> list[str]:
    """The packages that prediction needs, pinned to what is installed."""
    from workbench.pipelines import inner_model, packages_of

    members = getattr(inner_model(model.pipeline[-1]), "families", (model.family,))
    found = {package: version(package) for package in (*REQUIREMENTS, *packages_of(members))}
    return [f"{package}=={number}" for package, number in found.items() if number is not None]


def _code(scratch: Path) -> Path:
    """A copy of our package without what no model needs."""
    source = Path(__file__).resolve().parents[1]
    target = scratch / "code" / source.name

    def leave_out(folder: str, names: list[str]) -> set[str]:
        place = Path(folder)
        others = set(NOT_CARRIED) if place == source else set()
        return {
            name
            for name in names
            if name in others
            or not (name.endswith((".py", ".toml")) or (place / name).is_dir())
            or name == "__pycache__"
        }

    shutil.copytree(source, target, ignore=leave_out)
    return target


def _example(model: Model, table: Table) -> pd.DataFrame | None:
    """A few raw rows as JSON can hold them: dates as text, what is missing as nothing."""
    import pandas as pd

    head = table.frame.head(EXAMPLE_ROWS)
    if head.empty or any(name not in head.columns for name in model.columns):
        return None

    def plain(cell: Any) -> Any:
        if cell is None or pd.isna(cell):
            return None
        if isinstance(cell, datetime.datetime | datetime.date | pd.Period | pd.Interval):
            return str(cell)
        return cell.item() if hasattr(cell, "item") else cell

    columns = {name: [plain(cell) for cell in head[name].tolist()] for name in model.columns}
    return pd.DataFrame(columns, dtype=object)


def _params(model: Model) -> dict[str, str]:
    return params_of({"family": model.family, **model.params})


def _metadata(model: Model, table: Table) -> dict[str, Any]:
    known = {column.name: column for column in table.columns}
    used = [known[name] for name in model.columns if name in known]
    columns = [{"name": column.name, "kind": column.kind.value, "meaning": column.meaning} for column in used]
    return {
        "workbench": version("segment-workbench") or "",
        "task": model.task.value,
        "target": model.target,
        "family": model.family,
        "table": table.name,
        "fingerprint": table.fingerprint,
        # as text: mlflow writes its YAML several times, and slowly
        "columns": json.dumps(columns, ensure_ascii=False),
    }
