"""Which families there are. A new one: its file, its line here, its TOML file in ``search_spaces/``."""

from __future__ import annotations

from workbench.contracts.table import Task
from workbench.errors import InputError
from workbench.pipelines._base import Family
from workbench.pipelines.baseline import Baseline
from workbench.pipelines.clustering import Clustering
from workbench.pipelines.lightgbm import LightGBM
from workbench.pipelines.linear import Linear
from workbench.pipelines.random_forest import RandomForest

FAMILIES: dict[str, Family] = {
    family.name: family for family in (Baseline(), Linear(), RandomForest(), LightGBM(), Clustering())
}


def family(name: str) -> Family:
    """The family called ``name``.

    Raises:
        InputError: there is none.
    """
    if name not in FAMILIES:
        known = ", ".join(key for key in FAMILIES if key != Baseline.name)
        raise InputError(f"There is no model family '{name}': choose from {known}.")
    return FAMILIES[name]


def families_for(task: Task) -> tuple[str, ...]:
    """Names of the families that can be searched for a task."""
    return tuple(name for name, kind in FAMILIES.items() if task in kind.tasks and name != Baseline.name)
