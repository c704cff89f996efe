"""What customers' purchases before a cut-off tell: recency, rhythm, money, mix, saving and habits."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.contracts import Lever
from workbench.features._sql import MICROSECONDS_PER_DAY, MONEY_SCALE
from workbench.features.catalogue import Sheet, ratio, slug
from workbench.features.event_store import EventStore
from workbench.features.layout import Layout
from workbench.features.mix import breadth, mix

_TOTALS = """
WITH past AS (SELECT * FROM slips WHERE ts < $until),
baskets AS (
    SELECT entity, basket, min(ts) AS ts, sum(value) AS value, sum(gained) AS gained, sum(returned) AS returned,
        sum(quantity) AS quantity, sum(discount) AS discount, sum(coupon) AS coupon,
        coalesce(sum(value) FILTER (WHERE ts >= $recent), 0) AS last,
        coalesce(sum(value) FILTER (WHERE ts >= $earlier AND ts < $recent), 0) AS previous{flags},
        sum(gained) > 0 OR sum(returned) = 0 AS visit
    FROM past GROUP BY entity, basket),
shaped AS (SELECT *, make_timestamp(ts) AS stamp FROM baskets)
SELECT entity,
    count(*) FILTER (WHERE visit) AS baskets,
    count(*) FILTER (WHERE visit AND ts >= $recent) AS baskets_last,
    min(ts) FILTER (WHERE visit) AS first_ts, max(ts) FILTER (WHERE visit) AS last_ts,
    CAST(sum(value) AS BIGINT) AS value, CAST(sum(gained) AS BIGINT) AS gained,
    CAST(sum(returned) AS BIGINT) AS returned, CAST(sum(quantity) AS BIGINT) AS quantity,
    CAST(sum(discount) AS BIGINT) AS discount, CAST(sum(coupon) AS BIGINT) AS coupon,
    CAST(sum(last) AS BIGINT) AS last, CAST(sum(previous) AS BIGINT) AS previous,
    count(*) FILTER (WHERE visit AND coupon > 0) AS coupon_baskets,
    count(*) FILTER (WHERE visit AND isodow(stamp) >= 6) AS weekend,
    count(*) FILTER (WHERE visit AND hour(stamp) < 12) AS morning,
    count(*) FILTER (WHERE visit AND hour(stamp) >= 17) AS evening{flag_totals}
FROM shaped GROUP BY entity HAVING count(*) FILTER (WHERE visit) > 0 ORDER BY entity
"""

_RHYTHM = """
WITH days AS (SELECT DISTINCT entity, day FROM slips WHERE ts < $until AND (gained > 0 OR returned = 0)),
gaps AS (SELECT entity, CAST(day - lag(day) OVER (PARTITION BY entity ORDER BY day) AS BIGINT) AS gap FROM days)
SELECT entity, count(gap) AS gaps, CAST(coalesce(sum(gap), 0) AS BIGINT) AS total,
    CAST(coalesce(sum(gap * gap), 0) AS BIGINT) AS squares
FROM gaps GROUP BY entity ORDER BY entity
"""

_STORES = """
WITH places AS (SELECT entity, store, CAST(sum(gained) AS BIGINT) AS gained FROM slips
    WHERE ts < $until AND store IS NOT NULL GROUP BY entity, store)
SELECT entity, count(*) AS stores, max(gained) AS main, CAST(sum(gained) AS BIGINT) AS total
FROM places GROUP BY entity ORDER BY entity
"""


def customers_as_of(store: EventStore, until: int) -> pd.Index:
    """Who bought at least once before ``until``, sorted."""
    found = store.ask(
        "WITH baskets AS (SELECT entity, sum(gained) > 0 OR sum(returned) = 0 AS visit FROM slips"
        " WHERE ts < $until GROUP BY entity, basket)"
        " SELECT DISTINCT entity FROM baskets WHERE visit ORDER BY entity",
        until=until,
    )
    entities: pd.Index = pd.Index(found["entity"], name=store.entity)
    return entities


def purchase_features(store: EventStore, sheet: Sheet, layout: Layout, until: int, window_days: int) -> None:
    """Add the features of purchases to ``sheet``, whose index is ``customers_as_of(store, until)``."""
    flags = range(len(store.flag_names))
    totals = store.ask(
        _TOTALS.format(
            flags="".join(f", sum(flag_{i}) AS flag_{i}" for i in flags),
            flag_totals="".join(f", CAST(sum(flag_{i}) AS BIGINT) AS flag_{i}" for i in flags),
        ),
        until=until,
        recent=until - window_days * MICROSECONDS_PER_DAY,
        earlier=until - 2 * window_days * MICROSECONDS_PER_DAY,
    )
    column = {name: totals[name].to_numpy() for name in totals.columns if name != "entity"}
    recency = (until - column["last_ts"]) / MICROSECONDS_PER_DAY
    _rhythm(store, sheet, column, recency, until)
    _money(sheet, column, until, window_days, returns=store.has("returns"), quantity=store.has("quantity"))
    _mix(store, sheet, layout, until)
    _saving(store, sheet, column)
    _places(store, sheet, until)
    _habits(sheet, column, layout)


def _rhythm(store: EventStore, sheet: Sheet, column: dict[str, np.ndarray], recency: np.ndarray, until: int) -> None:
    tenure = (until - column["first_ts"]) / MICROSECONDS_PER_DAY
    rhythm = store.ask(_RHYTHM, until=until).set_index("entity").reindex(sheet.index)
    gaps, total, squares = (rhythm[name].to_numpy(dtype=float) for name in ("gaps", "total", "squares"))
    mean = ratio(total, gaps)
    spread = np.sqrt(np.maximum(ratio(squares, gaps) - mean**2, 0.0))
    irregular = np.where(gaps >= 2, ratio(spread, mean), np.nan)
    sheet.add("days_since_last_purchase", recency, "Days from the last purchase to the cut-off.", "days")
    sheet.add("tenure_days", tenure, "Days from the first known purchase to the cut-off.", "days")
    sheet.add("days_between_visits", mean, "Average days from one day with a purchase to the next.", "days", level=True)
    sheet.add(
        "visit_irregularity",
        irregular,
        "How uneven the days between visits are: standard deviation divided by mean; 0 is clockwork.",
    )
    sheet.add(
        "lateness",
        ratio(recency, mean),
        "Days since the last purchase divided by the usual days between visits; above 1 is later than usual.",
    )


def _money(
    sheet: Sheet, column: dict[str, np.ndarray], until: int, window: int, *, returns: bool, quantity: bool
) -> None:
    baskets = column["baskets"]
    weeks = np.maximum((until - column["first_ts"]) / MICROSECONDS_PER_DAY / 7, 1.0)
    spend, last, previous = (column[name] / MONEY_SCALE for name in ("value", "last", "previous"))
    gained = column["gained"] / MONEY_SCALE
    sheet.add("baskets", baskets, "Purchases (baskets) before the cut-off.", "baskets", level=True)
    sheet.add(
        "baskets_per_week", baskets / weeks, "Purchases per week since the first.", "baskets per week", level=True
    )
    sheet.add(
        f"baskets_last_{window}_days",
        column["baskets_last"],
        f"Purchases in the {window} days before the cut-off.",
        "baskets",
        level=True,
    )
    sheet.add("spend_total", spend, "All spend before the cut-off.", "currency", level=True)
    sheet.add("spend_per_week", spend / weeks, "Spend per week since the first purchase.", "currency", level=True)
    sheet.add(
        f"spend_last_{window}_days", last, f"Spend in the {window} days before the cut-off.", "currency", level=True
    )
    sheet.add(
        f"spend_previous_{window}_days", previous, f"Spend in the {window} days before those.", "currency", level=True
    )
    sheet.add(
        "spend_trend",
        ratio(last - previous, np.abs(last) + np.abs(previous)),
        f"Spend of the last {window} days against the {window} before: -1 stopped, 0 the same, 1 new.",
    )
    sheet.add("basket_value", ratio(gained, baskets), "Average spend per purchase.", "currency", Lever.PARTLY)
    if quantity:
        pieces = column["quantity"] / MONEY_SCALE
        sheet.add("items_per_basket", ratio(pieces, baskets), "Average pieces per purchase.", "items", Lever.PARTLY)
        sheet.add("item_price", ratio(gained, pieces), "Average money paid per piece.", "currency", Lever.PARTLY)
    if returns:
        returned = -column["returned"] / MONEY_SCALE
        sheet.add("returned_share", ratio(returned, gained), "Money of cancelled or returned lines per money bought.")


def _mix(store: EventStore, sheet: Sheet, layout: Layout, until: int) -> None:
    if not len(store.goods):
        return
    if store.goods["category"].notna().any():
        count, entropy, largest = breadth(mix(store, sheet.index, "category", until=until))
        sheet.add("categories_bought", count, "Different categories bought before the cut-off.", "", Lever.PARTLY)
        sheet.add(
            "category_variety",
            entropy,
            "How evenly the spend is spread over categories (entropy in bits); 0 is one category only.",
            "bits",
            Lever.PARTLY,
        )
        sheet.add("top_category_share", largest, "Share of the spend in the customer's largest category.", "share")
    if not layout.departments:
        return
    departments = mix(store, sheet.index, "department", until=until)
    positive = np.maximum(departments.values, 0)
    whole = np.bincount(departments.rows, weights=positive.astype(float), minlength=len(sheet.index)) / MONEY_SCALE
    amounts = departments.table(layout.departments)
    for name in layout.departments:
        share = ratio(np.maximum(amounts[name].to_numpy(), 0.0), whole)
        sheet.add(f"share_{slug(name)}", share, f"Share of the spend that goes to {name}.", "share")


def _saving(store: EventStore, sheet: Sheet, column: dict[str, np.ndarray]) -> None:
    if store.has("discount"):
        share = ratio(column["discount"], column["gained"] + column["discount"])
        sheet.add("discount_share", share, "Discount as a share of the price before it.", "share", Lever.CONTROLLABLE)
    if store.has("coupon"):
        sheet.add(
            "coupon_saving_share",
            ratio(column["coupon"], column["gained"]),
            "Money saved by coupons per money spent.",
            "share",
            Lever.PARTLY,
        )
        sheet.add(
            "coupon_basket_share",
            ratio(column["coupon_baskets"], column["baskets"]),
            "Share of purchases with a coupon.",
            "share",
            Lever.PARTLY,
        )
    described = {flag.feature: flag for source in store.purchases for flag in source.flags}
    for i, name in enumerate(store.flag_names):
        share = ratio(column[f"flag_{i}"], column["gained"])
        sheet.add(name, share, described[name].meaning, "share", described[name].lever)


def _places(store: EventStore, sheet: Sheet, until: int) -> None:
    if not store.has("store"):
        return
    places = store.ask(_STORES, until=until).set_index("entity").reindex(sheet.index)
    sheet.add("stores", places["stores"].fillna(0).to_numpy(dtype=np.int64), "Different stores visited.")
    share = ratio(places["main"].to_numpy(dtype=float), places["total"].to_numpy(dtype=float))
    sheet.add("main_store_share", share, "Share of the spend in the store visited most.", "share")


def _habits(sheet: Sheet, column: dict[str, np.ndarray], layout: Layout) -> None:
    baskets = column["baskets"]
    sheet.add("weekend_share", ratio(column["weekend"], baskets), "Share of purchases on Saturday or Sunday.", "share")
    if layout.clock:
        sheet.add("morning_share", ratio(column["morning"], baskets), "Share of purchases before noon.", "share")
        sheet.add("evening_share", ratio(column["evening"], baskets), "Share of purchases from 5 pm on.", "share")
