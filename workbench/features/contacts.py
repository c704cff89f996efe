"""What contacts (mailings, campaigns) and responses (redemptions) before a cut-off tell."""

from __future__ import annotations

import numpy as np

from workbench.contracts import Lever
from workbench.features._sql import MICROSECONDS_PER_DAY
from workbench.features.catalogue import Sheet, ratio, slug
from workbench.features.event_store import EventStore
from workbench.features.layout import Layout
from workbench.features.sources import Purpose

_COUNTS = """
SELECT entity, kind, count(*) AS n, count(*) FILTER (WHERE ts >= $recent) AS recent, max(ts) AS last
FROM touches WHERE source = $source AND ts < $until GROUP BY entity, kind ORDER BY entity, kind
"""


def contact_features(store: EventStore, sheet: Sheet, layout: Layout, until: int, window_days: int) -> None:
    """Add counts, kinds and recency of each table of contacts or responses to ``sheet``."""
    reached: dict[str, np.ndarray] = {}
    for i, source in enumerate(store.touches):
        lever = Lever.CONTROLLABLE if source.purpose is Purpose.CONTACTS else Lever.PARTLY
        counts = store.ask(_COUNTS, source=i, until=until, recent=until - window_days * MICROSECONDS_PER_DAY)
        grouped = counts.groupby("entity", sort=True).agg({"n": "sum", "recent": "sum", "last": "max"})
        grouped = grouped.reindex(sheet.index)
        name, words = slug(source.name), source.name.replace("_", " ")
        total = grouped["n"].fillna(0).to_numpy(dtype=np.int64)
        recent = grouped["recent"].fillna(0).to_numpy(dtype=np.int64)
        sheet.add(name, total, f"Number of {words} before the cut-off.", "", lever)
        sheet.add(
            f"{name}_last_{window_days}_days",
            recent,
            f"Number of {words} in the {window_days} days before the cut-off.",
            "",
            lever,
        )
        days = (until - grouped["last"].to_numpy(dtype=float)) / MICROSECONDS_PER_DAY
        sheet.add(f"days_since_{name}", days, f"Days since the last of the {words}; empty where never.", "days", lever)
        for kind in layout.kinds[i]:
            of_kind = counts[counts["kind"] == kind].set_index("entity")["n"].reindex(sheet.index)
            values = of_kind.fillna(0).to_numpy(dtype=np.int64)
            sheet.add(f"{name}_{slug(kind)}", values, f"Number of {words} of kind {kind}.", "", lever)
        if source.purpose is Purpose.CONTACTS:
            reached[source.name] = total
            continue
        for contact, sent in reached.items():
            sheet.add(
                f"{name}_per_{slug(contact)}",
                ratio(total, sent),
                f"Number of {words} divided by {contact.replace('_', ' ')}; empty for those never reached.",
                "",
                Lever.PARTLY,
            )
