"""The same customer in several rows, where nothing keeps them together: a random split would learn her and check on
her.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.contracts import Check, Column, Kind, Role
from workbench.data import words
from workbench.data.findings import alarm, rows_of, warning

_FEWEST_ENTITIES = 20
_REPEATED = 0.1
"""Share of the rows that must belong to an entity seen before."""
_AGREE = 0.99
_TRAITS = 2
"""Columns that must be the same in all rows of an entity, as age and place of birth are."""
_FEWEST_LEVELS = 5
_ROWS = 20_000


def entity_checks(frame: pd.DataFrame, columns: tuple[Column, ...]) -> list[Check]:
    """An alarm for a column that is named as a customer's id, repeats and has another role than ``group``; a warning
    for one whose rows agree in several traits. None where rows are grouped or ordered in time already.
    """
    if any(c.role is Role.GROUP or (c.role is Role.DATE and c.reason.startswith("orders the rows")) for c in columns):
        return []
    possible = [
        c
        for c in columns
        if c.kind in (Kind.INTEGER, Kind.CATEGORY, Kind.TEXT)
        and c.role in (Role.ID, Role.IGNORE, Role.FEATURE)
        and _FEWEST_ENTITIES <= c.distinct <= (1 - _REPEATED) * (len(frame) - c.missing)
    ]
    named = [c for c in possible if words.is_entity_name(c.name)]
    if named:
        return [_alarm(c, len(frame) - c.missing) for c in named]
    return _alike(frame, columns, [c for c in possible if c.distinct > 0.05 * len(frame)])


def _alarm(column: Column, filled: int) -> Check:
    return alarm(
        "repeated-entities",
        column.name,
        filled - column.distinct,
        f"'{column.name}' has {column.distinct:,} values in {rows_of(filled)}, but its role is {column.role.value}: "
        "rows of one customer are learnt from and checked on, so figures are too good.",
        f"keep them together with --group {column.name}, or the role group",
    )


def _alike(frame: pd.DataFrame, columns: tuple[Column, ...], possible: list[Column]) -> list[Check]:
    """By what rows look like: in all rows of a value, several columns of many levels are the same."""
    sample = frame.iloc[:_ROWS]
    traits = {
        c.name: pd.factorize(sample[c.name])[0]
        for c in columns
        if c.role is Role.FEATURE and c.distinct >= _FEWEST_LEVELS
    }
    found: list[tuple[int, Column, list[str]]] = []
    for column in possible:
        codes = pd.factorize(sample[column.name])[0]
        again = _first(codes)
        repeated = np.flatnonzero((again != np.arange(codes.size)) & (codes >= 0))
        if repeated.size < _REPEATED * codes.size:
            continue
        agreeing = [
            name
            for name, values in traits.items()
            if name != column.name and np.mean(values[repeated] == values[again[repeated]]) >= _AGREE
        ]
        if len(agreeing) >= _TRAITS:
            found.append((len(agreeing), column, agreeing))
    if not found:
        return []
    _, column, agreeing = max(found, key=lambda one: (one[0], -one[1].distinct))
    told = " and ".join(f"'{name}'" for name in agreeing[:2])
    return [
        warning(
            "entities-suspected",
            column.name,
            0,
            f"Rows with the same '{column.name}' agree in {told}: it may stand for a customer who comes several times.",
            f"if it does, keep her rows together with --group {column.name}",
        )
    ]


def _first(codes: np.ndarray) -> np.ndarray:
    """For each row the first row with the same code."""
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    return np.asarray(first[inverse])
