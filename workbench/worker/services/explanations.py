"""Importance, one customer, dependence: methods ``explain.*``, from the explanation of the run that is looked at."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.contracts import Explanation, JourneyResult, Task
from workbench.errors import InputError
from workbench.explain import cell_text, dependence, explain_rows, importance_table, waterfall
from workbench.worker.dispatch import service
from workbench.worker.plain import plain
from workbench.worker.session import Session
from workbench.worker.views import CustomerView, DependenceView, ExplanationView

STEPS = 10
POINTS = 1500
"""Points of a dependence that are drawn: a terminal shows no more."""
SUM_TOLERANCE = 1e-6
"""Relative to the largest output: contributions of a customer that miss their sum by more don't add up."""


def open_explanation(session: Session) -> tuple[JourneyResult, Explanation]:
    """The run that is looked at, and its explanation. Raises ``InputError`` where it holds none."""
    result = session.shown()
    if result.explanation is None:
        raise InputError(f"{result.name} holds no explanation: it had no target, or its budget ended before.")
    return result, result.explanation


@service("explain.overview")
def overview(session: Session, output: int = 0) -> ExplanationView:
    """Global importance, checks and words."""
    result, explanation = open_explanation(session)
    return {
        "run": result.name,
        "outputs": list(explanation.outputs),
        "output_space": explanation.output_space,
        "rows": len(explanation.rows),
        "total_rows": explanation.total_rows,
        "method": explanation.method,
        "importance": importance_of(explanation, output),
        "checks": [plain(vars(check)) for check in explanation.checks],
        "words": list(explanation.words),
        "customers": len(explanation.rows),
        "has_id": result.table.id_column is not None,
    }


def importance_of(explanation: Explanation, output: int) -> list[dict[str, Any]]:
    """Of all classes together as the contract has it; of one class where there are several and one is asked for."""
    table = explanation.importance
    if len(explanation.outputs) > 1:
        levers = dict(zip(table["column"], table["lever"].astype("str"), strict=True))
        table = importance_table(explanation.values, explanation.data, levers, output=output)
    keys = ("column", "importance", "low", "high", "share", "direction", "lever")
    return [
        {key: plain(row.get(key)) for key in keys}
        for row in table.assign(lever=table["lever"].astype("str")).to_dict("records")
    ]


@service("explain.customer")
def customer(session: Session, index: int = 0, id: str | None = None, output: int = 0) -> CustomerView:
    """One customer's way from the average to the output, by place among the explained ones or by id.

    A customer that was not among the explained sample is explained now.
    """
    result, explanation = open_explanation(session)
    if id is None:
        position, shown = int(index) % len(explanation.rows), explanation
        row = int(explanation.rows[position])
    else:
        row = _find(result, id)
        among = np.flatnonzero(explanation.rows == row)
        if among.size:
            position, index, shown = int(among[0]), int(among[0]), explanation
        else:
            position, shown = 0, _explain_row(session, result, explanation, row)
    fall = waterfall(shown, position, output, STEPS)
    steps: list[dict[str, Any]] = [
        {"column": step.column, "value": step.value, "contribution": plain(step.contribution)} for step in fall.steps
    ]
    if fall.rest_columns:
        steps.append({"column": f"{fall.rest_columns} others", "value": None, "contribution": plain(fall.rest)})
    total = fall.base + sum(step.contribution for step in fall.steps) + fall.rest
    return {
        "index": int(index),
        "row": row,
        "id": cell_text(result.table.ids().iloc[row]),
        "output": fall.output_space if result.table.task is Task.REGRESSION else f"{fall.output}, {fall.output_space}",
        "base": plain(fall.base),
        "margin": plain(fall.total),
        "prediction": _prediction(result, row, output),
        "steps": steps,
        "adds_up": bool(abs(total - fall.total) <= SUM_TOLERANCE * max(1.0, abs(fall.total))),
    }


def _find(result: JourneyResult, wanted: str) -> int:
    table = result.table
    if table.id_column is None:
        # as the screen and the command line call them
        if not wanted.strip().isdecimal() or int(wanted) >= len(table.frame):
            raise InputError(f"'{wanted}' is not a row of this table: it has rows 0 to {len(table.frame) - 1:,}.")
        return int(wanted)
    ids = table.ids().map(cell_text)
    found = np.flatnonzero(ids.to_numpy() == wanted.strip())
    if not found.size:
        raise InputError(f"There is no customer '{wanted}' in {table.id_column}.")
    return int(found[0])


def _explain_row(session: Session, result: JourneyResult, explanation: Explanation, row: int) -> Explanation:
    assert result.search is not None
    key = f"row-{row}"
    if key not in session.cache:
        session.cache[key] = explain_rows(result.search.explained, result.table.frame.iloc[[row]], explanation)
    found: Explanation = session.cache[key]
    return found


def _prediction(result: JourneyResult, row: int, output: int) -> str:
    """What the model predicts, in the words of the task: a number, or a class' probability."""
    assert result.search is not None
    predicted = result.search.explained.predict(result.table.frame.iloc[[row]])
    figures = predicted.to_numpy(dtype=float)[0]
    if result.table.task is Task.REGRESSION:
        return f"{figures[0]:,.4g} {result.table.target}"
    place = output if len(figures) > 2 else 1
    return f"{predicted.columns[place]}: {figures[place]:.1%}"


@service("explain.dependence")
def column_dependence(session: Session, column: str, output: int = 0) -> DependenceView:
    """A column's values against its contributions."""
    _, explanation = open_explanation(session)
    found = dependence(explanation, column, output)
    numeric = found.kind != "category"
    points: list[tuple[float, float]] = []
    if numeric:
        present = np.flatnonzero(np.isfinite(found.x) & np.isfinite(found.contribution))
        chosen = present[np.unique(np.linspace(0, len(present) - 1, min(POINTS, len(present))).astype(int))]
        points = [(float(found.x[at]), float(found.contribution[at])) for at in chosen]
    levels = [
        {"level": str(row["label"]), "mean": plain(row["contribution"]), "rows": plain(row["rows"])}
        for row in found.bins.to_dict("records")
    ]
    return {
        "column": column,
        "numeric": numeric and bool(points),
        "points": points,
        "levels": levels,
        "unit": explanation.output_space,
    }
