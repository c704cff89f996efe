"""Which families there are: the ``Family`` of every module in ``families/``, by place and then by name.

A new one is a file there and a TOML file in ``search_spaces/``: nothing else knows them by name.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Iterator, Sequence

from workbench.contracts.table import Task
from workbench.errors import InputError
from workbench.pipelines import families
from workbench.pipelines._base import Family


def _found() -> Iterator[Family]:
    for module in pkgutil.iter_modules(families.__path__, f"{families.__name__}."):
        for one in vars(importlib.import_module(module.name)).values():
            # what a module imports from its neighbours is theirs
            own = inspect.isclass(one) and one.__module__ == module.name
            if own and issubclass(one, Family) and not inspect.isabstract(one):
                yield one()


def ordered(kinds: Iterable[Family]) -> dict[str, Family]:
    """Families by name, in the order in which they are listed."""
    return {one.name: one for one in sorted(kinds, key=lambda one: (one.place, one.name))}


FAMILIES: dict[str, Family] = ordered(_found())


def family(name: str) -> Family:
    """The family called ``name``.

    Raises:
        InputError: there is none.
    """
    if name not in FAMILIES:
        known = ", ".join(key for key, kind in FAMILIES.items() if kind.searchable)
        raise InputError(f"There is no model family '{name}': choose from {known}.")
    return FAMILIES[name]


def families_for(task: Task, *, default: bool = False, quantile: bool = False) -> tuple[str, ...]:
    """Names of the families that can be searched for a task.

    Args:
        default: only those that are searched without being named.
        quantile: only those that can be fitted to a quantile.
    """
    return tuple(
        name
        for name, kind in FAMILIES.items()
        if task in kind.tasks and kind.searchable and (kind.default or not default) and (kind.quantiles or not quantile)
    )


def chosen_families(task: Task, wanted: Sequence[str] | None, *, quantile: bool = False) -> tuple[str, ...]:
    """Names of the families that a search is to try, in the order in which they were named.

    Args:
        wanted: ``None`` for those that are searched without being named.
        quantile: whether they must be fitted to a quantile.

    Raises:
        InputError: one isn't known, is not for the task or lacks its library, or none was named.
    """
    if wanted is None:
        return families_for(task, default=True, quantile=quantile)
    possible = families_for(task, quantile=quantile)
    what = "quantiles" if quantile else task.value
    chosen = tuple(dict.fromkeys(name.strip() for name in wanted if name.strip()))
    for name in chosen:
        if family(name).name not in possible:
            raise InputError(f"The family '{name}' can't be used for {what}: choose from {', '.join(possible)}.")
        if sentence := family(name).missing:
            raise InputError(sentence)
    if not chosen:
        raise InputError(f"No model family was named: choose from {', '.join(possible)}.")
    return chosen


def packages_of(names: Iterable[str]) -> tuple[str, ...]:
    """What these families need beside scikit-learn; names of no family, such as of a blend, need nothing."""
    return tuple(dict.fromkeys(package for name in names if name in FAMILIES for package in FAMILIES[name].requires))
