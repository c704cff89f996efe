"""Writing the report and the figures of the run that is looked at: methods ``report.*``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from workbench.atomic import write_text
from workbench.report import write, write_pictures
from workbench.worker.dispatch import service
from workbench.worker.services.explanations import column_dependence, overview
from workbench.worker.services.pictures import quality_view, swarms
from workbench.worker.services.segment_map import map_view
from workbench.worker.session import Session


@service("report.write")
def write_report(session: Session, path: str) -> dict[str, str]:
    """Write the report; the ending says the format."""
    full = (session.folder / Path(path).expanduser()).resolve()
    write(session.shown(), full)
    return {"path": str(full)}


@service("report.figures")
def figures(session: Session, folder: str, column: str | None = None, output: int = 0) -> dict[str, Any]:
    """Write the drawings of model and explanation as SVG and PNG, and what the screen draws as CSV."""
    return _write(session, folder, ("models", "explanation"), _explained(session, column, output))


@service("report.segment_figures")
def segment_figures(session: Session, folder: str, index: int) -> dict[str, Any]:
    """Write the drawings of segments and gaps as SVG and PNG, and the map as CSV."""
    return _write(session, folder, ("segments", "gaps"), _mapped(session, index))


Sheet = tuple[str, Sequence[str], Iterable[Sequence[Any]]]
"""Name, headings and rows of a CSV file."""


def _write(session: Session, folder: str, sections: Sequence[str], sheets: Iterable[Sheet]) -> dict[str, Any]:
    place = (session.folder / Path(folder).expanduser()).resolve()
    written = [path.name for path in write_pictures(session.shown(), place, sections)]
    for name, heads, rows in sheets:
        write_text(place / name, _csv(heads, rows))
        written.append(name)
    return {"folder": str(place), "files": written}


def _explained(session: Session, column: str | None, output: int) -> Iterator[Sheet]:
    heads = ("column", "importance", "low", "high", "share", "direction", "lever")
    yield "importance.csv", heads, [[row[key] for key in heads] for row in overview(session, output)["importance"]]
    points = [
        (swarm["column"], contribution, rank)
        for swarm in swarms(session, output)["columns"]
        for contribution, rank in swarm["points"]
    ]
    yield "beeswarm.csv", ("column", "contribution", "rank_of_value"), points
    if column is not None:
        found = column_dependence(session, column, output)
        rows = found["points"] or [(level["level"], level["mean"]) for level in found["levels"]]
        yield "dependence.csv", (column, "contribution"), rows
    if (quality := quality_view(session, output)) is not None:
        figures = ("rows", "predicted", "actual", "low", "high")
        yield "model-quality.csv", figures, [[one[key] for key in figures] for one in quality["bins"]]


def _mapped(session: Session, index: int) -> Iterator[Sheet]:
    found = map_view(session, index)
    if found is not None:
        yield "map.csv", ("across", "up", "segment"), found["points"]
        heads = ("id", "name", "size", "x", "y", "spread", "nearest")
        yield "map-segments.csv", heads, [[one[key] for key in heads] for one in found["segments"]]


def _csv(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A spreadsheet must not take a name for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in ([*heads], *rows):
        writer.writerow(
            [f"'{v}" if isinstance(v, str) and v.startswith(("=", "+", "-", "@", "\t")) else v for v in row]
        )
    return out.getvalue()
