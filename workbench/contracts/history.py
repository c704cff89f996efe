"""What customers bought before and after a cut-off, by category: the demand side of the information gap."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Origin:
    """What was known at one instant, and what came after it. All frames share one index: the customer id.

    With ``as_of`` = T and a window of h days: *before* is [T-2h, T-h), *now* is [T-h, T), *future* is [T, T+h).

    Attributes:
        features: shape (customers, features), computed from rows before T only; includes the columns
            that tell the own spend level (see ``PurchaseHistory.level_features``).
        spend_before: currency per window.
        spend_now: currency per window.
        spend_future: currency per window; ``None`` where the window has not fully elapsed.
        category_past: shape (customers, categories), currency in all of the past kept for categories (up to T).
        category_future: shape (customers, categories), currency in [T, T+h); ``None`` as ``spend_future``.
    """

    as_of: pd.Timestamp
    features: pd.DataFrame
    spend_before: pd.Series
    spend_now: pd.Series
    spend_future: pd.Series | None
    category_past: pd.DataFrame
    category_future: pd.DataFrame | None


@dataclass(frozen=True)
class PurchaseHistory:
    """Rolling origins over one set of purchases.

    Attributes:
        origins: oldest first; the last one stands at the table's cut-off.
        level_features: columns of ``Origin.features`` that tell the customer's own spend level
            (totals, monetary value, spend per time): a potential may not be predicted from them.
    """

    window_days: int
    currency: str
    origins: tuple[Origin, ...]
    level_features: tuple[str, ...]
