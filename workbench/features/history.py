"""Rolling origins: the same customers' past, present and future at several cut-offs."""

from __future__ import annotations

import pandas as pd

from workbench.contracts import Origin, PurchaseHistory
from workbench.errors import InputError
from workbench.events import Events
from workbench.features._sql import MICROSECONDS_PER_DAY, MONEY_SCALE
from workbench.features.as_of import WINDOW_DAYS, features_as_of, microseconds, without_zone
from workbench.features.event_store import EventStore
from workbench.features.layout import layout_as_of
from workbench.features.mix import mix
from workbench.features.purchases import customers_as_of

MAX_CATEGORIES = 300
LEAST_BUYERS = 5

_SPEND = """
SELECT entity, CAST(sum(value) AS BIGINT) AS value FROM slips WHERE ts >= $since AND ts < $until
GROUP BY entity ORDER BY entity
"""


def spend_between(store: EventStore, entities: pd.Index, since: int, until: int) -> pd.Series:
    """Net spend in [since, until) in currency, zero for those who bought nothing, shape (entities,)."""
    found = store.ask(_SPEND, since=since, until=until).set_index("entity")["value"]
    return (found.reindex(entities).fillna(0) / MONEY_SCALE).astype(float)


def origins_until(store: EventStore, cut_off: pd.Timestamp, window_days: int, count: int) -> list[pd.Timestamp]:
    """Up to ``count`` instants, ``window_days`` apart, oldest first, the last at ``cut_off``.

    Each has two full windows of purchases before it.
    """
    step = pd.Timedelta(days=window_days)
    candidates = [cut_off - number * step for number in range(count)]
    return [instant for instant in reversed(candidates) if instant - 2 * step >= store.observed_from]


def history(
    store: EventStore,
    cut_off: pd.Timestamp,
    *,
    window_days: int = WINDOW_DAYS,
    origins: int = 3,
    currency: str = "",
    not_on_offer: tuple[str, ...] = (),
    notices: Events | None = None,
) -> PurchaseHistory | None:
    """What customers bought before, at and after up to ``origins`` cut-offs.

    All origins share one set of feature columns, chosen from the rows before the oldest, so that they may be pooled;
    categories are chosen at each origin from the rows before it.

    Returns:
        ``None`` where the purchases don't reach back two windows before the cut-off, which is told.

    Raises:
        InputError: ``window_days`` or ``origins`` is not positive.
    """
    if window_days < 1 or origins < 1:
        raise InputError(f"A history needs a window and origins of at least 1, not {window_days} and {origins}.")
    notices, cut_off = notices or Events(), without_zone(cut_off)
    instants = origins_until(store, cut_off, window_days, origins)
    if not instants:
        notices.notice(
            "features",
            f"The purchases begin {store.observed_from:%Y-%m-%d}, less than two windows of {window_days} days before "
            f"the cut-off {cut_off:%Y-%m-%d}: gaps can't be computed.",
        )
        return None
    if not_on_offer:
        notices.notice("features", f"Not counted as gaps, for no offer can introduce them: {', '.join(not_on_offer)}.")
    if len(instants) < origins:
        notices.notice(
            "features",
            f"The purchases reach back far enough for {len(instants)} instead of {origins} cut-offs of "
            f"{window_days} days: back-tests rest on fewer periods.",
        )
    first = microseconds(instants[0])
    layout = layout_as_of(store, customers_as_of(store, first), first)
    level: dict[str, None] = {}
    result = []
    for instant in instants:
        frame, catalogue = features_as_of(store, instant, window_days=window_days, layout=layout)
        level.update({entry.name: None for entry in catalogue.values() if entry.level})
        result.append(_origin(store, instant, frame, window_days, not_on_offer))
    if any(origin.category_past.shape[1] == MAX_CATEGORIES for origin in result):
        notices.notice(
            "features",
            f"The history keeps the {MAX_CATEGORIES} categories with the most spend of "
            f"{store.goods['category'].nunique():,}; the others are too small for gaps.",
        )
    return PurchaseHistory(
        window_days=window_days, currency=currency, origins=tuple(result), level_features=tuple(level)
    )


def _origin(
    store: EventStore, instant: pd.Timestamp, frame: pd.DataFrame, window_days: int, not_on_offer: tuple[str, ...]
) -> Origin:
    until, window = microseconds(instant), window_days * MICROSECONDS_PER_DAY
    entities = frame.index
    past = mix(store, entities, "category", until=until)
    largest = past.largest(MAX_CATEGORIES, least_buyers=LEAST_BUYERS)
    categories = tuple(name for name in largest if name not in not_on_offer)
    elapsed = instant + pd.Timedelta(days=window_days) <= store.observed_until
    future = mix(store, entities, "category", since=until, until=until + window).table(categories)
    return Origin(
        as_of=instant,
        features=frame,
        spend_before=spend_between(store, entities, until - 2 * window, until - window),
        spend_now=spend_between(store, entities, until - window, until),
        spend_future=spend_between(store, entities, until, until + window) if elapsed else None,
        category_past=past.table(categories),
        category_future=future if elapsed else None,
    )
