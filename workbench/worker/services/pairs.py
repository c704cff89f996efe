"""Columns that act together: ``explain.pairs``, and one of a pair by bands of the other: ``explain.split``."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.contracts import Explanation
from workbench.errors import InputError
from workbench.explain.columns import MISSING, read_column
from workbench.explain.overall.bins import bins_of, text_of
from workbench.worker.chosen import EXPLAINED, chosen_model
from workbench.worker.dispatch import of_run
from workbench.worker.explain_views import PairsView, SplitView
from workbench.worker.growing import wanted
from workbench.worker.records import records
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
    found = [] if table is None else records(table, *keys)
    return {"pairs": found, "unit": chosen.explanation.output_space, "note": note}


@of_run("explain.split")
def split(shown: Shown, first: str, second: str, output: int = 0, model: str = EXPLAINED) -> SplitView:
    """What ``first`` contributes on average by bands of its own value and of that of ``second``."""
    explanation = chosen_model(shown, model).explanation
    rows, bands = _bands(explanation, first, BANDS)
    columns, parts = _bands(explanation, second, PARTS)
    contribution = explanation.values[:, explanation.columns.index(first), output]
    return {
        "first": first,
        "second": second,
        "bands": bands,
        "parts": parts,
        "cells": [
            [_cell(contribution[(rows == row) & (columns == column)]) for column in range(len(parts))]
            for row in range(len(bands))
        ],
        "unit": explanation.output_space,
    }


def _bands(explanation: Explanation, name: str, most: int) -> tuple[np.ndarray, list[str]]:
    """The band of each row, shape (rows,), and what each is called; missing values are the last."""
    if name not in explanation.columns:
        raise InputError(f"The model uses no column '{name}'.")
    bins = bins_of(read_column(explanation.data[name]), most)
    labels, places = [text_of(label) for label in bins.names], bins.places
    if (places < 0).any():
        places, labels = np.where(places < 0, len(labels), places), [*labels, MISSING]
    return places, labels


def _cell(members: np.ndarray) -> dict[str, Any]:
    known = len(members) >= LEAST_ROWS
    return {"mean": float(members.mean()) if known else None, "rows": len(members) if known else None}
