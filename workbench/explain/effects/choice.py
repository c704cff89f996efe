"""Which of the two effects is drawn, and why, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from workbench.contracts import Explanation, Model, Table
from workbench.explain.effects._base import Effect
from workbench.explain.effects.accumulated_local import accumulated_local_effects
from workbench.explain.effects.partial_dependence import partial_dependence
from workbench.explain.language import Name, say
from workbench.explain.overall.related import STRONG, RelatedPair, related_pairs

RELATED_ROWS = 2_000
"""Rows that say which columns go together: enough to tell, and all pairs of them take no time."""


def effect_for(
    explanation: Explanation, model: Model, table: Table, column: str, *, output: int = 0, seed: int = 0
) -> Effect:
    """The effect of ``column``; what goes together with it is found among the rows of an explanation of the model.

    Raises:
        InputError: as for ``partial_dependence``.
    """
    rows = np.unique(np.linspace(0, len(explanation.data) - 1, min(RELATED_ROWS, len(explanation.data))).astype(int))
    data = explanation.data.iloc[rows]
    used = explanation.importance.loc[explanation.importance["importance"] > 0, "column"]
    # pairs of the column only: of a wide table all pairs would take longer than the effect
    partners = [str(name) for name in used if str(name) != column and column in data.columns]
    related = [pair for other in partners for pair in related_pairs(data, [column, other])]
    return effect_of(model, table, column, related, output=output, seed=seed)


def effect_of(
    model: Model,
    rows_of: Table | pd.DataFrame,
    column: str,
    related: Sequence[RelatedPair],
    *,
    output: int = 0,
    grid: int = 20,
    rows: int | None = None,
    seed: int = 0,
) -> Effect:
    """The effect of ``column`` by the method that suits it.

    Accumulated local effects where it goes together with another column that the model uses, else partial dependence,
    which is the easier one to read.

    Args:
        related: as ``related_pairs`` gives them; pairs of |strength| up to 0.8 and of columns that the model does not
            use are not looked at.
        rows: rows that are looked at at most; ``None`` takes what is usual for the method.

    Returns:
        the effect; its ``note`` begins with the reason for the method.

    Raises:
        InputError: as for ``partial_dependence``.
    """
    partners = [
        (abs(pair.strength), pair.second if pair.first == column else pair.first)
        for pair in related
        if column in (pair.first, pair.second) and abs(pair.strength) > STRONG
    ]
    used = [(strength, name) for strength, name in partners if name in model.columns and name != column]
    if used:
        strength, name = max(used)
        why = say("effects.local", column=Name(column), other=Name(name), strength=f"{strength:.2f}")
        most = 5_000 if rows is None else rows
        found = accumulated_local_effects(model, rows_of, column, output=output, grid=grid, rows=most, seed=seed)
    else:
        why = say("effects.partial", column=Name(column), strong=str(STRONG))
        most = 500 if rows is None else rows
        found = partial_dependence(model, rows_of, column, output=output, grid=grid, rows=most, seed=seed)
    return replace(found, said=(why, *found.said))
