"""What a search needs of the outside, checked before a run is made; and what of it belongs on record."""

from __future__ import annotations

from pathlib import Path

from workbench.contracts import Table, Task
from workbench.journey.settings import JourneySettings


def check_families(table: Table, settings: JourneySettings) -> None:
    """Tell families, search spaces and a cluster that can't be used before a run is made.

    Raises:
        InputError: one of them can't.
    """
    from workbench.pipelines import chosen_families, packages_of, read_space
    from workbench.pipelines.own_families import adopt

    spaces = Path(settings.spaces) if settings.spaces else None
    adopt(spaces if settings.own_families else None)
    if spaces is not None:
        read_space("clustering", spaces)
    if table.task is Task.SEGMENTS:
        return
    families = chosen_families(table.task, settings.families)
    for name in families if spaces is not None else ():
        read_space(name, spaces)
    if settings.cluster is not None:
        from workbench.search.executors.connection import check_cluster

        check_cluster(settings.cluster, packages_of(families))


def space_files(settings: JourneySettings) -> dict[str, Path]:
    """The user's own search spaces and families, by the name under which a run keeps them."""
    if settings.spaces is None:
        return {}
    from workbench.pipelines import FAMILIES
    from workbench.pipelines.own_families import adopted

    folder = Path(settings.spaces)
    names = [*(f"{name}.toml" for name in FAMILIES), *(f"{name}.py" for name in adopted())]
    return {f"search_spaces/{name}": folder / name for name in names if (folder / name).is_file()}
