"""What the business can change, by share of the attribution: a model may predict well and suggest nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.contracts import Explanation, Lever, Table

PREDICTS_ONLY = 0.8
"""From this share of uncontrollable attribution on, the model predicts and suggests no lever."""


def segment_attribution(explanation: Explanation, labels: pd.Series, segment: int) -> pd.Series:
    """Share of |contribution| by source column within a segment, largest first; empty without explained rows."""
    inside = labels.to_numpy()[explanation.rows] == segment
    if not inside.any():
        return pd.Series(dtype=float)
    size = np.abs(explanation.values[inside]).sum(axis=2).mean(axis=0)
    total = float(size.sum())
    shares = pd.Series(size / total if total > 0 else size, index=list(explanation.columns))
    return shares.sort_values(ascending=False)


def controllable(table: Table, shares: pd.Series) -> tuple[tuple[str, float], ...]:
    """Columns that the business can change, wholly or partly, with their share."""
    found = []
    for name, share in shares.items():
        if table.column(str(name)).lever in (Lever.CONTROLLABLE, Lever.PARTLY):
            found.append((str(name), float(share)))
    return tuple(found)


def lever_sentence(table: Table, shares: pd.Series) -> str:
    """What the attribution says about levers, in one sentence; empty when there is nothing to say."""
    if shares.empty:
        return ""
    levers = controllable(table, shares)
    known = sum(share for name, share in shares.items() if table.column(str(name)).lever is not Lever.UNKNOWN)
    if known < 0.5:
        return "Which columns the business can change is not stated, so no lever is named."
    movable = sum(share for _, share in levers)
    if 1 - movable >= PREDICTS_ONLY:
        return (
            f"Only {movable:.0%} of the attribution lies on columns that the business can change: "
            "this model predicts, it does not suggest a lever."
        )
    named = ", ".join(f"{name} ({share:.0%})" for name, share in levers[:3])
    return f"Of the attribution, {movable:.0%} lies on columns that the business can change, most on {named}."
