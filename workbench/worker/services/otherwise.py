"""For one customer, who and what would be answered otherwise: ``probe.lookalikes`` and ``probe.changes``."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.contracts import JourneyResult, Task
from workbench.explain import Counterfactual, Neighbour, cell_text, counterfactual, neighbours, number_text
from workbench.plain import plain
from workbench.worker.aims import read_aim, read_columns
from workbench.worker.chosen import EXPLAINED, chosen_model
from workbench.worker.dispatch import of_run
from workbench.worker.explain_views import ChangesView, LookalikesView
from workbench.worker.shown import Shown

COUNT = 5
DIFFERENCES = 6
"""Columns in which a neighbour differs that are told, those that count most first."""


@of_run("probe.lookalikes")
def lookalikes(shown: Shown, row: int, model: str = EXPLAINED) -> LookalikesView:
    """The nearest real customers for whom the model answers otherwise."""
    chosen = chosen_model(shown, model)
    result = chosen.result
    found = neighbours(chosen.model, result.table, row, count=COUNT, explanation=chosen.explanation, seed=result.seed)
    words = found.words
    return {
        "row": row,
        "id": _id(result, row),
        "now": _said(found.outcome, found.prediction),
        "found": [_lookalike(result, one) for one in found.found],
        # how they were chosen, or that there are none; the rows themselves are told as rows
        "note": words[1] if len(words) > 1 else "",
        "closing": words[-1] if found.found else "",
        "rows": found.candidates,
        "total_rows": found.total_rows - 1,  # all others
    }


@of_run("probe.changes")
def changes(shown: Shown, row: int, aim: str = "", columns: str = "", model: str = EXPLAINED) -> ChangesView:
    """The smallest changes of levers that bring the prediction to an aim.

    Args:
        aim: as ``read_aim`` takes it.
        columns: names between commas that may be changed; none for those that the table declares as levers.

    Raises:
        InputError: the aim or a column can't be used; the sentence says why.
    """
    chosen = chosen_model(shown, model)
    result = chosen.result
    wanted = read_aim(aim, chosen.model)
    if wanted is None:
        return {
            "row": row, "aim": "", "found": [], "tried": 0, "levers": [], "left_out": [], "closing": "",
            "rows": 0, "total_rows": 0,
            "reason": f"Say what the prediction of '{chosen.model.target}' should be: >= 300, <= 120 or 100 to 120.",
        }  # fmt: skip
    named = read_columns(columns, chosen.model.columns)
    found = counterfactual(chosen.model, result.table, row, wanted, columns=named, seed=result.seed)
    return {
        "row": row,
        "aim": found.aim,
        "found": [_change(one, shares=result.table.task is not Task.REGRESSION) for one in found.found],
        "reason": found.reason,
        "tried": found.tried,
        "levers": list(found.levers),
        "left_out": [f"{name}: {why}" for name, why in found.left_out.items()],
        "closing": found.words[-1] if found.found else "",
        "rows": found.rows,
        "total_rows": found.total_rows,
    }


def _lookalike(result: JourneyResult, one: Neighbour) -> dict[str, Any]:
    differs = list(one.differs.items())
    return {
        "row": one.row,
        "id": _id(result, one.row),
        "distance": plain(one.distance),
        "outcome": _said(one.outcome, one.prediction),
        "known": cell_text(one.known) if one.known is not None else None,
        "differs": [
            {"column": name, "own": cell_text(own), "theirs": cell_text(theirs)}
            for name, (own, theirs) in differs[:DIFFERENCES]
        ],
        "more": max(0, len(differs) - DIFFERENCES),
    }


def _change(one: Counterfactual, *, shares: bool) -> dict[str, Any]:
    return {
        "changes": [
            {"column": name, "before": cell_text(before), "after": cell_text(after), "text": f"{name}={_typed(after)}"}
            for name, (before, after) in one.changes.items()
        ],
        "before": _said(one.outcome_before, one.predicted_before),
        "after": _said(one.outcome_after, one.predicted_after),
        "shares": shares,
        "plausible": one.plausible,
        "nearest": plain(one.nearest),
        "distance": plain(one.distance),
    }


def _said(outcome: str | float, predicted: dict[str, float]) -> str:
    return f"{outcome} ({predicted[outcome]:.1%})" if isinstance(outcome, str) else number_text(float(outcome))


def _typed(value: object) -> str:
    """A value as one would type it, so that what-if reads the same value again."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        return value.isoformat(sep=" ")
    return repr(value) if isinstance(value, float) else str(value)


def _id(result: JourneyResult, row: int) -> str:
    return cell_text(result.table.ids().iloc[row])
