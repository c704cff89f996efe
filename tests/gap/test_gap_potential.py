from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from workbench.budget import Budget
from workbench.contracts import GapKind, Origin, PurchaseHistory, Table
from workbench.errors import Stopped
from workbench.events import Events
from workbench.gap import find_gaps
from workbench.gap._base import Work
from workbench.gap.backtest import BASELINES, GAP, UNSHRUNK
from workbench.gap.potential_of_history import PotentialOfHistory

Wallets = Callable[..., tuple[PurchaseHistory, pd.Series]]
TableOf = Callable[[PurchaseHistory | None], Table]


def _find(table: Table, events: Events | None = None, budget: Budget | None = None, seed: int = 0):
    return PotentialOfHistory().find(Work(table, budget or Budget.unlimited(), events or Events(), seed))


def test_planted_wallet_is_found_and_its_growth_is_proved(wallet_history: Wallets, table_of: TableOf) -> None:
    history, truth = wallet_history(closing=0.3)
    gap = _find(table_of(history))
    assert gap.per_customer["gap"].corr(truth.set_axis(gap.per_customer.index), method="spearman") >= 0.6
    assert gap.unit == "USD per 60 days"
    of_gap = gap.backtest[gap.backtest["score"] == GAP]
    assert (of_gap["adjusted_low"] > 0).all()
    assert gap.holds, gap.verdict
    assert gap.verdict.startswith("This gap predicts growth here")


def test_a_wallet_that_never_closes_is_potential_but_no_forecast(wallet_history: Wallets, table_of: TableOf) -> None:
    history, truth = wallet_history(closing=0.0)
    gap = _find(table_of(history))
    assert gap.per_customer["gap"].corr(truth.set_axis(gap.per_customer.index), method="spearman") >= 0.6
    assert not gap.holds, gap.verdict


@pytest.mark.parametrize("seed", range(2))
def test_regression_to_the_mean_looks_good_naively_and_is_unmasked(
    reverting_history: Callable[..., PurchaseHistory], table_of: TableOf, seed: int
) -> None:
    gap = _find(table_of(reverting_history(seed=seed)), seed=seed)
    scores = gap.backtest.groupby("score").mean(numeric_only=True)
    assert scores.loc[UNSHRUNK, "naive_top20"] > 20
    assert scores.loc[UNSHRUNK, "naive_rank_correlation"] > 0.3
    assert scores.loc["low spender", "naive_top20"] > 20
    assert abs(scores.loc[GAP, "adjusted_top20"]) < 8
    assert not gap.holds
    assert "does not predict growth" in gap.verdict


def test_backtest_shows_every_score_at_every_origin(wallet_history: Wallets, table_of: TableOf) -> None:
    history, _ = wallet_history(customers=300)
    gap = _find(table_of(history))
    assert len(gap.backtest) == 3 * (2 + len(BASELINES))
    assert set(gap.backtest["score"]) == {GAP, UNSHRUNK, *BASELINES}
    assert list(gap.backtest["origin"].unique()) == ["2024-01-01", "2024-03-01", "2024-05-01"]
    assert (gap.backtest["adjusted_low"] <= gap.backtest["adjusted_top20"]).all()
    assert (gap.backtest["adjusted_top20"] <= gap.backtest["adjusted_high"]).all()


def test_coverage_and_order_of_the_figures(wallet_history: Wallets, table_of: TableOf) -> None:
    history, _ = wallet_history(customers=2000, elapsed=False)
    gap = _find(replace(table_of(history)))
    assert abs(gap.figures["coverage"] - gap.figures["level"]) <= 0.02
    assert abs(gap.figures["coverage_worst"] - gap.figures["level"]) <= 0.02
    frame = gap.per_customer
    assert (frame["low"] <= frame["gap"]).all()
    assert (frame["gap"] <= frame["high"]).all()
    np.testing.assert_allclose(frame["gap"], np.maximum(0, frame["potential"] - frame["observed"]))


def test_nothing_after_the_cut_off_reaches_the_gap(wallet_history: Wallets, table_of: TableOf) -> None:
    """Everything per customer is computed with what was known at the cut-off."""
    history, _ = wallet_history(customers=300)
    last = history.origins[-1]
    assert last.spend_future is not None
    assert last.category_future is not None
    changed = replace(
        last, spend_future=last.spend_future * 7 + 1, category_future=last.category_future.iloc[::-1] * 3 + 1
    )
    other = replace(history, origins=(*history.origins[:-1], changed))
    reports = [find_gaps(table_of(h), budget=Budget.unlimited(), events=Events()) for h in (history, other)]
    for kind in (GapKind.POTENTIAL, GapKind.WHITESPACE):
        one, two = (report.of(kind) for report in reports)
        assert one is not None
        assert two is not None
        assert one.available
        pd.testing.assert_frame_equal(one.per_customer, two.per_customer)
        pd.testing.assert_frame_equal(one.per_category, two.per_category)


def test_level_features_are_left_out_even_under_another_name(wallet_history: Wallets, table_of: TableOf) -> None:
    history, _ = wallet_history(customers=300)
    disguised = tuple(replace(o, features=o.features.assign(innocent=np.log1p(o.spend_now))) for o in history.origins)
    events = Events()
    with_disguise = _find(table_of(replace(history, origins=disguised)), events)
    assert any("innocent" in notice.message for notice in events.notices)
    pd.testing.assert_frame_equal(with_disguise.per_customer, _find(table_of(history)).per_customer)


def test_one_elapsed_origin_is_too_few(wallet_history: Wallets, table_of: TableOf) -> None:
    history, _ = wallet_history(customers=300, closing=0.5, elapsed=False)
    gap = _find(table_of(replace(history, origins=history.origins[1:])))
    assert gap.available
    assert gap.backtest["origin"].nunique() == 1
    assert not gap.holds
    assert "too few" in gap.verdict


def test_no_elapsed_origin_gives_a_gap_without_backtest(wallet_history: Wallets, table_of: TableOf) -> None:
    history, _ = wallet_history(customers=300, elapsed=False)
    gap = _find(table_of(replace(history, origins=history.origins[2:])))
    assert gap.available
    assert gap.backtest.empty
    assert "No back-test is possible" in gap.verdict
    assert not gap.holds


def test_rows_follow_the_table_and_strangers_get_nothing(wallet_history: Wallets, table_of: TableOf) -> None:
    history, _ = wallet_history(customers=300)
    table = table_of(history)
    straight = _find(table).per_customer
    turned = table.frame.iloc[::-1].reset_index(drop=True)
    turned["customer"] = turned["customer"].astype(str)
    turned = pd.concat([turned, pd.DataFrame({"customer": ["nobody"], "x": [1.0]})], ignore_index=True)
    events = Events()
    mapped = _find(replace(table, frame=turned), events).per_customer
    np.testing.assert_array_equal(mapped["gap"].to_numpy()[:-1][::-1], straight["gap"].to_numpy())
    assert mapped["gap"].isna().tolist() == [False] * 300 + [True]
    assert mapped.index.equals(turned.index)
    assert any("no purchase history" in notice.message for notice in events.notices)


def test_same_seed_same_figures_other_seed_other_folds(wallet_history: Wallets, table_of: TableOf) -> None:
    history, _ = wallet_history(customers=200)
    table = table_of(replace(history, origins=history.origins[2:]))
    one, two, other = _find(table, seed=3), _find(table, seed=3), _find(table, seed=4)
    pd.testing.assert_frame_equal(one.per_customer, two.per_customer)
    pd.testing.assert_frame_equal(one.backtest, two.backtest)
    assert not one.per_customer["potential"].equals(other.per_customer["potential"])


def test_a_budget_that_ends_costs_the_oldest_origins(wallet_history: Wallets, table_of: TableOf) -> None:
    history, _ = wallet_history(customers=200)
    now = 0.0

    def clock() -> float:
        return now

    class Slow(Events):
        def check_stop(self) -> None:
            nonlocal now
            now += 1.0

    events = Slow()
    gap = _find(table_of(history), events, Budget.of(70.0, clock=clock))
    assert list(gap.backtest["origin"].unique()) == ["2024-05-01"]
    assert any("1 of 3 origins" in notice.message for notice in events.notices)
    assert not gap.holds


def test_no_time_at_all_is_said(wallet_history: Wallets, table_of: TableOf) -> None:
    history, _ = wallet_history(customers=200)
    events = Events()
    report = find_gaps(table_of(history), budget=Budget(1.0, started=0.0, clock=lambda: 5.0), events=events)
    for kind in (GapKind.POTENTIAL, GapKind.WHITESPACE):
        gap = report.of(kind)
        assert gap is not None
        assert not gap.available
        assert "time" in gap.missing
    assert len(events.notices) == 2


def test_stop_is_obeyed(wallet_history: Wallets, table_of: TableOf) -> None:
    history, _ = wallet_history(customers=200)
    events = Events()
    events.request_stop()
    with pytest.raises(Stopped):
        find_gaps(table_of(history), budget=Budget.unlimited(), events=events)


def test_only_level_features_are_not_enough(wallet_history: Wallets, table_of: TableOf) -> None:
    history, _ = wallet_history(customers=200)
    origins = tuple(replace(o, features=o.features[["total"]]) for o in history.origins)
    gap = _find(table_of(replace(history, origins=origins)))
    assert not gap.available
    assert "spend level" in gap.missing


def test_hostile_features(wallet_history: Wallets, table_of: TableOf) -> None:
    """Any name and any kind of value may stand in a feature."""
    history, _ = wallet_history(customers=200)
    rng = np.random.default_rng(0)

    def dirty(origin: Origin) -> Origin:
        n = len(origin.features)
        features = origin.features.assign(
            **{
                "日期": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 900, n), unit="D"),
                "a,b": np.where(rng.random(n) < 0.3, np.inf, 1.0),
                "[bold]": pd.array(np.where(rng.random(n) < 0.5, True, None), dtype="boolean"),
                "🎈": [f"=cmd|{i}" for i in range(n)],
                "empty": None,
                "counts": pd.array([None, *range(n - 1)], dtype="Int64"),
            }
        )
        spend = origin.spend_now.copy()
        spend.iloc[:5] = [np.nan, np.inf, -20.0, 0.0, 1e9]
        return replace(origin, features=features, spend_now=spend)

    gap = _find(table_of(replace(history, origins=tuple(map(dirty, history.origins)))))
    assert gap.available
    assert np.isfinite(gap.per_customer.to_numpy()).all()
    assert np.isfinite(gap.backtest.drop(columns="coverage").select_dtypes("number").to_numpy()).all()
