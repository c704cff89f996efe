"""Which families a search tries, and what is said of those that it leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from workbench.contracts import Task
from workbench.events import Events
from workbench.pipelines import FAMILIES, chosen_families, families_for, family
from workbench.pipelines.own_families import own_in


def searched_families(
    task: Task, wanted: Sequence[str] | None, spaces: Path | None, events: Events, *, quantile: bool
) -> tuple[str, ...]:
    """Names of the families to search; notices tell of those that someone might miss.

    Args:
        wanted: ``None`` for those that are searched without being named.
        spaces: folder of the user's own search spaces and families.
        quantile: whether they must be fitted to a quantile.

    Raises:
        InputError: one isn't known, is not for the task or lacks its library, or none was named.
    """
    unable = [name for name in families_for(task, default=True) if not family(name).quantiles] if quantile else []
    if unable and wanted is None:
        titles = ", ".join(family(name).title for name in unable)
        events.notice("search", f"Left out, as they learn means and no quantiles: {titles}.")
    names = chosen_families(task, wanted, quantile=quantile)
    for sentence in _own_left_out(names, spaces) if spaces is not None else ():
        events.notice("search", sentence)
    return names


def _own_left_out(names: Sequence[str], spaces: Path) -> Iterator[str]:
    for name in own_in(spaces):
        if name not in FAMILIES:
            yield (
                f"The family '{name}' is left out: code in {spaces} only runs where the command line names that "
                "folder, as in `workbench run … --search-spaces FOLDER`."
            )
        elif name not in names:
            yield (
                f"The family '{name}' of {spaces} is not searched: name it with --families, or set `default = True` "
                "in its class."
            )
