"""What a journey needs of the outside, checked before a run is made; and what of it belongs on record."""

from __future__ import annotations

import shutil
from pathlib import Path

from workbench.atomic import write_bytes
from workbench.contracts import Table, Task
from workbench.errors import InputError, StoreError
from workbench.journey.settings import JourneySettings

_KEPT = "search_spaces"


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


def check_later_stages(settings: JourneySettings) -> None:
    """Tell a playbook or a number of segments that can't be used before the search. Raises ``InputError``."""
    if not settings.full:
        return
    from workbench.strategy import read_playbook

    read_playbook(settings.playbook)
    if settings.segments is not None:
        from workbench.segments.find import check_number

        check_number(settings.segments)


def spaces_of_run(settings: JourneySettings, folder: Path) -> str | None:
    """Where the search spaces of a run that is resumed are: as they were when its search began.

    Args:
        folder: of the run.
    """
    from workbench.search.trials.journal import begun

    kept = folder / _KEPT
    # copied whole before any search begins
    return str(kept) if settings.spaces is not None and begun(folder) and kept.is_dir() else settings.spaces


def keep_spaces(settings: JourneySettings, folder: Path) -> dict[str, Path]:
    """Copy the user's own search spaces and families as they are when the search begins; they may change meanwhile.

    Args:
        folder: of the run.

    Returns:
        the copies, by the name under which the run records them.

    Raises:
        StoreError: the folder can't be written.
        InputError: a file can't be read.
    """
    if settings.spaces is None:
        return {}
    from workbench.pipelines import FAMILIES
    from workbench.pipelines.own_families import adopted

    own = Path(settings.spaces)
    if own.resolve() != (folder / _KEPT).resolve():
        # what an earlier attempt left is not what this one begins with
        shutil.rmtree(folder / _KEPT, ignore_errors=True)
        try:
            (folder / _KEPT).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"Can't write {folder / _KEPT}: {error.strerror or error}.") from error
    kept = {}
    for name in (*(f"{name}.toml" for name in FAMILIES), *(f"{name}.py" for name in adopted())):
        if (own / name).is_file():
            kept[f"{_KEPT}/{name}"] = folder / _KEPT / name
            try:
                content = (own / name).read_bytes()
            except OSError as error:
                raise InputError(f"{own / name} can't be read: {error.strerror or error}.") from error
            write_bytes(kept[f"{_KEPT}/{name}"], content)
    return kept
