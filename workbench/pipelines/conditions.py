"""What a search space may make its parameters and starts depend on: what target and table look like, and the metric."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.pipelines.spaces import SearchSpace

CONDITIONS = {
    "skewed": "a regression target with a long tail, which a scale takes away",
    "amounts": "a regression target with a long tail and nothing below zero",
    "squared": "means are asked for: the metric is made of squared errors",
    "absolute": "medians are asked for: the metric is made of absolute errors",
    "compact": "a regression on a table of which every fit may hold copies",
}
"""The words of ``when``, and what they mean."""


def under(space: SearchSpace, conditions: Collection[str]) -> SearchSpace:
    """The space as it is where these conditions hold.

    Parameters and starts of other conditions are left out. A start that says nothing of a conditional parameter gets
    its default: it means the same with and without the condition. Where a parameter is given for several conditions
    that hold, the first is taken.
    """
    held = [one for one in space.parameters if set(one.when) <= set(conditions)]
    parameters = tuple(
        one
        for place, one in enumerate(held)
        if not any(other.name == one.name and other.tasks & one.tasks for other in held[:place])
    )
    starts = []
    for start in space.starts:
        if not set(start.when) <= set(conditions):
            continue
        defaults = {
            one.name: one.default
            for one in parameters
            if one.default is not None and start.tasks & one.tasks and one.name not in start.params
        }
        named = any(one.default is not None and one.name in start.params for one in parameters)
        left_open = frozenset() if named else frozenset(defaults)
        starts.append(replace(start, params={**start.params, **defaults}, open=left_open))
    return replace(space, parameters=parameters, starts=tuple(starts))
