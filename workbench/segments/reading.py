"""Raw columns as segments read them: numbers with gaps, and levels with names; no encoding that a rule can't say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.contracts import Column, Kind
from workbench.errors import InputError
from workbench.pipelines import cleaning

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MISSING = -1
"""Code of a cell without a value."""
MAX_LEVELS = 12
MIN_LEVEL_SHARE = 0.01
MAX_MISSING = 0.95
_LATEST = 106_000.0  # days since 1970: dates such as 9999-12-31 mean "never" and lie outside pandas' clock


@dataclass(frozen=True)
class NumberColumn:
    """A column of numbers.

    Attributes:
        integer: whether all its values are whole.
        gaps: whether there were rows without a value when it was learned.
        newest: for dates the instant that days are counted back from, else ``None``.
        written: how its cells were written as text: the decimal sign, or the date format; ``None`` for values that
            came as numbers or dates. New rows are read the same way.
    """

    name: str
    integer: bool
    newest: pd.Timestamp | None = None
    gaps: bool = False
    written: str | None = None

    def read(self, series: pd.Series) -> Floats:
        """Values as numbers; for dates days before ``newest``. NaN where there is none."""
        if self.newest is not None:
            days = cleaning.moments(series, self.written)[0]
            return days_of(self.newest) - np.asarray(days, dtype=np.float64)
        decimal: cleaning.Decimal | None = "," if self.written == "," else "." if self.written == "." else None
        return np.asarray(cleaning.numbers(series, decimal)[0], dtype=np.float64)


@dataclass(frozen=True)
class LevelColumn:
    """A column of categories.

    Attributes:
        levels: its frequent values as text, most frequent first; code ``len(levels)`` means any other value.
        complete: whether there were no other values when it was learned.
        gaps: whether there were rows without a value then.
    """

    name: str
    levels: tuple[str, ...]
    complete: bool = False
    gaps: bool = False

    @property
    def other(self) -> int:
        """The code of values that are not among the levels."""
        return len(self.levels)


@dataclass(frozen=True)
class Reading:
    """Rows in a form that rules, profiles and encodings share.

    Attributes:
        numbers: values by column, NaN where there is none; for dates days before ``NumberColumn.newest``.
        codes: level positions by column, ``MISSING`` where there is none.
        rows: how many.
    """

    numbers: dict[str, Floats]
    codes: dict[str, Integers]
    rows: int

    def take(self, rows: npt.NDArray[np.intp]) -> Reading:
        """The same for some rows."""
        return Reading(
            {name: values[rows] for name, values in self.numbers.items()},
            {name: codes[rows] for name, codes in self.codes.items()},
            len(rows),
        )


@dataclass(frozen=True)
class View:
    """How raw columns are read; learned once, then used for every table.

    Attributes:
        columns: those that can carry segments, in the table's order.
        skipped: (column, why) for the others.
    """

    columns: tuple[NumberColumn | LevelColumn, ...]
    skipped: tuple[tuple[str, str], ...]

    @classmethod
    def learn(cls, frame: pd.DataFrame, columns: Sequence[Column], newest: pd.Timestamp | None = None) -> View:
        """Look at the columns and decide how each is read.

        Args:
            frame: raw rows that hold ``columns``.
            columns: the candidates: features and dates, never a target or an outcome.
            newest: what dates are counted back from; by default each column's newest date.
        """
        kept: list[NumberColumn | LevelColumn] = []
        skipped: list[tuple[str, str]] = []
        for column in columns:
            found = _learn(frame[column.name], column, newest)
            if isinstance(found, str):
                skipped.append((column.name, found))
            else:
                kept.append(found)
        return cls(tuple(kept), tuple(skipped))

    def read(self, frame: pd.DataFrame) -> Reading:
        """Read raw rows.

        Raises:
            InputError: a column that the segments rest on is not there.
        """
        numbers: dict[str, Floats] = {}
        codes: dict[str, Integers] = {}
        for column in self.columns:
            if column.name not in frame.columns:
                raise InputError(f"The segments need the column '{column.name}', which this table does not have.")
            series = frame[column.name]
            if isinstance(column, NumberColumn):
                numbers[column.name] = column.read(series)
            else:
                codes[column.name] = _codes(series, column)
        return Reading(numbers, codes, len(frame))

    def column(self, name: str) -> NumberColumn | LevelColumn:
        """One column by name; ``KeyError`` when the segments do not use it."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def as_numbers(series: pd.Series) -> Floats:
    """Values as floats; text that is no number, infinities and blanks become NaN."""
    return np.asarray(cleaning.numbers(series)[0], dtype=np.float64)


def days_of(moment: pd.Timestamp) -> float:
    """Days from 1970 to a moment, in UTC."""
    return float(cleaning.moments(pd.Series([moment]))[0][0])


def as_text(series: pd.Series) -> pd.Series:
    """Values as text, whole floats without their ".0"; blanks become ``None``. dtype object, index kept."""
    return cleaning.texts(series)


def _learn(series: pd.Series, column: Column, newest: pd.Timestamp | None) -> NumberColumn | LevelColumn | str:
    if column.kind is Kind.TEXT:
        return "free text"
    if column.kind is Kind.EMPTY or not len(series):
        return "no values"
    if column.kind is Kind.DATE:
        return _learn_date(series, column, newest)
    if column.kind in (Kind.NUMBER, Kind.INTEGER):
        return _learn_number(series, column)
    return _learn_levels(series, column)


def _learn_number(series: pd.Series, column: Column) -> NumberColumn | LevelColumn | str:
    values, decimal = cleaning.numbers(series)
    known = values[np.isfinite(values)]
    if len(known) < (1 - MAX_MISSING) * len(values) or not len(known):
        return "almost no values"
    different = np.unique(known)
    if len(different) == 1:
        return "always the same value"
    if len(different) == 2:
        # Two numbers are two levels: "is 1" reads better than "≥ 0.5", and the encoding weighs them as such.
        return _learn_levels(series, column)
    whole = bool(np.all(known == np.round(known)))
    return NumberColumn(column.name, whole, gaps=len(known) < len(values), written=decimal)


def _learn_date(series: pd.Series, column: Column, newest: pd.Timestamp | None) -> NumberColumn | str:
    days, layout = cleaning.moments(series)
    known = days[~np.isnan(days)]
    if len(known) < (1 - MAX_MISSING) * len(days) or not len(known):
        return "almost no values"
    if np.ptp(known) == 0:
        return "always the same value"
    if newest is None:
        newest = pd.Timestamp("1970-01-01") + pd.Timedelta(days=min(float(known.max()), _LATEST))
    return NumberColumn(column.name, False, newest, len(known) < len(days), layout)


def _learn_levels(series: pd.Series, column: Column) -> LevelColumn | str:
    texts = as_text(series).dropna()
    if len(texts) < (1 - MAX_MISSING) * len(series):
        return "almost no values"
    counts = texts.value_counts()
    if len(counts) < 2:
        return "always the same value"
    ordered = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    levels = [str(level) for level, count in ordered[:MAX_LEVELS] if count >= max(2, MIN_LEVEL_SHARE * len(series))]
    if not levels:
        return "too many different values"
    return LevelColumn(column.name, tuple(levels), len(levels) == len(counts), len(texts) < len(series))


def _codes(series: pd.Series, column: LevelColumn) -> Integers:
    texts = as_text(series)
    places = {level: place for place, level in enumerate(column.levels)}
    found = texts.map(places).fillna(column.other).to_numpy(dtype=np.int64)
    return np.where(texts.isna().to_numpy(), MISSING, found)
