"""Columns that act together: ``explain.pairs``, and one of a pair by bands of the other: ``explain.split``."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.contracts import Explanation
from workbench.errors import InputError
from workbench.explain.columns import read_column
from workbench.plain import plain
from workbench.worker.bands import Bands, bands_of
from workbench.worker.chosen import EXPLAINED, chosen_model
from workbench.worker.dispatch import of_run
from workbench.worker.explain_views import PairsView, SplitView
from workbench.worker.growing import wanted
from workbench.worker.shown import Shown

BANDS, PARTS = 6, 3
LEAST_ROWS = 5
"""A mean over fewer customers is not shown: it would be of people and not of a band."""
UNKNOWN = (
    "Which columns act together is not known of this model: no way to tell exactly is known for its kind, "
    "or there was no time."
)
STILL = "It is looked for when the first rows are explained; this opens again in a moment."
NONE = "No columns act together in this model: what each contributes does not go by the value of another."


@of_run("explain.pairs")
def pairs(shown: Shown, model: str = EXPLAINED) -> PairsView:
    """The strongest pairs of columns by what they contribute together beyond each alone."""
    chosen = chosen_model(shown, model)
    table = chosen.explanation.interactions
    note = NONE if table is not None and table.empty else ""
    if table is None:
        note = STILL if wanted(shown, chosen.which) else UNKNOWN
    keys = ("first", "second", "strength", "low", "high", "share")
    found = [] if table is None else [{key: plain(row[key]) for key in keys} for row in table.to_dict("records")]
    return {"pairs": found, "unit": chosen.explanation.output_space, "note": note}


@of_run("explain.split")
def split(shown: Shown, first: str, second: str, output: int = 0, model: str = EXPLAINED) -> SplitView:
    """What ``first`` contributes on average by bands of its own value and of that of ``second``."""
    explanation = chosen_model(shown, model).explanation
    rows, columns = (_bands(explanation, name, most) for name, most in ((first, BANDS), (second, PARTS)))
    contribution = explanation.values[:, explanation.columns.index(first), output]
    return {
        "first": first,
        "second": second,
        "bands": list(rows.labels),
        "parts": list(columns.labels),
        "cells": [
            [_cell(contribution[(rows.codes == row) & (columns.codes == column)]) for column in range(len(columns))]
            for row in range(len(rows))
        ],
        "unit": explanation.output_space,
    }


def _bands(explanation: Explanation, name: str, most: int) -> Bands:
    if name not in explanation.columns:
        raise InputError(f"The model uses no column '{name}'.")
    return bands_of(read_column(explanation.data[name]), most)


def _cell(members: np.ndarray) -> dict[str, Any]:
    known = len(members) >= LEAST_ROWS
    return {"mean": float(members.mean()) if known else None, "rows": len(members) if known else None}
