from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.budget import Budget
from workbench.contracts import Gap, PurchaseHistory, Table
from workbench.events import Events
from workbench.gap import rankers
from workbench.gap._base import Work
from workbench.gap.ease import ease_weights
from workbench.gap.expected_value import VALUE
from workbench.gap.whitespace import Whitespace
from workbench.gap.whitespace_backtest import judge_rankings, top_new

Histories = Callable[..., PurchaseHistory]
TableOf = Callable[[PurchaseHistory | None], Table]


def _find(table: Table, events: Events | None = None, seed: int = 0) -> Gap:
    return Whitespace().find(Work(table, Budget.unlimited(), events or Events(), seed))


def _ease_by_regressions(X: np.ndarray, penalty: float) -> np.ndarray:
    """The same model as one ridge regression a column, on all the others."""
    width = X.shape[1]
    weights = np.zeros((width, width))
    for j in range(width):
        others = [k for k in range(width) if k != j]
        gram = X[:, others].T @ X[:, others] + penalty * np.eye(width - 1)
        weights[others, j] = np.linalg.solve(gram, X[:, others].T @ X[:, j])
    return weights


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(2, 40), st.integers(2, 9), st.floats(0.5, 500))
def test_ease_is_a_ridge_regression_on_all_other_categories(seed: int, rows: int, width: int, penalty: float) -> None:
    rng = np.random.default_rng(seed)
    X = np.log1p(rng.lognormal(1, 1, (rows, width)) * (rng.random((rows, width)) < 0.4))
    weights = ease_weights(X, penalty)
    assert (np.diag(weights) == 0).all()
    np.testing.assert_allclose(weights, _ease_by_regressions(X, penalty), atol=1e-8)


def test_co_purchase_beats_popularity(co_purchase_history: Histories, table_of: TableOf) -> None:
    gap = _find(table_of(co_purchase_history()))
    means = gap.backtest.groupby("score").mean(numeric_only=True)
    for score in (rankers.EASE, rankers.EASE_BINARY, VALUE):
        assert means.loc[score, "money_at_10"] > 1.3 * means.loc[rankers.POPULARITY, "money_at_10"]
        assert means.loc[score, "auc"] > means.loc[rankers.POPULARITY, "auc"] + 0.1
    assert gap.holds, gap.verdict
    assert 0.8 < gap.figures["expected_to_actual"] < 1.25
    assert gap.unit == "currency units per 60 days"


def test_top_category_lies_in_the_customers_own_group(co_purchase_history: Histories, table_of: TableOf) -> None:
    history = co_purchase_history()
    gap = _find(table_of(history))
    past = history.origins[-1].category_past
    group = (past > 0).T.groupby(lambda name: name.split("-")[0]).sum().T.idxmax(axis=1)
    own = gap.per_customer["top_category"].str.split("-").str[0].to_numpy() == group.to_numpy()
    assert own.mean() > 0.95
    never = [past.loc[i, name] == 0 for i, name in zip(past.index, gap.per_customer["top_category"], strict=True)]
    assert all(never)


def test_where_only_popularity_matters_nothing_is_claimed(
    reverting_history: Callable[..., PurchaseHistory], table_of: TableOf
) -> None:
    gap = _find(table_of(reverting_history(customers=600)))
    assert gap.available
    assert not gap.holds, gap.verdict
    assert "no better" in gap.verdict


def test_totals_of_customers_and_categories_are_equal(co_purchase_history: Histories, table_of: TableOf) -> None:
    history = co_purchase_history(customers=200)
    table = table_of(history)
    some = table.frame.iloc[20:].reset_index(drop=True)
    gap = _find(replace(table, frame=some))
    assert gap.per_category["gap_total"].sum() == pytest.approx(gap.per_customer["gap"].sum())
    assert gap.per_category["top_for"].sum() == gap.per_customer["top_category"].notna().sum()
    assert gap.per_category["gap_total"].is_monotonic_decreasing
    never = (history.origins[-1].category_past.iloc[20:] <= 0).sum()
    assert (gap.per_category.set_index("category")["customers"] == never[gap.per_category["category"]]).all()


def test_baselines_stand_beside_at_every_origin(co_purchase_history: Histories, table_of: TableOf) -> None:
    gap = _find(table_of(co_purchase_history(customers=200)))
    for _, rows in gap.backtest.groupby("origin"):
        assert set(rankers.BASELINES) < set(rows["score"])
    popular = gap.backtest[gap.backtest["score"] == rankers.POPULARITY]
    assert (popular["money_vs_popularity"] == 0).all()
    activity = gap.backtest[gap.backtest["score"] == rankers.POPULARITY_ACTIVITY]
    np.testing.assert_allclose(activity["precision_at_10"].to_numpy(), popular["precision_at_10"].to_numpy())


def test_money_is_learnt_from_elapsed_windows_only(co_purchase_history: Histories, table_of: TableOf) -> None:
    history = co_purchase_history(customers=200)
    gap = _find(table_of(replace(history, window_days=90)))
    first = gap.backtest[gap.backtest["score"] == VALUE]["origin"].unique()
    assert list(first) == ["2024-05-01"], "the window after the first origin ends after the second"
    lone = _find(table_of(replace(history, origins=history.origins[-1:])))
    assert not lone.available
    assert "earlier cut-off" in lone.missing


@pytest.mark.parametrize("customers", [20, 99])
def test_few_customers_are_refused(co_purchase_history: Histories, table_of: TableOf, customers: int) -> None:
    gap = _find(table_of(co_purchase_history(customers=customers)))
    assert not gap.available
    assert "customers" in gap.missing


def test_dirty_category_spend(co_purchase_history: Histories, table_of: TableOf) -> None:
    history = co_purchase_history(customers=200)
    origins = []
    for origin in history.origins:
        past = origin.category_past.copy()
        past.iloc[:20, 0] = np.nan
        past.iloc[20:30, 1] = np.inf
        past.iloc[30:40, 2] = -5.0
        past = past.rename(columns={past.columns[3]: '=HYPERLINK("x")', past.columns[4]: "[red]菜"})
        assert origin.category_future is not None
        origins.append(replace(origin, category_past=past))
    gap = _find(table_of(replace(history, origins=tuple(origins))))
    assert gap.available
    assert np.isfinite(gap.per_customer[["gap", "top_category_value"]].to_numpy()).all()
    assert '=HYPERLINK("x")' in set(gap.per_category["category"])


def test_somebody_who_bought_everything_has_no_gap(co_purchase_history: Histories, table_of: TableOf) -> None:
    history = co_purchase_history(customers=200)
    origins = []
    for origin in history.origins:
        past = origin.category_past.copy()
        past.iloc[0] = 1.0
        origins.append(replace(origin, category_past=past))
    gap = _find(table_of(replace(history, origins=tuple(origins))))
    assert gap.per_customer["gap"].iloc[0] == 0
    assert pd.isna(gap.per_customer["top_category"].iloc[0])


@given(st.integers(0, 1000), st.integers(1, 15), st.integers(1, 15))
@settings(max_examples=40)
def test_top_new_ranks_new_ones_first(seed: int, rows: int, width: int) -> None:
    rng = np.random.default_rng(seed)
    score = rng.integers(0, 4, (rows, width)).astype(float)
    new = rng.random((rows, width)) < 0.6
    top = top_new(score, new, rng.permutation(width), top=10)
    assert top.shape == (rows, min(10, width))
    for i in range(rows):
        flags = new[i, top[i]]
        assert not (~flags[:-1] & flags[1:]).any()
        shown = score[i, top[i][flags]]
        assert (np.diff(shown) <= 0).all()
        hidden = set(np.flatnonzero(new[i])) - set(top[i])
        assert not hidden or score[i, list(hidden)].max() <= shown.min()


def test_a_perfect_ranking_scores_perfectly() -> None:
    rng = np.random.default_rng(0)
    past = (rng.random((50, 20)) < 0.1) * 1.0
    future = np.where(np.arange(20)[None, :] < 10, 3.0, 0.0) * (past == 0)
    past[:, :10] = 0
    future = np.where(np.arange(20)[None, :] < 10, 3.0, 0.0) * np.ones((50, 1))
    table = judge_rankings("t", {rankers.POPULARITY: -future, "oracle": future}, past, future, rng).set_index("score")
    assert table.loc["oracle", "precision_at_10"] == 1.0
    assert table.loc["oracle", "money_at_10"] == 30.0
    assert table.loc["oracle", "auc"] == 1.0
    assert table.loc["oracle", "money_vs_popularity"] == 30.0 - table.loc[rankers.POPULARITY, "money_at_10"]
