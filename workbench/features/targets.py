"""What customers did after a cut-off: the columns that a model is to predict."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.errors import InputError
from workbench.features._sql import MICROSECONDS_PER_DAY
from workbench.features.as_of import microseconds
from workbench.features.event_store import EventStore
from workbench.features.history import spend_between
from workbench.features.sources import Purpose

YES, NO = "yes", "no"


def default_cut_off(store: EventStore, horizon_days: int) -> pd.Timestamp:
    """The latest midnight after which ``horizon_days`` have fully elapsed in the purchases."""
    return store.observed_until - pd.Timedelta(days=horizon_days)


def check_elapsed(store: EventStore, cut_off: pd.Timestamp, horizon_days: int) -> None:
    """Refuse a target window that has not fully elapsed.

    Raises:
        InputError: the window is empty, begins before the data or ends after the last day with purchases.
    """
    if horizon_days < 1:
        raise InputError(f"The horizon must be at least 1 day, not {horizon_days}.")
    if microseconds(cut_off) > microseconds(default_cut_off(store, horizon_days)):
        last = store.observed_until - pd.Timedelta(days=1)
        raise InputError(
            f"The {horizon_days} days from {cut_off:%Y-%m-%d} have not fully elapsed: purchases end on "
            f"{last:%Y-%m-%d}; choose a cut-off up to {default_cut_off(store, horizon_days):%Y-%m-%d} "
            "or a shorter horizon."
        )


def spend_after(store: EventStore, entities: pd.Index, cut_off: pd.Timestamp, horizon_days: int) -> pd.Series:
    """Net spend in [cut-off, cut-off + horizon), currency, zero for those who didn't buy.

    Raises:
        InputError: the window has not fully elapsed.
    """
    check_elapsed(store, cut_off, horizon_days)
    since = microseconds(cut_off)
    return spend_between(store, entities, since, since + horizon_days * MICROSECONDS_PER_DAY)


def active_after(store: EventStore, entities: pd.Index, cut_off: pd.Timestamp, horizon_days: int) -> pd.Series:
    """``yes`` for those with a purchase in [cut-off, cut-off + horizon), else ``no``.

    Raises:
        InputError: the window has not fully elapsed.
    """
    check_elapsed(store, cut_off, horizon_days)
    return _happened(
        store,
        entities,
        cut_off,
        horizon_days,
        "SELECT DISTINCT entity FROM slips WHERE ts >= $since AND ts < $until AND (gained > 0 OR returned = 0)",
    )


def responds_after(store: EventStore, entities: pd.Index, cut_off: pd.Timestamp, horizon_days: int) -> pd.Series:
    """``yes`` for those with a response (such as a redeemed coupon) in [cut-off, cut-off + horizon), else ``no``.

    Raises:
        InputError: no table of responses is named, or the window has not fully elapsed.
    """
    numbers = [str(i) for i, source in enumerate(store.touches) if source.purpose is Purpose.RESPONSES]
    if not numbers:
        raise InputError("The target 'redeems' needs a table of responses; name one with purpose = \"responses\".")
    check_elapsed(store, cut_off, horizon_days)
    return _happened(
        store,
        entities,
        cut_off,
        horizon_days,
        f"SELECT DISTINCT entity FROM touches WHERE source IN ({', '.join(numbers)})"  # noqa: S608 - numbers of ours
        " AND ts >= $since AND ts < $until",
    )


def _happened(store: EventStore, entities: pd.Index, cut_off: pd.Timestamp, horizon_days: int, sql: str) -> pd.Series:
    since = microseconds(cut_off)
    found = store.ask(sql, since=since, until=since + horizon_days * MICROSECONDS_PER_DAY)
    return pd.Series(np.where(entities.isin(found["entity"]), YES, NO), index=entities, dtype="str")
