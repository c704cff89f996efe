"""What a table of events or of attributes is made of: which column says who, when, how much and what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pandas as pd

from workbench.contracts import Lever
from workbench.errors import InputError


class Purpose(StrEnum):
    """What the rows of a table of events tell."""

    PURCHASES = "purchases"
    CONTACTS = "contacts"
    RESPONSES = "responses"


@dataclass(frozen=True)
class Query:
    """A SELECT that this program wrote itself; text that a user typed never becomes one."""

    sql: str


Relation = Path | str | pd.DataFrame | Query
"""A Parquet or CSV file by its path, a frame in memory, or a query of our own."""


@dataclass(frozen=True)
class Flag:
    """A yes-or-no column of purchases whose share of the spend becomes a feature.

    Attributes:
        column: boolean, or 0 and 1.
        feature: name of the feature, such as ``private_label_share``.
        meaning: one sentence for people.
    """

    column: str
    feature: str
    meaning: str
    lever: Lever = Lever.PARTLY


@dataclass(frozen=True, eq=False)
class EventSource:
    """A table with many rows per entity, each with an instant.

    Attributes:
        name: short and readable; the features of contacts and responses are named after it.
        entity: column that says whose row it is; rows without a value are left out, and that is told.
        time: column with the instant of the event.
        value: money of the line; where ``None``, ``quantity`` times ``price`` is taken.
        quantity, price: pieces, and money per piece.
        basket: what belongs together (invoice, visit); where ``None``, the purchases of a day are one basket.
        category: fine category of what was bought, or the kind of a contact.
        department: coarse category, for shares; where ``None``, ``category`` serves for these too.
        store: shop or channel.
        discount, coupon: money saved on the line by the shop's discount and by coupons, not negative.
        flags: further yes-or-no columns.
        returns: whether negative values (cancellations, returns) occur.
    """

    name: str
    relation: Relation
    entity: str
    time: str
    purpose: Purpose = Purpose.PURCHASES
    value: str | None = None
    quantity: str | None = None
    price: str | None = None
    basket: str | None = None
    category: str | None = None
    department: str | None = None
    store: str | None = None
    discount: str | None = None
    coupon: str | None = None
    flags: tuple[Flag, ...] = ()
    returns: bool = False

    def __post_init__(self) -> None:
        """Refuse purchases without money."""
        if self.purpose is Purpose.PURCHASES and not self.value and not (self.quantity and self.price):
            raise InputError(
                f"The purchases in {self.name} have no money: name the value column, or quantity and price."
            )

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is named, each once."""
        named = (
            self.entity,
            self.time,
            self.value,
            self.quantity,
            self.price,
            self.basket,
            self.category,
            self.department,
            self.store,
            self.discount,
            self.coupon,
            *(flag.column for flag in self.flags),
        )
        return tuple(dict.fromkeys(name for name in named if name))


@dataclass(frozen=True, eq=False)
class AttributeSource:
    """A table with one row per entity, such as demographics.

    Attributes:
        columns: which columns to take; empty means all but the entity.
    """

    name: str
    relation: Relation
    entity: str
    columns: tuple[str, ...] = ()
