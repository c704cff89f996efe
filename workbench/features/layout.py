"""Which data-dependent columns a customer table has: chosen once, so that all cut-offs share one set of names."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from workbench.features.event_store import EventStore
from workbench.features.mix import mix

MAX_SHARES = 12
MAX_KINDS = 6
LEAST_BUYERS = 2
LEAST_BUYER_SHARE = 0.01
"""A category that hardly anybody buys says nothing about the others, however much its few buyers spend."""


@dataclass(frozen=True)
class Layout:
    """Columns that depend on the data.

    Attributes:
        departments: categories that get a share of the spend, largest first.
        kinds: by table of contacts or responses, the kinds that get a count of their own.
        clock: whether purchases carry a time of day.
    """

    departments: tuple[str, ...]
    kinds: tuple[tuple[str, ...], ...]
    clock: bool


def layout_as_of(store: EventStore, entities: pd.Index, until: int) -> Layout:
    """The layout that rows before ``until`` (microseconds since 1970) suggest."""
    buyers = max(LEAST_BUYERS, math.ceil(LEAST_BUYER_SHARE * len(entities)))
    bought = mix(store, entities, "department", until=until)
    timed = store.ask(
        "SELECT 1 FROM slips WHERE ts < $until AND ts <> epoch_us(date_trunc('day', make_timestamp(ts))) LIMIT 1",
        until=until,
    )
    counts = store.ask(
        "SELECT source, kind, count(*) AS n FROM touches WHERE ts < $until AND kind IS NOT NULL"
        " GROUP BY source, kind ORDER BY source, n DESC, kind",
        until=until,
    )
    kinds = tuple(
        tuple(counts.loc[counts["source"] == i, "kind"].iloc[:MAX_KINDS]) for i, _ in enumerate(store.touches)
    )
    departments = bought.largest(MAX_SHARES, least_buyers=buyers)
    return Layout(departments=departments, kinds=kinds, clock=len(timed) > 0)
