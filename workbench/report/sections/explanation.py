"""Explanation: what the champion looks at, for all customers and for one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.contracts import Explanation, SearchResult
from workbench.explain import importance_table, waterfall
from workbench.report.blocks import Block, Bullets, Figure, Grid, Paragraph, Section
from workbench.report.figures import beeswarm_figure, dependence_figures, importance_figure, waterfall_figure
from workbench.report.numbers import FEWEST, count, figure, percent, span
from workbench.report.text import short

TOP = 12
MOST_OUTPUTS = 4
TOP_OF_OUTPUT = 5
_LEVERS = {"controllable": "yes", "partly": "in part", "fixed": "no", "unknown": "not said"}


def explanation_section(explanation: Explanation | None, search: SearchResult | None) -> Section | None:
    """Importance, beeswarm, dependence, one customer, and the checks; ``None`` without an explanation."""
    if explanation is None:
        return None
    blocks: list[Block] = [Bullets(tuple(short(text, 400) for text in explanation.words))] if explanation.words else []
    blocks.append(
        Paragraph(
            f"Explained {count(len(explanation.rows))} of {count(explanation.total_rows)} customers, in "
            f"{short(explanation.output_space)}. {_sentence(explanation.method)}.{_of_which(search)}",
            "note",
        )
    )
    moves = bool(len(explanation.rows)) and float(np.abs(explanation.values).sum()) > 0
    if moves:
        blocks += _figures(explanation)
        blocks.append(_importance(explanation))
        if len(explanation.outputs) > 1:
            blocks.append(_by_output(explanation))
    else:
        blocks.append(Paragraph("No column moves any prediction: this model gives everybody the same answer."))
    checks = tuple(
        ("passed" if check.passed else "FAILED", check.name, f"{check.value:.2g}", f"{check.limit:.2g}", check.message)
        for check in explanation.checks
    )
    if checks:
        failed = any(not check.passed for check in explanation.checks)
        caption = "Checks on every explained row" + (": at least one failed" if failed else ", all passed")
        headings = ("", "check", "value", "limit", "meaning")
        blocks.append(Grid(headings, checks, caption, right=(2, 3), wide=(4,), collapsed=not failed))
    return Section("explanation", "Explanation", tuple(blocks))


def _figures(explanation: Explanation) -> list[Figure]:
    outputs = len(explanation.outputs)
    swarms = [beeswarm_figure(explanation, output) for output in range(min(outputs, MOST_OUTPUTS))]
    position = _typical(explanation)
    output = int(explanation.margin[position].argmax()) if outputs > 1 else 0
    one = waterfall_figure(waterfall(explanation, position, output), _shared(explanation, position))
    about = ", over all classes" if outputs > 1 else ""
    return [importance_figure(explanation, about=about), *swarms, *dependence_figures(explanation), one]


def _importance(explanation: Explanation) -> Grid:
    rows = tuple(
        (short(str(row["column"]), 80), figure(row["importance"]), span(row["low"], row["high"]),
         percent(row["share"]), _direction(row["direction"]), _LEVERS.get(str(row["lever"]), str(row["lever"])))
        for row in explanation.importance.head(TOP).to_dict("records")
    )  # fmt: skip
    headings = ("column", "mean |SHAP|", "95 % interval", "share", "goes with", "can be changed")
    return Grid(
        headings, rows, f"Importance, in {short(explanation.output_space)}", right=(1, 3),
        note="Goes with: what higher values of the column go with in the prediction; association, not cause. "
        "Can be changed: by the business, as far as the roles of the columns say.",
    )  # fmt: skip


def _by_output(explanation: Explanation) -> Grid:
    """For each class the columns that move its prediction most."""
    levers = dict(zip(explanation.importance["column"], explanation.importance["lever"], strict=True))
    rows: list[tuple[str, ...]] = []
    for output, name in enumerate(explanation.outputs):
        table = importance_table(explanation.values, explanation.data, levers, output=output)
        for number, row in enumerate(table.head(TOP_OF_OUTPUT).to_dict("records")):
            rows.append(
                (short(name, 60) if number == 0 else "", short(str(row["column"]), 80), figure(row["importance"]),
                 span(row["low"], row["high"]), percent(row["share"]), _direction(row["direction"]))
            )  # fmt: skip
    headings = ("class", "column", "mean |SHAP|", "95 % interval", "share", "goes with")
    caption = f"Importance for each of the {len(explanation.outputs)} classes"
    return Grid(headings, tuple(rows), caption, right=(2, 4), collapsed=len(rows) > 4 * TOP_OF_OUTPUT)


def _sentence(text: str) -> str:
    line = short(text, 400).rstrip(".")
    return line[:1].upper() + line[1:]


def _typical(explanation: Explanation) -> int:
    """Position of the explained customer in the middle of the predictions: an example that singles nobody out."""
    order = np.argsort(explanation.margin[:, 0], kind="stable")
    return int(order[len(order) // 2])


def _shared(explanation: Explanation, position: int) -> frozenset[str]:
    """Columns whose value at this row may be shown: numbers (rounded), and cells that enough other rows hold too."""
    shown = set()
    for place, name in enumerate(explanation.columns):
        column = explanation.data.iloc[:, place]
        number = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
        cells = column.astype(str)
        if number or int((cells == cells.iloc[position]).sum()) >= FEWEST:
            shown.add(name)
    return frozenset(shown)


def _direction(value: object) -> str:
    if not isinstance(value, float) or not np.isfinite(value):
        return "differs by level"
    if abs(value) < 0.3:
        return "no one direction"
    return "higher" if value > 0 else "lower"


def _of_which(search: SearchResult | None) -> str:
    """That it is not the champion which is explained, where that is an ensemble."""
    if search is None or search.single is None:
        return ""
    return f" This is the explainable champion ({search.single.family}); the predictions are the ensemble's."
