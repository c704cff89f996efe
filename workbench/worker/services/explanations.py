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
from workbench.explain.overall.bins import binned
from workbench.plain import plain
from workbench.worker.chosen import EXPLAINED, Chosen, chosen_model, models_of
from workbench.worker.dispatch import of_run
from workbench.worker.growing import wanted
from workbench.worker.records import records
from workbench.worker.shown import Shown
from workbench.worker.views import CustomerView, DependenceView, ExplanationView

STEPS = 10
POINTS = 1500
"""Points of a dependence that are drawn: a terminal shows no more."""
SUM_TOLERANCE = 1e-6
"""Relative to the largest output: contributions of a customer that miss their sum by more don't add up."""


@of_run("explain.overview")
def overview(shown: Shown, output: int = 0, model: str = EXPLAINED) -> ExplanationView:
    """Global importance, checks and words."""
    chosen = chosen_model(shown, model)
    result, explanation = chosen.result, chosen.explanation
    return {
        "run": result.name,
        "model": chosen.which,
        "family": chosen.model.family,
        "models": models_of(result),
        "growing": wanted(shown, chosen.which),
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
    return records(table.assign(lever=table["lever"].astype("str")), *keys)


@of_run("explain.customer")
def customer(
    shown: Shown,
    index: int = 0,
    id: str | None = None,
    row: int | None = None,
    output: int = 0,
    model: str = EXPLAINED,
) -> CustomerView:
    """One customer's way from the average to the output, by place among the explained ones, by id or by row.

    A customer that was not among the explained sample is explained now.
    """
    chosen = chosen_model(shown, model)
    result, explanation = chosen.result, chosen.explanation
    if id is not None:
        row = _find(result, id)
    if row is None:
        position = index = int(index) % len(explanation.rows)
        row = int(explanation.rows[position])
    elif not 0 <= row < len(result.table.frame):
        raise InputError(f"There is no row {row} in {result.table.name}.")
    else:
        among = np.flatnonzero(explanation.rows == row)
        if among.size:
            position = index = int(among[0])
        else:
            position, explanation = 0, _explain_row(chosen, row)
    fall = waterfall(explanation, position, output, STEPS)
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
        "prediction": _prediction(result, chosen.model, row, output),
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


def _explain_row(chosen: Chosen, row: int) -> Explanation:
    frame = chosen.result.table.frame
    return chosen.once(f"row {row}", lambda: explain_rows(chosen.model, frame.iloc[[row]], chosen.explanation))


def _prediction(result: JourneyResult, model: Model, row: int, output: int) -> str:
    """What the model predicts, in the words of the task: a number, or a class' probability."""
    predicted = model.predict(result.table.frame.iloc[[row]])
    figures = predicted.to_numpy(dtype=float)[0]
    if result.table.task is Task.REGRESSION:
        return f"{figures[0]:,.4g} {result.table.target}"
    place = output if len(figures) > 2 else 1
    return f"{predicted.columns[place]}: {figures[place]:.1%}"


@of_run("explain.dependence")
def column_dependence(shown: Shown, column: str, output: int = 0, model: str = EXPLAINED) -> DependenceView:
    """A column's values against its contributions."""
    explanation = chosen_model(shown, model).explanation
    if column not in explanation.columns:
        raise InputError(f"The model uses no column '{column}'.")
    # not by `dependence`, which also looks for the column that this one varies with: that takes ten times as long
    reading = read_column(explanation.data[column])
    contribution = explanation.values[:, explanation.columns.index(column), output]
    points: list[tuple[float, float]] = []
    if reading.ordered:
        present = np.flatnonzero(np.isfinite(reading.values) & np.isfinite(contribution))
        drawn = present[np.unique(np.linspace(0, len(present) - 1, min(POINTS, len(present))).astype(int))]
        points = [(float(reading.values[at]), float(contribution[at])) for at in drawn]
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
