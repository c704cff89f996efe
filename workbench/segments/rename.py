"""Another name for a segment."""

from __future__ import annotations

from dataclasses import replace

from workbench.contracts import Segmentation
from workbench.errors import InputError
from workbench.segments.figures import shown

LONGEST_NAME = 80


def rename(segmentation: Segmentation, id: int, name: str) -> Segmentation:
    """The same segmentation with one segment called otherwise.

    Raises:
        InputError: no such segment, an empty name, or a name that another segment has.
    """
    new = shown(name, LONGEST_NAME)
    if not new:
        raise InputError("A segment needs a name; write at least one letter.")
    if all(segment.id != id for segment in segmentation.segments):
        raise InputError(f"There is no segment {id}; choose one of 0 to {len(segmentation.segments) - 1}.")
    if any(segment.id != id and segment.name.casefold() == new.casefold() for segment in segmentation.segments):
        raise InputError(f"Another segment is called '{new}' already; choose a different name.")
    return replace(
        segmentation,
        segments=tuple(
            replace(segment, name=new) if segment.id == id else segment for segment in segmentation.segments
        ),
    )
