"""How the prediction goes with one column: ``probe.effect``; its lane is its own, as the model is asked at length."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.contracts import Explanation
from workbench.explain import Effect, RelatedPair, effect_of, related_pairs
from workbench.worker.chosen import EXPLAINED, chosen_model
from workbench.worker.dispatch import service
from workbench.worker.explain_views import EffectView
from workbench.worker.plain import plain
from workbench.worker.session import Session

RELATED_ROWS = 2_000
"""Rows that say which columns go together; more make no other choice of the method."""


@service("probe.effect")
def effect(session: Session, column: str, output: int = 0, model: str = EXPLAINED) -> EffectView:
    """Partial dependence, or accumulated local effects where the column goes together with another."""
    shown = chosen_model(session, model)
    key = f"effect of {column!r} on {output} in {shown.which}"
    if key not in session.cache:
        session.cache[key] = effect_of(
            shown.model,
            shown.result.table,
            column,
            _related(shown.explanation, column),
            output=output,
            seed=shown.result.seed,
        )
    found: Effect = session.cache[key]
    return {
        "column": found.column,
        "output": found.output,
        "space": found.space,
        "numeric": found.kind != "category",
        "method": found.method,
        "note": found.note,
        "rows": found.rows,
        "points": [_point(row) for row in found.table().to_dict("records")],
    }


def _point(row: dict[Any, Any]) -> dict[str, Any]:
    keys = ("x", "label", "effect", "low", "high", "spread_low", "spread_high", "support")
    return {key: plain(row[key]) for key in keys}


def _related(explanation: Explanation, column: str) -> list[RelatedPair]:
    """Pairs of the column with each other one: of a wide table all pairs would take longer than the effect."""
    rows = np.unique(np.linspace(0, len(explanation.data) - 1, min(RELATED_ROWS, len(explanation.data))).astype(int))
    data = explanation.data.iloc[rows]
    return [
        pair for other in explanation.columns if other != column for pair in related_pairs(data, [column, other])
    ] if column in explanation.columns else []  # fmt: skip
