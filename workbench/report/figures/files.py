"""The report's drawings as files of their own, for the run's artifacts."""

from __future__ import annotations

from pathlib import Path

from workbench.atomic import write_text
from workbench.contracts import JourneyResult
from workbench.report.blocks import Figure


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
