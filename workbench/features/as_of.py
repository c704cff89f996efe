"""The one function that makes features: what was known at an instant, and nothing after it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from workbench.errors import InputError
from workbench.events import Events
from workbench.features.catalogue import Entry, Sheet
from workbench.features.contacts import contact_features
from workbench.features.event_store import EventStore
from workbench.features.layout import Layout, layout_as_of
from workbench.features.purchases import customers_as_of, purchase_features
from workbench.features.sources import EventSource

WINDOW_DAYS = 63


def without_zone(instant: pd.Timestamp) -> pd.Timestamp:
    """The instant without a zone, as events are kept; one with a zone is taken in UTC."""
    return instant if instant.tzinfo is None else instant.tz_convert("UTC").tz_localize(None)


def microseconds(instant: pd.Timestamp) -> int:
    """An instant as whole microseconds since 1970."""
    return int(without_zone(instant).as_unit("us").asm8.astype("int64"))


def features_as_of(
    events: EventStore | Sequence[EventSource],
    as_of: pd.Timestamp,
    *,
    window_days: int = WINDOW_DAYS,
    layout: Layout | None = None,
    notices: Events | None = None,
) -> tuple[pd.DataFrame, dict[str, Entry]]:
    """Features of everybody who bought before ``as_of``, from rows with an earlier instant only.

    Sums are made of integers and everything is sorted, so that the same rows give the same bits in any order and
    with any number of threads.

    Args:
        events: sources, or a store that has loaded them (for several cut-offs).
        as_of: the cut-off; a row at this very instant does not count.
        window_days: length of the recent window and of the one before it.
        layout: which data-dependent columns to make; by default what the rows before ``as_of`` suggest.
        notices: told what was left out.

    Returns:
        The features, shape (entities, features), indexed by entity in ascending order, and an entry for each column.

    Raises:
        InputError: a table can't be read, or nobody bought before ``as_of``.
    """
    if not isinstance(events, EventStore):
        with EventStore(events, events=notices) as store:
            return features_as_of(store, as_of, window_days=window_days, layout=layout)
    until = microseconds(as_of)
    entities = customers_as_of(events, until)
    if entities.empty:
        raise InputError(
            f"Nobody bought before {as_of:%Y-%m-%d}: the purchases begin on {events.observed_from:%Y-%m-%d}; "
            "choose a later cut-off."
        )
    layout = layout or layout_as_of(events, entities, until)
    sheet = Sheet(entities)
    purchase_features(events, sheet, layout, until, window_days)
    contact_features(events, sheet, layout, until, window_days)
    return sheet.frame(), sheet.catalogue
