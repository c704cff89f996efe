"""What each column holds and what it is for, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from workbench.contracts import Column, Kind, Lever, Role
from workbench.data import words
from workbench.data.frames import arrow, distinct_count

_TEXT_SAMPLE = 5000
_FEWEST_ENTITIES = 20


@dataclass(frozen=True)
class Given:
    """What the user or the caller said about columns: roles by name, and the special ones."""

    target: str | None
    time: str | None
    group: str | None
    roles: Mapping[str, Role]
    outcome: str | None
    meanings: Mapping[str, tuple[str, str, Lever]]


def kind_of(column: pd.Series, distinct: int) -> Kind:
    """What a column of the package's types holds.

    Whole numbers written ``1.0`` because of gaps are ``INTEGER``. Text is ``TEXT`` when it is long and seldom
    repeated, else ``CATEGORY``.
    """
    kind = column.dtype
    if distinct == 0:
        return Kind.EMPTY
    if kind == np.dtype("bool"):
        return Kind.BOOLEAN
    if isinstance(kind, np.dtype) and kind.kind == "M":
        return Kind.DATE
    if kind == np.dtype("int64"):
        return Kind.INTEGER
    if kind == np.dtype("float64"):
        values = column.to_numpy()
        values = values[~np.isnan(values)]
        whole = bool((np.abs(values) < 2**53).all() and (values == np.floor(values)).all())
        return Kind.INTEGER if whole else Kind.NUMBER
    return Kind.TEXT if _is_text(column, distinct) else Kind.CATEGORY


def _is_text(column: pd.Series, distinct: int) -> bool:
    filled = int(column.notna().sum())
    if distinct < min(100, max(10, 0.5 * filled)) or distinct < 0.2 * filled:
        return False
    cells = pc.drop_null(arrow(column)).slice(0, _TEXT_SAMPLE)
    blanks = pc.mean(pc.count_substring_regex(cells, r"\s+")).as_py() or 0.0
    length = pc.mean(pc.utf8_length(cells)).as_py() or 0.0
    wide = pc.mean(pc.count_substring_regex(cells, r"\p{Han}|\p{Hiragana}|\p{Katakana}|\p{Thai}")).as_py() or 0.0
    return bool((blanks >= 1.5 and length >= 12) or wide >= 8)


def describe_columns(frame: pd.DataFrame, given: Given) -> tuple[Column, ...]:
    """A description per column, in order; ``given`` wins over what is inferred."""
    return tuple(_describe(frame[name], name, given) for name in frame.columns)


def _describe(column: pd.Series, name: str, given: Given) -> Column:
    distinct = distinct_count(column)
    missing = int(column.isna().sum())
    kind = kind_of(column, distinct)
    role, reason = _given_role(name, given) or _inferred_role(column, name, kind, distinct, missing)
    if kind is Kind.TEXT and role in (Role.ID, Role.GROUP, Role.TARGET, Role.FEATURE):
        kind = Kind.CATEGORY
    described = Column(name, kind, role, reason, missing, distinct, lever=words.lever(name))
    if name in given.meanings:
        meaning, unit, lever = given.meanings[name]
        described = replace(described, meaning=meaning, unit=unit, lever=lever)
    return described


def _given_role(name: str, given: Given) -> tuple[Role, str] | None:
    if name == given.target:
        return Role.TARGET, "the target"
    if name in given.roles:
        return given.roles[name], "set by you"
    if name == given.time:
        return Role.DATE, "orders the rows in time, as you said"
    if name == given.group:
        return Role.GROUP, "rows that belong together, as you said"
    if name == given.outcome:
        return Role.OUTCOME, "says what a customer is worth"
    return None


def _inferred_role(column: pd.Series, name: str, kind: Kind, distinct: int, missing: int) -> tuple[Role, str]:
    rows = len(column)
    filled = rows - missing
    if kind is Kind.EMPTY:
        return Role.IGNORE, "has no value in any row"
    if distinct == 1:
        return Role.IGNORE, "has the same value in every row" if not missing else "has one value and gaps only"
    if kind is Kind.DATE:
        return Role.DATE, "holds dates"
    unique = distinct == filled and rows >= 3
    whole = column.dtype == np.dtype("int64")
    if unique and whole and words.is_row_number_name(name):
        return Role.IGNORE, "is a row number"
    if kind in (Kind.INTEGER, Kind.CATEGORY, Kind.TEXT):
        found = _identifier(column, name, kind, distinct, filled, unique=unique)
        if found is not None:
            return found
    if kind is Kind.TEXT:
        return Role.TEXT, "holds free text"
    if words.is_weight_name(name) and kind in (Kind.NUMBER, Kind.INTEGER):
        return Role.WEIGHT, "is named as the weight of a row"
    if kind is Kind.CATEGORY and distinct > 1000 and distinct > 0.5 * filled:
        return Role.IGNORE, "has another value in nearly every row"
    return Role.FEATURE, _feature_reason(name, kind, distinct)


def _identifier(
    column: pd.Series, name: str, kind: Kind, distinct: int, filled: int, *, unique: bool
) -> tuple[Role, str] | None:
    named = words.is_id_name(name)
    if unique and named:
        return Role.ID, "is named as an id and differs in every row"
    if named and distinct >= 0.95 * filled and distinct > 20:
        return Role.ID, "is named as an id and differs in nearly every row"
    if named and words.is_entity_name(name) and _FEWEST_ENTITIES <= distinct < filled:
        return Role.GROUP, "is named as the customer's id and comes in several rows"
    if unique and filled >= 20 and filled >= 0.5 * len(column):
        if kind is Kind.INTEGER and _consecutive(column):
            return Role.IGNORE, "counts the rows"
        if kind is Kind.CATEGORY:
            return Role.ID, "differs in every row"
    return None


def _consecutive(column: pd.Series) -> bool:
    values = column.dropna().to_numpy()
    return bool((np.diff(values) == 1).all())


def _feature_reason(name: str, kind: Kind, distinct: int) -> str:
    if kind is Kind.BOOLEAN or distinct == 2:
        return "has two values"
    if kind is Kind.CATEGORY:
        return f"has {distinct:,} categories"
    if kind is Kind.INTEGER and words.is_id_name(name):
        return "holds codes written as numbers that repeat"
    return "holds numbers"
