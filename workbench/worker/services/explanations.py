"""Importance, one customer, dependence: methods ``explain.*``, of the model of the run that is looked at.

Each takes ``model``: the run's explainable champion, or the champion itself where that is a blend (``explain.model``).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.contracts import Explanation, JourneyResult, Model, Task
from workbench.errors import InputError
from workbench.explain import cell_text, explain_rows, importance_table, waterfall
from workbench.explain.columns import read_column
from workbench.explain.overall.dependence import binned
from workbench.worker.chosen import EXPLAINED, Chosen, chosen_model, models_of
from workbench.worker.dispatch import service
from workbench.worker.growing import wanted
from workbench.worker.plain import plain
from workbench.worker.session import Session
from workbench.worker.views import CustomerView, DependenceView, ExplanationView

STEPS = 10
POINTS = 1500
"""Points of a dependence that are drawn: a terminal shows no more."""
SUM_TOLERANCE = 1e-6
"""Relative to the largest output: contributions of a customer that miss their sum by more don't add up."""


@service("explain.overview")
def overview(session: Session, output: int = 0, model: str = EXPLAINED) -> ExplanationView:
    """Global importance, checks and words."""
    shown = chosen_model(session, model)
    result, explanation = shown.result, shown.explanation
    return {
        "run": result.name,
        "model": shown.which,
        "family": shown.model.family,
        "models": models_of(result),
        "growing": wanted(session, shown.which),
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
def customer(
    session: Session,
    index: int = 0,
    id: str | None = None,
    row: int | None = None,
    output: int = 0,
    model: str = EXPLAINED,
) -> CustomerView:
    """One customer's way from the average to the output, by place among the explained ones, by id or by row.

    A customer that was not among the explained sample is explained now.
    """
    asked = chosen_model(session, model)
    result, shown = asked.result, asked.explanation
    if id is not None:
        row = _find(result, id)
    if row is None:
        position = index = int(index) % len(shown.rows)
        row = int(shown.rows[position])
    elif not 0 <= row < len(result.table.frame):
        raise InputError(f"There is no row {row} in {result.table.name}.")
    else:
        among = np.flatnonzero(shown.rows == row)
        if among.size:
            position = index = int(among[0])
        else:
            position, shown = 0, _explain_row(session, asked, row)
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
        "prediction": _prediction(result, asked.model, row, output),
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


def _explain_row(session: Session, asked: Chosen, row: int) -> Explanation:
    # by the explanation too: one that has grown may measure from other rows
    key = f"row {row} in {id(asked.explanation)}"
    if key not in session.cache:
        session.cache[key] = explain_rows(asked.model, asked.result.table.frame.iloc[[row]], asked.explanation)
    found: Explanation = session.cache[key]
    return found


def _prediction(result: JourneyResult, model: Model, row: int, output: int) -> str:
    """What the model predicts, in the words of the task: a number, or a class' probability."""
    predicted = model.predict(result.table.frame.iloc[[row]])
    figures = predicted.to_numpy(dtype=float)[0]
    if result.table.task is Task.REGRESSION:
        return f"{figures[0]:,.4g} {result.table.target}"
    place = output if len(figures) > 2 else 1
    return f"{predicted.columns[place]}: {figures[place]:.1%}"


@service("explain.dependence")
def column_dependence(session: Session, column: str, output: int = 0, model: str = EXPLAINED) -> DependenceView:
    """A column's values against its contributions."""
    explanation = chosen_model(session, model).explanation
    if column not in explanation.columns:
        raise InputError(f"The model uses no column '{column}'.")
    # not by `dependence`, which also looks for the column that this one varies with: that takes ten times as long
    reading = read_column(explanation.data[column])
    contribution = explanation.values[:, explanation.columns.index(column), output]
    points: list[tuple[float, float]] = []
    if reading.ordered:
        present = np.flatnonzero(np.isfinite(reading.values) & np.isfinite(contribution))
        shown = present[np.unique(np.linspace(0, len(present) - 1, min(POINTS, len(present))).astype(int))]
        points = [(float(reading.values[at]), float(contribution[at])) for at in shown]
    levels = [
        {"level": str(row["label"]), "mean": plain(row["contribution"]), "rows": plain(row["rows"])}
        for row in binned(reading, contribution).to_dict("records")
    ]
    return {
        "column": column,
        "numeric": bool(points),
        "points": points,
        "levels": levels,
        "unit": explanation.output_space,
    }
