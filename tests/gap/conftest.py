"""Purchase histories with a known truth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from workbench.budget import Budget
from workbench.contracts import Column, Kind, Origin, PurchaseHistory, Role, Table, Task
from workbench.events import Events

TableOf = Callable[[PurchaseHistory | None], Table]
DATES = pd.to_datetime(["2024-01-01", "2024-03-01", "2024-05-01"])
WINDOW = 60


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture
def unlimited() -> Budget:
    return Budget.unlimited()


def _table_of(history: PurchaseHistory | None) -> Table:
    """A bare customer table over the customers of the last origin."""
    ids = history.origins[-1].features.index if history else pd.RangeIndex(50)
    frame = pd.DataFrame({"customer": np.asarray(ids), "x": 1.0})
    columns = (
        Column("customer", Kind.INTEGER, Role.ID, "name", 0, len(frame)),
        Column("x", Kind.NUMBER, Role.FEATURE, "default", 0, 1),
    )
    return Table("made", frame, columns, (), (), Task.SEGMENTS, None, "f", history=history)


@pytest.fixture
def table_of() -> TableOf:
    return _table_of


def _categories(ids: pd.Index, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Purchases in twelve categories that follow popularity only."""
    names = [f"c{i}" for i in range(12)]
    likes = np.linspace(0.5, 0.1, 12)
    past = (rng.random((len(ids), 12)) < likes) * rng.lognormal(2, 0.5, (len(ids), 12))
    future = (rng.random((len(ids), 12)) < likes / 2) * rng.lognormal(2, 0.5, (len(ids), 12))
    return pd.DataFrame(past, ids, names), pd.DataFrame(future, ids, names)


def _wallet_history(
    *, customers: int = 800, closing: float = 0.0, seed: int = 0, elapsed: bool = True
) -> tuple[PurchaseHistory, pd.Series]:
    """Customers whose wallet follows from structure and who give us a share of it.

    Args:
        customers: how many.
        closing: share of the unmet wallet that is spent with us in the next window.
        seed: of everything.
        elapsed: whether the last origin has a future.

    Returns:
        the history and the true unmet wallet, index = customer.
    """
    rng = np.random.default_rng(seed)
    ids = pd.Index(np.arange(1000, 1000 + customers), name="customer")
    household, income = rng.integers(1, 6, customers), rng.lognormal(0, 0.4, customers)
    region = rng.choice(["north", "süd", "東 [b]"], customers)
    wallet = 60 * household * income * np.where(region == "north", 1.0, 1.4)
    share = rng.beta(1.2, 1.0, customers)
    noise = lambda: rng.lognormal(-0.005, 0.1, customers)  # noqa: E731
    origins = []
    for number, date in enumerate(DATES):
        level = wallet * share
        before, now = level * noise(), level * noise()
        future = (level + closing * (wallet - level)) * noise()
        past, bought = _categories(ids, rng)
        features = pd.DataFrame(
            {"household": household, 'in{"come"}': income, "region": region, "total": before + now}, index=ids
        )
        last = number == len(DATES) - 1 and not elapsed
        origins.append(
            Origin(
                date,
                features,
                pd.Series(before, ids),
                pd.Series(now, ids),
                None if last else pd.Series(future, ids),
                past,
                None if last else bought,
            )
        )
    return PurchaseHistory(WINDOW, "USD", tuple(origins), ("total",)), pd.Series(wallet * (1 - share), ids)


@pytest.fixture
def wallet_history() -> Callable[..., tuple[PurchaseHistory, pd.Series]]:
    return _wallet_history


def _reverting_history(*, customers: int = 1000, seed: int = 0) -> PurchaseHistory:
    """Spend is a lasting level plus luck; nothing grows, and the features say nothing about the level."""
    rng = np.random.default_rng(seed)
    ids = pd.Index([f"k{i}" for i in range(customers)], name="customer")
    level = rng.normal(200, 30, customers)
    luck = lambda: rng.normal(0, 40, customers)  # noqa: E731
    origins = []
    for date in DATES:
        before, now = level + luck(), level + luck()
        past, bought = _categories(ids, rng)
        features = pd.DataFrame(rng.normal(size=(customers, 4)), index=ids, columns=list("abcd"))
        features["level"] = before + now
        future = pd.Series(level + luck(), ids)
        origins.append(Origin(date, features, pd.Series(before, ids), pd.Series(now, ids), future, past, bought))
    return PurchaseHistory(WINDOW, "USD", tuple(origins), ("level",))


@pytest.fixture
def reverting_history() -> Callable[..., PurchaseHistory]:
    return _reverting_history


def _co_purchase_history(*, customers: int = 600, groups: int = 4, width: int = 8, seed: int = 0) -> PurchaseHistory:
    """Each customer buys in one group of categories, all groups equally popular: popularity can't tell them apart."""
    rng = np.random.default_rng(seed)
    ids = pd.Index(np.arange(customers), name="customer")
    taste = rng.integers(0, groups, customers)
    names = [f"{group}-{i}" for group in range(groups) for i in range(width)]
    own = np.repeat(np.arange(groups), width)[None, :] == taste[:, None]
    past_flags = rng.random(own.shape) < np.where(own, 0.5, 0.03)
    origins = []
    for date in DATES:
        money = rng.lognormal(1.5, 0.4, own.shape)
        future_flags = rng.random(own.shape) < np.where(own, 0.3, 0.02)
        spend = pd.Series((past_flags * money).sum(axis=1), ids)
        features = pd.DataFrame({"a": rng.normal(size=customers), "total": spend}, index=ids)
        past = pd.DataFrame(past_flags * money, ids, names)
        bought = pd.DataFrame(future_flags * money, ids, names)
        origins.append(Origin(date, features, spend, spend, bought.sum(axis=1), past, bought))
        past_flags = past_flags | (future_flags & (rng.random(own.shape) < 0.3))
    return PurchaseHistory(WINDOW, "", tuple(origins), ("total",))


@pytest.fixture
def co_purchase_history() -> Callable[..., PurchaseHistory]:
    return _co_purchase_history
