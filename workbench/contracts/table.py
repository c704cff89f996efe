"""The customer table and what is known about its columns."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
import pandas as pd

from workbench.contracts.history import PurchaseHistory
from workbench.errors import InputError


class Task(StrEnum):
    """What a search is for."""

    BINARY = "binary"
    MULTICLASS = "multiclass"
    REGRESSION = "regression"
    SEGMENTS = "segments"


class Kind(StrEnum):
    """What a column holds."""

    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    CATEGORY = "category"
    DATE = "date"
    TEXT = "text"
    EMPTY = "empty"


class Role(StrEnum):
    """What a column is for."""

    ID = "id"
    TARGET = "target"
    FEATURE = "feature"
    DATE = "date"
    GROUP = "group"
    WEIGHT = "weight"
    TREATMENT = "treatment"
    OUTCOME = "outcome"
    TEXT = "text"
    IGNORE = "ignore"


class Lever(StrEnum):
    """Whether the business can change what a column measures."""

    CONTROLLABLE = "controllable"
    PARTLY = "partly"
    FIXED = "fixed"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    """How much a check matters."""

    INFO = "info"
    WARNING = "warning"
    ALARM = "alarm"


MODEL_ROLES = (Role.FEATURE, Role.DATE, Role.TEXT)
"""Roles whose columns a model may see."""


@dataclass(frozen=True)
class Column:
    """One column: its name as shown everywhere, what it holds, what it is for and why we think so.

    Attributes:
        name: unique, never empty; a repaired name is also told by a ``Check``.
        missing: rows without a value.
        distinct: different values, missing ones aside.
        reason: why this role was inferred, or "set by you".
        meaning: a sentence for people, empty when unknown.
        unit: of the values, such as "currency", "days" or "share"; empty when unknown.
    """

    name: str
    kind: Kind
    role: Role
    reason: str
    missing: int
    distinct: int
    meaning: str = ""
    unit: str = ""
    lever: Lever = Lever.UNKNOWN


@dataclass(frozen=True)
class Check:
    """One finding about the data: what, where, how many rows, and what was or could be done.

    Attributes:
        code: stable name of the check, such as ``missing-values`` or ``leakage-suspected``.
        column: the column concerned, ``None`` for the whole table.
        rows: rows concerned.
        message: one sentence; cell text in it is plain data.
        repair: what was done or is proposed; empty when nothing is needed.
        alias: for a column whose name was repaired, the name that pandas gives it; empty otherwise.
    """

    code: str
    severity: Severity
    column: str | None
    rows: int
    message: str
    repair: str = ""
    alias: str = ""


@dataclass(frozen=True)
class Source:
    """One table, file or query as it came.

    Attributes:
        location: path or URL without credentials.
        format: ``csv``, ``parquet``, ``excel`` or ``bundled``.
        details: what was sniffed, such as ``{"encoding": "gb18030", "separator": ";", "decimal": ","}``.
        fingerprint: SHA-256 of the content, in hexadecimal.
    """

    name: str
    location: str
    format: str
    rows: int
    columns: int
    fingerprint: str
    details: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """A customer table: one row per entity, as known at the cut-off, with roles and checks.

    Attributes:
        frame: the rows, with a ``RangeIndex``; its columns are ``columns`` in the same order.
        target: the column to predict, ``None`` for ``Task.SEGMENTS``.
        cut_off: the instant that features may not look beyond, where there is one.
        horizon_days: length of the window that targets come from, where there is one.
        outcome: the numeric column that says what a customer is worth (segments, gaps and strategies are judged
            by it); usually the target of a regression, else an outcome column, else ``None``.
        currency: what money columns count, such as "USD"; empty when unknown.
        history: purchases by customer, window and category, where events were given.
    """

    name: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    sources: tuple[Source, ...]
    checks: tuple[Check, ...]
    task: Task
    target: str | None
    fingerprint: str
    cut_off: pd.Timestamp | None = None
    horizon_days: int | None = None
    outcome: str | None = None
    currency: str = ""
    history: PurchaseHistory | None = None

    def column(self, name: str) -> Column:
        """The description of one column.

        Raises:
            InputError: there is no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise InputError(f"There is no column '{name}' in {self.name}.")

    def names(self, *roles: Role) -> list[str]:
        """Names of the columns with one of these roles, in the table's order."""
        return [column.name for column in self.columns if column.role in roles]

    @property
    def features(self) -> pd.DataFrame:
        """The columns that a model may see (features, dates and texts), shape (rows, columns)."""
        return self.frame[self.names(*MODEL_ROLES)]

    @property
    def id_column(self) -> str | None:
        """The first id column, ``None`` when there is none."""
        return next(iter(self.names(Role.ID)), None)

    def ids(self) -> pd.Series:
        """What each row is called: its id, or its row number where there is no id column."""
        if self.id_column is None:
            return pd.Series(self.frame.index, index=self.frame.index, name="row")
        return self.frame[self.id_column]

    def row_of(self, name: str) -> tuple[int, int]:
        """Position of the first row that is called ``name``, and how many are.

        Raises:
            InputError: there is none.
        """
        ids = self.ids().astype(str)
        found = np.flatnonzero((ids == name).to_numpy(dtype=bool, na_value=False))
        if not found.size:
            like = f"; ids look like '{ids.iloc[0]}'" if len(ids) else ", which has no rows"
            raise InputError(f"There is no customer '{name}' in {self.name}{like}.")
        return int(found[0]), len(found)

    def with_roles(self, roles: dict[str, Role], reason: str = "set by you") -> Table:
        """The same table with other roles for the named columns.

        Raises:
            InputError: a named column does not exist.
        """
        for name in roles:
            self.column(name)
        columns = tuple(
            replace(column, role=roles[column.name], reason=reason) if column.name in roles else column
            for column in self.columns
        )
        return replace(self, columns=columns)
