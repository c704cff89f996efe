"""Which of the two effects is drawn, and why, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from workbench.contracts import Model, Table
from workbench.explain.effects._base import Effect
from workbench.explain.effects.accumulated_local import accumulated_local_effects
from workbench.explain.effects.partial_dependence import partial_dependence
from workbench.explain.language import Name, say
from workbench.explain.overall.related import STRONG, RelatedPair


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
