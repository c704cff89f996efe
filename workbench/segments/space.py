"""What a clustering study may vary, and where it begins: ``search_spaces/clustering.toml`` as recipes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import optuna

from workbench.contracts import Task
from workbench.errors import InputError
from workbench.pipelines.families.clustering import ALGORITHMS
from workbench.pipelines.spaces import Parameter, read_space
from workbench.segments.recipe import Recipe

SCALINGS = ("standard", "quantile", "power")
_ALLOWED: dict[str, tuple[str, ...]] = {"algorithm": ALGORITHMS, "scaling": SCALINGS}
_DEFAULTS: dict[str, object] = {"algorithm": "kmeans", "clusters": 5, "scaling": "power", "reduce": 1.0}
_MOST = 10_000


@dataclass(frozen=True)
class Space:
    """The choices of a study.

    Attributes:
        parameters: what the sampler chooses.
        fixed: what is told to every recipe.
        starts: parameters of the portfolio, tried first and in this order.
    """

    parameters: tuple[Parameter, ...]
    fixed: Mapping[str, object]
    starts: tuple[Mapping[str, object], ...]

    @property
    def size(self) -> int:
        """How many different recipes there are; 10,000 stands for any more."""
        return min(_MOST, math.prod(_count(parameter) for parameter in self.parameters))

    def suggest(self, trial: optuna.Trial) -> Recipe:
        """A recipe: enqueued, or chosen by the sampler."""
        params = _DEFAULTS | dict(self.fixed)
        for one in self.parameters:
            if one.type == "choice":
                params[one.name] = trial.suggest_categorical(one.name, list(one.choices))
            elif one.type == "int":
                params[one.name] = trial.suggest_int(one.name, int(one.low), int(one.high), log=one.log)
            else:
                params[one.name] = trial.suggest_float(one.name, one.low, one.high, log=one.log)
        return Recipe(
            algorithm=str(params["algorithm"]),
            clusters=int(str(params["clusters"])),
            scaling=str(params["scaling"]),
            reduce=float(str(params["reduce"])),
        )

    def with_clusters(self, clusters: int) -> Space:
        """The same space with the number of clusters given."""
        starts = [{name: value for name, value in start.items() if name != "clusters"} for start in self.starts]
        different = tuple(start for place, start in enumerate(starts) if start not in starts[:place])
        parameters = tuple(one for one in self.parameters if one.name != "clusters")
        return Space(parameters, dict(self.fixed) | {"clusters": clusters}, different)


def clustering_space(folder: Path | None, rows: int) -> Space:
    """The search space of the clustering family.

    Args:
        folder: where to look before the files that come with the program.
        rows: of the table; some starts are meant for small or large tables only.

    Raises:
        InputError: the file is not valid, or varies what clustering doesn't know.
    """
    space = read_space("clustering", folder)
    for parameter in space.parameters:
        if parameter.name not in _DEFAULTS:
            known = ", ".join(_DEFAULTS)
            raise InputError(f"{space.source}: '{parameter.name}' can't be varied; clustering knows {known}.")
        values = (parameter.value,) if parameter.type == "fixed" else parameter.choices
        for value in values if parameter.name in _ALLOWED else ():
            if value not in _ALLOWED[parameter.name]:
                known = ", ".join(_ALLOWED[parameter.name])
                raise InputError(f"{space.source}: '{parameter.name}' is {value!r}; allowed is one of {known}.")
    searched = space.searched(Task.SEGMENTS)
    names = {parameter.name for parameter in searched}
    starts = tuple(
        {name: value for name, value in start.params.items() if name in names}
        for start in space.portfolio(Task.SEGMENTS, rows)
    )
    return Space(searched, space.fixed(Task.SEGMENTS), starts)


def _count(parameter: Parameter) -> int:
    if parameter.type == "choice":
        return len(parameter.choices)
    return int(parameter.high - parameter.low) + 1 if parameter.type == "int" else _MOST
