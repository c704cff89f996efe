from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.budget import Budget
from workbench.contracts import (
    Column,
    Gap,
    GapKind,
    GapReport,
    Kind,
    Origin,
    PurchaseHistory,
    Role,
    Table,
    Task,
)
from workbench.events import Events
from workbench.gap import by_segment, find_gaps
from workbench.gap._base import CATEGORY_COLUMNS, POTENTIAL_COLUMNS, SEGMENT_COLUMNS, WHITESPACE_COLUMNS
from workbench.gap.bootstrap import total_interval

Wallets = Callable[..., tuple[PurchaseHistory, pd.Series]]
TableOf = Callable[[PurchaseHistory | None], Table]


def _conforms(gap: Gap, table: Table) -> None:
    """What everyone may rely on, for every kind of gap and any data."""
    assert set(SEGMENT_COLUMNS) <= set(gap.per_segment.columns)
    assert set(CATEGORY_COLUMNS) <= set(gap.per_category.columns)
    needed = WHITESPACE_COLUMNS if gap.kind is GapKind.WHITESPACE else POTENTIAL_COLUMNS
    assert set(needed) <= set(gap.per_customer.columns)
    assert gap.assumption
    assert gap.verdict
    if gap.available:
        assert gap.unit
        assert not gap.missing
        assert gap.per_customer.index.equals(table.frame.index)
        values = gap.per_customer["gap"].dropna()
        assert (values >= 0).all()
        assert np.isfinite(values).all()
        assert all(isinstance(value, float) for value in gap.figures.values())
    else:
        assert gap.missing
        assert not gap.holds
        assert gap.per_customer.empty
        assert gap.backtest.empty


def _money_table(n: int = 400, *, name: str = "annual spend", unit: str = "", seed: int = 0) -> Table:
    rng = np.random.default_rng(seed)
    age, city = rng.integers(18, 80, n), rng.choice(["a,b", "[bold]", "城"], n)
    spend = np.exp(3 + age / 40 + (city == "城") + rng.normal(0, 0.5, n))
    frame = pd.DataFrame({"id": np.arange(n), "age": age, '{"city"}': city, name: spend})
    columns = (
        Column("id", Kind.INTEGER, Role.ID, "", 0, n),
        Column("age", Kind.INTEGER, Role.FEATURE, "", 0, 60),
        Column('{"city"}', Kind.CATEGORY, Role.FEATURE, "", 0, 3),
        Column(name, Kind.NUMBER, Role.TARGET, "", 0, n, unit=unit),
    )
    return Table("plain", frame, columns, (), (), Task.REGRESSION, name, "f", outcome=name)


def _find(table: Table, events: Events | None = None) -> GapReport:
    return find_gaps(table, budget=Budget.unlimited(), events=events or Events())


def test_every_kind_is_in_the_report_and_conforms(wallet_history: Wallets, table_of: TableOf) -> None:
    history, _ = wallet_history(customers=200)
    table = table_of(history)
    report = _find(table)
    assert [gap.kind for gap in report.gaps] == list(GapKind)
    for gap in report.gaps:
        _conforms(gap, table)
    assert [gap.kind for gap in report.gaps if gap.available] == [GapKind.POTENTIAL, GapKind.WHITESPACE]


def test_plain_table_has_a_potential_but_no_backtest() -> None:
    table = _money_table()
    report = _find(table)
    for gap in report.gaps:
        _conforms(gap, table)
    potential, whitespace = report.of(GapKind.POTENTIAL), report.of(GapKind.WHITESPACE)
    assert potential is not None
    assert whitespace is not None
    assert potential.available
    assert potential.backtest.empty
    assert not potential.holds
    assert "No back-test is possible" in potential.verdict
    assert "annual spend" in potential.unit
    assert abs(potential.figures["coverage"] - 0.9) <= 0.03
    assert not whitespace.available
    assert "category" in whitespace.missing


def test_plain_table_leaves_out_what_tells_the_outcome() -> None:
    table = _money_table()
    frame = table.frame.assign(twice=table.frame["annual spend"] * 2)
    columns = (*table.columns, Column("twice", Kind.NUMBER, Role.FEATURE, "", 0, len(frame)))
    events = Events()
    with_leak = _find(replace(table, frame=frame, columns=columns), events).of(GapKind.POTENTIAL)
    without = _find(table).of(GapKind.POTENTIAL)
    assert with_leak is not None
    assert without is not None
    pd.testing.assert_frame_equal(with_leak.per_customer, without.per_customer)
    assert any("twice" in notice.message for notice in events.notices)


@pytest.mark.parametrize(
    ("name", "unit", "available"),
    [
        ("rides", "", False),
        ("rides", "currency", True),
        ("charges", "", True),
        ("消费金额", "", True),
        ("spend", "days", False),
    ],
)
def test_only_money_has_a_potential(name: str, unit: str, available: bool) -> None:
    gap = _find(_money_table(150, name=name, unit=unit)).of(GapKind.POTENTIAL)
    assert gap is not None
    assert gap.available is available
    assert available or "money" in gap.missing


def test_missing_outcomes_have_no_potential() -> None:
    table = _money_table()
    frame = table.frame.copy()
    frame.loc[:49, "annual spend"] = np.nan
    frame.loc[50, "annual spend"] = np.inf
    gap = _find(replace(table, frame=frame)).of(GapKind.POTENTIAL)
    assert gap is not None
    assert gap.per_customer["gap"].isna().sum() == 51


def test_no_outcome_no_history_says_what_is_needed() -> None:
    table = replace(_money_table(), outcome=None, target=None, task=Task.SEGMENTS)
    report = _find(table)
    assert not any(gap.available for gap in report.gaps)
    assert all(gap.missing for gap in report.gaps)


def test_segments_add_up_and_intervals_hold_the_total(wallet_history: Wallets, table_of: TableOf) -> None:
    history, _ = wallet_history(customers=300)
    table = table_of(history)
    labels = pd.Series(np.arange(300) % 4, index=table.frame.index)
    report = by_segment(_find(table), labels)
    for gap in report.gaps:
        if not gap.available:
            assert gap.per_segment.empty
            continue
        rows = gap.per_segment
        assert list(rows["segment"]) == [0, 1, 2, 3]
        assert rows["customers"].sum() == 300
        assert rows["gap_total"].sum() == pytest.approx(gap.per_customer["gap"].sum())
        assert ((rows["low"] <= rows["gap_total"]) & (rows["gap_total"] <= rows["high"])).all()
        np.testing.assert_allclose(rows["gap_mean"] * rows["customers"], rows["gap_total"])
    again = by_segment(_find(table), labels)
    for one, two in zip(report.gaps, again.gaps, strict=True):
        pd.testing.assert_frame_equal(one.per_segment, two.per_segment)


def _bare(values: list[float]) -> GapReport:
    frame = pd.DataFrame({"gap": values, "top_category": ["a"] * len(values), "top_category_value": values})
    empty = pd.DataFrame()
    return GapReport((Gap(GapKind.WHITESPACE, True, "u", "a", frame, empty, empty, empty, "v", False, {}),))


@given(
    st.lists(
        st.tuples(st.one_of(st.just(float("nan")), st.floats(0, 1e6)), st.one_of(st.none(), st.integers(-1, 4))),
        min_size=1,
        max_size=40,
    )
)
@settings(max_examples=40, deadline=None)
def test_segment_totals_are_sums_whatever_the_labels(rows: list[tuple[float, int | None]]) -> None:
    values, labels = [value for value, _ in rows], pd.Series([label for _, label in rows], dtype="Int64")
    gap = by_segment(_bare(values), labels).gaps[0]
    counted = [value for value, label in rows if label is not None and not np.isnan(value)]
    if gap.per_segment.empty:
        assert not any(label is not None for _, label in rows)
        return
    assert gap.per_segment["gap_total"].sum() == pytest.approx(sum(counted))
    assert gap.per_segment["customers"].sum() == len(counted)


def test_interval_of_a_total_covers_as_often_as_it_says() -> None:
    rng = np.random.default_rng(0)
    hits = 0
    for _ in range(300):
        low, high = total_interval(rng.exponential(10, 80), rng, draws=400)
        hits += low <= 800 <= high
    assert 0.89 <= hits / 300 <= 0.98
    many = rng.exponential(10, 30_000)
    low, high = total_interval(many, rng)
    assert low < many.sum() < high
    assert total_interval(np.array([]), rng) == (0.0, 0.0)


@given(
    seed=st.integers(0, 100),
    customers=st.sampled_from([1, 30, 120]),
    categories=st.integers(0, 5),
    zero=st.sampled_from([0.0, 0.9, 1.0]),
    holes=st.booleans(),
)
@settings(max_examples=8, deadline=None)
def test_any_history_gives_a_conforming_report(
    seed: int, customers: int, categories: int, zero: float, holes: bool
) -> None:
    rng = np.random.default_rng(seed)
    ids = pd.Index(np.arange(customers))

    def spend() -> pd.Series:
        values = rng.lognormal(3, 1, customers) * (rng.random(customers) >= zero)
        if holes:
            values[rng.random(customers) < 0.2] = np.nan
        return pd.Series(values, ids)

    def by_category() -> pd.DataFrame:
        return pd.DataFrame({f"c{i}": spend() for i in range(categories)}, index=ids)

    origins = tuple(
        Origin(
            pd.Timestamp("2024-01-01") + pd.Timedelta(days=30 * number),
            pd.DataFrame({"a": spend(), "b": rng.choice(["x", "y"], customers), "total": spend()}, index=ids),
            spend(),
            spend(),
            spend() if number < 2 else None,
            by_category(),
            by_category() if number < 2 else None,
        )
        for number in range(3)
    )
    columns = (Column("id", Kind.INTEGER, Role.ID, "", 0, customers),)
    history = PurchaseHistory(30, "EUR", origins, ("total",))
    frame = pd.DataFrame({"id": np.arange(customers)})
    table = Table("any", frame, columns, (), (), Task.SEGMENTS, None, "f", history=history)
    for gap in _find(table).gaps:
        _conforms(gap, table)


def test_a_short_budget_samples_large_tables_and_says_so(wallet_history: Wallets, table_of: TableOf) -> None:
    history, _ = wallet_history(customers=7000)
    table = table_of(replace(history, origins=history.origins[1:]))
    events = Events()
    report = find_gaps(table, budget=Budget(10.0, started=0.0, clock=lambda: 0.0), events=events)
    messages = [notice.message for notice in events.notices]
    assert any("learnt on 5,000 of 7,000" in message for message in messages)
    assert any("judged as of 2024-05-01 on 3,000 of 7,000" in message for message in messages)
    gap = report.of(GapKind.POTENTIAL)
    assert gap is not None
    assert gap.per_customer["gap"].notna().all()
    assert abs(gap.figures["coverage"] - 0.9) <= 0.02


def test_customers_who_bought_everything_have_no_whitespace_and_no_crash() -> None:
    import numpy as np

    from workbench.gap.whitespace_backtest import judge_rankings

    past = np.ones((30, 3))
    scores = {"popularity": np.ones((30, 3))}
    assert judge_rankings("now", scores, past, past, np.random.default_rng(0)).empty
