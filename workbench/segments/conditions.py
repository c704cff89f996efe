"""Conditions that a person can read and a program can check: both from one object, so they can't disagree."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.segments.figures import plain, shown
from workbench.segments.reading import MISSING, Flags, LevelColumn, NumberColumn, Reading


@dataclass(frozen=True)
class Between:
    """``low ≤ value < high``, with or without the rows that have no value."""

    column: NumberColumn
    low: float = -math.inf
    high: float = math.inf
    missing: bool = False

    def holds(self, reading: Reading) -> Flags:
        """Which rows fulfil it, shape (rows,)."""
        values = reading.numbers[self.column.name]
        with np.errstate(invalid="ignore"):
            inside = (values >= self.low) & (values < self.high)
        return inside | np.isnan(values) if self.missing else inside

    def meet(self, other: Between) -> Between:
        """Both at once."""
        return Between(
            self.column, max(self.low, other.low), min(self.high, other.high), self.missing and other.missing
        )

    @property
    def text(self) -> str:
        """Such as "recency_days < 21 (or missing)"; rows without a value are named where the column has any."""
        name = shown(self.column.name)
        if math.isinf(self.low) and math.isinf(self.high):
            return f"{name} is anything" if self.missing else f"{name} is known"
        words = self._dates(name) if self.column.newest is not None else self._numbers(name)
        return f"{words} (or missing)" if self.missing and self.column.gaps else words

    def _numbers(self, name: str) -> str:
        if math.isinf(self.low):
            return f"{name} < {plain(self.high)}"
        if math.isinf(self.high):
            return f"{name} ≥ {plain(self.low)}"
        return f"{plain(self.low)} ≤ {name} < {plain(self.high)}"

    def _dates(self, name: str) -> str:
        # Values are days back from the newest date: fewer days are later dates.
        assert self.column.newest is not None
        after = (self.column.newest - pd.Timedelta(days=min(self.high, 1e5))).date()
        until = (self.column.newest - pd.Timedelta(days=min(self.low, 1e5))).date() if self.low > -math.inf else None
        if math.isinf(self.low):
            return f"{name} after {after}"
        if math.isinf(self.high):
            return f"{name} up to {until}"
        return f"{name} after {after} and up to {until}"


@dataclass(frozen=True)
class OneOf:
    """The value is one of some levels; codes as in ``LevelColumn``, ``MISSING`` among them for rows without one."""

    column: LevelColumn
    codes: frozenset[int]

    def holds(self, reading: Reading) -> Flags:
        """Which rows fulfil it, shape (rows,)."""
        return np.isin(reading.codes[self.column.name], sorted(self.codes))

    def meet(self, other: OneOf) -> OneOf:
        """Both at once."""
        return OneOf(self.column, self.codes & other.codes)

    @property
    def text(self) -> str:
        """Such as "income is one of high, middle (or missing)"."""
        name = shown(self.column.name)
        # Where no other values were ever seen, they need no words.
        silent = {self.column.other} if self.column.complete else set()
        known = self.codes - {MISSING} - silent
        absent = frozenset(range(self.column.other + 1)) - known - silent
        if not known:
            return f"{name} is missing"
        if not absent:
            return f"{name} is anything" if MISSING in self.codes else f"{name} is known"
        # Other values can't be listed, so a set that holds them is said by what it leaves out.
        by_list = len(known) <= len(absent) if self.column.complete else self.column.other in absent
        words = f"{name} is {self._list(known) if by_list else self._not(absent)}"
        return f"{words} (or missing)" if MISSING in self.codes and self.column.gaps else words

    def _names(self, codes: frozenset[int]) -> list[str]:
        return [_quoted(self.column.levels[code]) for code in sorted(codes) if code < self.column.other]

    def _list(self, codes: frozenset[int]) -> str:
        names = self._names(codes)
        return names[0] if len(names) == 1 else f"one of {', '.join(names)}"

    def _not(self, codes: frozenset[int]) -> str:
        names = self._names(codes)
        return f"not {names[0]}" if len(names) == 1 else f"none of {', '.join(names)}"


Condition = Between | OneOf


def _quoted(level: str) -> str:
    text = shown(level)
    return f"'{text}'" if "," in text or " and " in text or text != level else text


def conjoin(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """The same conditions with those on one column made one, in the order in which columns first appear."""
    joined: dict[str, Condition] = {}
    for condition in conditions:
        name = condition.column.name
        earlier = joined.get(name)
        joined[name] = condition if earlier is None else _both(earlier, condition)
    return tuple(joined.values())


def _both(one: Condition, other: Condition) -> Condition:
    if isinstance(one, Between):
        assert isinstance(other, Between), "conditions on one column are of one kind"
        return one.meet(other)
    assert isinstance(other, OneOf), "conditions on one column are of one kind"
    return one.meet(other)


def all_hold(conditions: tuple[Condition, ...], reading: Reading) -> Flags:
    """Which rows fulfil all conditions, shape (rows,); no condition holds everywhere."""
    result = np.ones(reading.rows, dtype=bool)
    for condition in conditions:
        result &= condition.holds(reading)
    return result


def rule_text(conditions: tuple[Condition, ...]) -> str:
    """The conditions in words; "all customers" when there is none."""
    return " and ".join(condition.text for condition in conditions) or "all customers"
