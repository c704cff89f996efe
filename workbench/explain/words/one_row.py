"""One row's prediction in sentences: how far it is from the average, and what the difference is made up of."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.explain.columns import number_text
from workbench.explain.language import Cell, Language, Listed, Name, Part, say
from workbench.explain.language.terms import predicted, unit_of
from workbench.explain.words.paragraph import CLOSING

TOLD = 4
"""Columns that are told apart; the others are summed."""


def describe_row(
    values: np.ndarray,
    raw: pd.Series,
    base: float,
    margin: float,
    *,
    output: str,
    space: str,
    target: str,
    language: Language = "en",
) -> tuple[str, ...]:
    """Sentences for one row and one output.

    Args:
        values: contributions, shape (columns,).
        raw: the row's values, shape (columns,).
    """
    lead = say(
        "row.lead",
        what=predicted(output, space, target),
        margin=number_text(margin),
        unit=unit_of(space),
        difference=number_text(margin - base, signed=True),
        base=number_text(base),
    )
    order = [j for j in np.argsort(-np.abs(values), kind="stable") if values[j] != 0]
    if not order:
        return lead.told(language), say("row.nothing").told(language)
    parts: list[Part] = [
        say(
            "row.part",
            column=Name(str(raw.index[j])),
            value=Cell(raw.iloc[j]),
            size=number_text(values[j], signed=True),
        )
        for j in order[:TOLD]
    ]
    others = order[TOLD:]
    if others:
        parts.append(
            say("row.others", count=len(others), sum=number_text(float(values[others].sum()), signed=True)),
        )
    made_of = say("row.made_of", parts=Listed(tuple(parts), between="semicolon"))
    return lead.told(language), made_of.told(language), CLOSING.told(language)
