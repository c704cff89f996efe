"""The report's drawings as files of their own: for the run's artifacts, and for those who write slides."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workbench.atomic import write_bytes, write_text
from workbench.contracts import JourneyResult
from workbench.report.blocks import Figure
from workbench.report.figures.canvas import also_png


def write_figures(result: JourneyResult, folder: Path) -> dict[str, Path]:
    """Write every drawing of the report as SVG; paths by their name in the run, such as ``figures/importance.svg``."""
    from workbench.report.content import build_report

    written = {}
    for section in build_report(result).sections:
        for block in section.blocks:
            if isinstance(block, Figure):
                path = folder / f"{block.name}.svg"
                write_text(path, block.svg)
                written[f"figures/{path.name}"] = path
    return written


def write_pictures(result: JourneyResult, folder: Path, only: Sequence[str] = ()) -> list[Path]:
    """Write the drawings of some sections as SVG and as PNG.

    Args:
        only: names of the report's sections; empty for all.
    """
    from workbench.report.content import build_sections

    with also_png() as images:
        sections = build_sections(result, only)
    written = []
    for block in (block for section in sections for block in section.blocks if isinstance(block, Figure)):
        written += [folder / f"{block.name}.svg", folder / f"{block.name}.png"]
        write_text(written[-2], block.svg)
        write_bytes(written[-1], images[block.name])
    return written
