"""The gaps that this version does not compute, each with the data that it would need."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.contracts import Gap, GapKind
from workbench.gap._base import Work, unavailable


@dataclass(frozen=True)
class NotComputed:
    """A gap that is named, so that nobody takes its absence for a finding of nothing."""

    kind: GapKind
    unit: str
    assumption: str
    missing: str

    def find(self, work: Work) -> Gap:
        """What is missing; nothing is computed."""
        return unavailable(self.kind, unit=self.unit, assumption=self.assumption, missing=self.missing)


NOT_COMPUTED = (
    NotComputed(
        GapKind.TIMING,
        unit="purchases missing against expectation, -1 to 1 per period",
        assumption="The chance of a purchase in a period is well calibrated.",
        missing=(
            "whether each customer bought in each of at least three past periods, with features as known before each;"
            " a purchase history by window holds money, not purchase dates"
        ),
    ),
    NotComputed(
        GapKind.INTENT,
        unit="currency per window",
        assumption="What customers search for or look at is what they want, and they do not buy it elsewhere.",
        missing="an event log of searches or views with customer, time and category, and purchases by category",
    ),
    NotComputed(
        GapKind.SUPPLY,
        unit="currency per window",
        assumption="It is known what was on offer, where and when.",
        missing="stock or assortment by product, place and period, and own and reference prices",
    ),
    NotComputed(
        GapKind.AWARENESS,
        unit="currency per window",
        assumption="The lower price was within the customer's reach: same product, same week, same store or chain.",
        missing="price paid by customer, product, store and week, and the promotions and coupons open to her",
    ),
)
