"""The contract of a gap kind, and what every kind is given to work with."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from workbench.budget import Budget
from workbench.contracts import Gap, GapKind, Table
from workbench.events import Events
from workbench.gap.matrix import Ints

POTENTIAL_COLUMNS = ("gap", "potential", "observed", "low", "high")
WHITESPACE_COLUMNS = ("gap", "top_category", "top_category_value")
SEGMENT_COLUMNS = ("segment", "customers", "gap_total", "low", "high", "gap_mean")
CATEGORY_COLUMNS = ("category", "gap_total", "customers")
_PLENTY_OF_TIME = 15.0


@dataclass(frozen=True)
class Work:
    """What a gap kind may use: the table, the time, the listeners and the seed."""

    table: Table
    budget: Budget
    events: Events
    seed: int

    def at_most(self, plenty: int, few: int, *, of: int, what: str) -> int:
        """How many of ``of`` rows to use: ``plenty``, or ``few`` when under fifteen seconds are left; told if fewer."""
        most = plenty if self.budget.remaining > _PLENTY_OF_TIME else few
        if most < of:
            self.notice(f"{what} on {most:,} of {of:,} customers, drawn by lot.")
        return most

    def tick(self) -> None:
        """Called between steps: ends the work if somebody asked for it."""
        self.events.check_stop()

    def notice(self, message: str) -> None:
        """Say what was skipped, capped, sampled or repaired."""
        self.events.notice("gap", message)

    def rng(self, purpose: str) -> np.random.Generator:
        """A generator of its own for each purpose, so that adding a step leaves the others' figures alone."""
        return np.random.default_rng([self.seed, zlib.crc32(purpose.encode())])

    def currency_per_window(self, days: int, currency: str) -> str:
        """The unit of a gap in money, such as "USD per 63 days"."""
        return f"{currency or self.table.currency or 'currency units'} per {days} days"


class GapFinder(Protocol):
    """One kind of gap.

    A finder is a small object without state. ``find`` never raises for data that can't carry the gap: it returns a
    ``Gap`` with ``available=False`` and says in ``missing`` which data would be needed.
    """

    @property
    def kind(self) -> GapKind:
        """Which gap this is."""
        ...

    def find(self, work: Work) -> Gap:
        """The gap per customer with its back-test, or what is missing."""
        ...


def empty_frame(columns: tuple[str, ...], index: pd.Index | None = None) -> pd.DataFrame:
    """A frame with these columns and no figures in it."""
    return pd.DataFrame({column: pd.Series(dtype="float64") for column in columns}, index=index)


def unavailable(kind: GapKind, *, unit: str, assumption: str, missing: str) -> Gap:
    """A gap that these data can't carry."""
    return Gap(
        kind=kind,
        available=False,
        unit=unit,
        assumption=assumption,
        per_customer=empty_frame(WHITESPACE_COLUMNS if kind is GapKind.WHITESPACE else POTENTIAL_COLUMNS),
        per_segment=empty_frame(SEGMENT_COLUMNS),
        per_category=empty_frame(CATEGORY_COLUMNS),
        backtest=pd.DataFrame(),
        verdict="Not computed on these data.",
        holds=False,
        figures={},
        missing=missing,
    )


def out_of_time(work: Work, kind: GapKind, *, unit: str, assumption: str) -> Gap:
    """A gap that was not begun because the budget had ended; told as a notice too."""
    work.notice(f"The budget had ended before the gap '{kind.value}' was begun: it was not computed.")
    return unavailable(kind, unit=unit, assumption=assumption, missing="time: the budget ended before it was begun")


def rows_of_history(work: Work, customers: pd.Index, *, what: str) -> Ints:
    """For each table row the position of its customer in ``customers``, -1 where there is none; shape (rows,).

    Ids are compared as they are and, where nothing matches, as text: a CSV may have read 7 where the history says "7".
    """
    keys = pd.Index(work.table.ids())
    if len(keys) and not keys.isin(customers).any():
        keys, customers = keys.map(str), customers.map(str)
    first = ~customers.duplicated()
    positions = np.flatnonzero(first)[customers[first].get_indexer(keys)]
    positions[~keys.isin(customers)] = -1
    unmatched = int((positions < 0).sum())
    if unmatched:
        work.notice(f"{unmatched:,} of {len(keys):,} table rows have no purchase history: no {what} for them.")
    if keys.has_duplicates:
        work.notice(f"Some ids stand in more than one table row: each of these rows carries the customer's {what}.")
    return positions.astype(np.int64)
