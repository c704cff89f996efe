"""Writing the report and the figures of the run that is looked at: methods ``report.*``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from workbench.atomic import write_text
from workbench.report import write, write_figures
from workbench.worker.dispatch import service
from workbench.worker.services.explanations import column_dependence, overview
from workbench.worker.session import Session


@service("report.write")
def write_report(session: Session, path: str) -> dict[str, str]:
    """Write the report; the ending says the format."""
    full = (session.folder / Path(path).expanduser()).resolve()
    write(session.shown(), full)
    return {"path": str(full)}


@service("report.figures")
def figures(session: Session, folder: str, column: str | None = None, output: int = 0) -> dict[str, Any]:
    """Write all drawings as SVG, and importance and a column's dependence as CSV."""
    place = (session.folder / Path(folder).expanduser()).resolve()
    written = [path.name for path in write_figures(session.shown(), place).values()]
    importance = overview(session, output)["importance"]
    heads = ("column", "importance", "low", "high", "share", "direction", "lever")
    write_text(place / "importance.csv", _csv(heads, ([row[key] for key in heads] for row in importance)))
    written.append("importance.csv")
    if column is not None:
        found = column_dependence(session, column, output)
        rows = found["points"] or [(level["level"], level["mean"]) for level in found["levels"]]
        write_text(place / "dependence.csv", _csv((column, "contribution"), rows))
        written.append("dependence.csv")
    return {"folder": str(place), "files": written}


def _csv(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A spreadsheet must not take a name for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in ([*heads], *rows):
        writer.writerow(
            [f"'{v}" if isinstance(v, str) and v.startswith(("=", "+", "-", "@", "\t")) else v for v in row]
        )
    return out.getvalue()
