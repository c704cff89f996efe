"""A journey's result as a folder: `result.json` for what is small, Parquet and npy files for what is large.

The codec walks the dataclasses of ``workbench.contracts`` and knows nothing of any single one, except what is left
out: fields marked ``archive=False``, the fitted pipeline (it is in the logged model) and the purchase history.
Reading never runs code from the folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

    from workbench.contracts import JourneyResult

__all__ = ["load_parts", "load_result", "save_result"]


def save_result(result: JourneyResult, folder: Path) -> None:
    """Write a result into ``folder``, which is whole or not there at any moment.

    Raises:
        StoreError: the folder can't be written.
    """
    from workbench.tracking.archive.folder import save

    save(result, folder)


def load_result(folder: Path, pipeline: Callable[[str], Pipeline] | None = None) -> JourneyResult:
    """Read a result that ``save_result`` wrote.

    Args:
        folder: the archive.
        pipeline: loads the pipeline of the model in a field of the search (``champion`` or ``single``), called when
            it is first used; without it models can be looked at but not used.

    Raises:
        StoreError: there is no archive, it is damaged, or a newer workbench wrote it.
    """
    from workbench.tracking.archive.folder import load

    return load(folder, pipeline)


def load_parts(folder: Path, path: Sequence[str], wanted: Iterable[str]) -> dict[str, Any]:
    """Some fields of one object of an archive, each by itself: where one can't be read, the others still can.

    Args:
        path: names of the fields that lead to the object, such as ``("search",)``; empty for the result itself.
        wanted: names of its fields; what an older version did not write, or what is damaged, is not among the answer.

    Raises:
        StoreError: there is no archive, or a newer workbench wrote it.
    """
    from workbench.tracking.archive.folder import load_parts as load

    return load(folder, path, wanted)
