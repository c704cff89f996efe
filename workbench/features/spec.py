"""Everything that is needed to build one customer table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from workbench.contracts import Role, Source, Task
from workbench.features.as_of import WINDOW_DAYS
from workbench.features.catalogue import Entry
from workbench.features.sources import AttributeSource, EventSource

WindowTarget = Literal["spend", "active", "redeems"]
"""Targets made of the window after the cut-off: money, whether anything is bought, whether an offer is taken up."""

WINDOW_TARGETS: tuple[WindowTarget, ...] = ("spend", "active", "redeems")


@dataclass(frozen=True, eq=False)
class TableSpec:
    """How a customer table is made.

    Attributes:
        name: of the table.
        events: at least one source with purchases.
        attributes: one-row-per-entity tables; the first whose column is called like the target may hold it.
        cut_off: ``None`` takes the latest midnight after which the horizon has elapsed in the purchases.
        horizon_days: length of the window that targets come from, and of the recent windows of the features.
        target: ``spend``, ``active``, ``redeems``, a column of ``attributes``, or ``None`` for segments only.
        task: ``None`` lets the target decide.
        roles: roles set by the user, by column.
        outcomes: further window targets to compute as outcomes; spend always is, where the window has elapsed.
        meanings: entries for attribute columns, by column.
        not_on_offer: categories that no offer can introduce to a customer; the category history leaves them out.
        time, group: columns of ``attributes`` for validation, as ``workbench.data.describe`` takes them.
        sources: descriptions of files that the caller has, by name; the others are made from ``events`` and
            ``attributes``.
    """

    name: str
    events: tuple[EventSource, ...]
    attributes: tuple[AttributeSource, ...] = ()
    cut_off: pd.Timestamp | None = None
    horizon_days: int = WINDOW_DAYS
    target: str | None = "spend"
    task: Task | None = None
    currency: str = ""
    roles: dict[str, Role] = field(default_factory=dict)
    outcomes: tuple[WindowTarget, ...] = ()
    origins: int = 3
    meanings: dict[str, Entry] = field(default_factory=dict)
    not_on_offer: tuple[str, ...] = ()
    time: str | None = None
    group: str | None = None
    sources: tuple[Source, ...] = ()
