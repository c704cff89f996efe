"""Searches for a quantile: what the families are told, and the loss that is lowest at one."""

from __future__ import annotations

from dataclasses import replace

from workbench.contracts.table import Task
from workbench.pipelines.spaces import Parameter, SearchSpace

PARAMETER = "quantile"
_PREFIX = "pinball@"


def quantile_of(metric: str) -> float | None:
    """The quantile that a metric such as ``pinball@0.9`` asks for; ``None`` for all others, and for what is none."""
    if not metric.startswith(_PREFIX):
        return None
    try:
        value = float(metric.removeprefix(_PREFIX))
    except ValueError:
        return None
    return value if 0.0 < value < 1.0 else None


def for_quantile(space: SearchSpace, quantile: float | None) -> SearchSpace:
    """The space with the quantile as a fixed parameter; unchanged without one."""
    if quantile is None:
        return space
    told = Parameter(PARAMETER, "fixed", frozenset({Task.REGRESSION}), value=quantile)
    return replace(space, parameters=(*space.parameters, told))
