"""What a run was made with: package versions, Python and platform."""

from __future__ import annotations

import platform
from importlib import metadata

PACKAGES = (
    "segment-workbench",
    "duckdb",
    "mlflow",
    "numba",
    "numpy",
    "optuna",
    "pandas",
    "pyarrow",
    "scikit-learn",
    "scipy",
    "shap",
)
"""Packages whose version can change a figure, beside those of the model families."""


def version(package: str) -> str | None:
    """The installed version, ``None`` where the package is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def environment() -> dict[str, str]:
    """Versions by package name, and ``python`` and ``platform``; packages that are not installed are left out."""
    from workbench.pipelines import FAMILIES, packages_of

    found = {package: version(package) for package in (*PACKAGES, *packages_of(FAMILIES))}
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        **{package: number for package, number in found.items() if number is not None},
    }
