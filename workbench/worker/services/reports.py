"""Writing the report and the figures of the run that is looked at: methods ``report.*``."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench.atomic import write_text
from workbench.contracts import JourneyResult
from workbench.errors import InputError
from workbench.report import write, write_pictures
from workbench.worker.chosen import EXPLAINED, chosen_model
from workbench.worker.decided import recall_decisions
from workbench.worker.dispatch import of_run
from workbench.worker.services.effects import effect
from workbench.worker.services.explanations import column_dependence, overview
from workbench.worker.services.pairs import pairs
from workbench.worker.services.pictures import quality_view, swarms
from workbench.worker.services.segment_map import map_view
from workbench.worker.shown import Shown


@of_run("report.write")
def write_report(shown: Shown, path: str) -> dict[str, str]:
    """Write the report; the ending says the format."""
    full = (shown.folder / Path(path).expanduser()).resolve()
    recall_decisions(shown)
    write(shown.result, full)
    return {"path": str(full)}


@of_run("report.figures")
def figures(
    shown: Shown, folder: str, column: str | None = None, output: int = 0, model: str = EXPLAINED
) -> dict[str, Any]:
    """Write the drawings of model and explanation as SVG and PNG, and what the screen draws as CSV."""
    explained = replace(shown.result, explanation=chosen_model(shown, model).explanation)
    return _write(shown, explained, folder, ("models", "explanation"), _explained(shown, column, output, model))


@of_run("report.segment_figures")
def segment_figures(shown: Shown, folder: str, index: int) -> dict[str, Any]:
    """Write the drawings of segments and gaps as SVG and PNG, and the map as CSV."""
    recall_decisions(shown)
    result = shown.result
    return _write(shown, result, folder, ("segments", "gaps"), _mapped(result, index))


Sheet = tuple[str, Sequence[str], Iterable[Sequence[Any]]]
"""Name, headings and rows of a CSV file."""


def _write(
    shown: Shown, result: JourneyResult, folder: str, sections: Sequence[str], sheets: Iterable[Sheet]
) -> dict[str, Any]:
    place = (shown.folder / Path(folder).expanduser()).resolve()
    written = [path.name for path in write_pictures(result, place, sections)]
    for name, heads, rows in sheets:
        write_text(place / name, _csv(heads, rows))
        written.append(name)
    return {"folder": str(place), "files": written}


def _explained(shown: Shown, column: str | None, output: int, model: str) -> Iterator[Sheet]:
    heads = ("column", "importance", "low", "high", "share", "direction", "lever")
    explained = overview(shown, output, model)["importance"]
    yield "importance.csv", heads, [[row[key] for key in heads] for row in explained]
    points = [
        (swarm["column"], contribution, rank)
        for swarm in swarms(shown, output, model)["columns"]
        for contribution, rank in swarm["points"]
    ]
    yield "beeswarm.csv", ("column", "contribution", "rank_of_value"), points
    yield _sheet("pairs.csv", ("first", "second", "strength", "low", "high", "share"), pairs(shown, model)["pairs"])
    if column is not None:
        found = column_dependence(shown, column, output, model)
        rows = found["points"] or [(level["level"], level["mean"]) for level in found["levels"]]
        yield "dependence.csv", (column, "contribution"), rows
        with contextlib.suppress(InputError):  # a column without any value has no effect to write
            keys = ("label", "effect", "low", "high", "spread_low", "spread_high", "support")
            yield _sheet("effect.csv", keys, effect(shown, column, output, model)["points"])
    if (quality := quality_view(shown.result, output)) is not None:
        figures = ("rows", "predicted", "actual", "low", "high")
        yield "model-quality.csv", figures, [[one[key] for key in figures] for one in quality["bins"]]


def _sheet(name: str, keys: Sequence[str], rows: Iterable[dict[str, Any]]) -> Sheet:
    return name, keys, [[row[key] for key in keys] for row in rows]


def _mapped(result: JourneyResult, index: int) -> Iterator[Sheet]:
    found = map_view(result, index)
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
