"""Intervals against published figures, and against how often they hold in simulations with fixed seeds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import roc_auc_score

from workbench.explain.fairness.estimates import Drawn, Share, difference, largest_difference, ratio
from workbench.explain.sampling.resampling import (
    auc,
    auc_of,
    drawn,
    drawn_means,
    draws_for,
    expanded_interval,
    fold_of,
    spread,
    wilson,
)


@pytest.mark.parametrize(("hits", "rows"), [(0, 5), (5, 5), (1, 12), (30, 70), (700, 1_000)])
def test_wilson_is_scipys(hits: int, rows: int) -> None:
    theirs = stats.binomtest(hits, rows).proportion_ci(method="wilson")
    assert wilson(hits, rows) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_wilson_without_rows() -> None:
    assert np.isnan(wilson(0, 0)).all()


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_differences_of_shares_are_newcombes(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    """Newcombe 1998, table II, method 10."""
    found = difference(Share(*first), Share(*second))
    assert found.interval() == pytest.approx((low, high), abs=6e-5)


class TestComparisons:
    def test_a_wider_level_holds_the_narrower(self) -> None:
        for one in (
            difference(Share(12, 40), Share(30, 60)),
            ratio(Share(12, 40), Share(30, 60)),
            largest_difference((Share(12, 40), Share(3, 20)), (Share(30, 60), Share(9, 30))),
        ):
            (low, high), (lower, higher) = one.interval(0.95), one.interval(0.999)
            assert lower <= low <= one.value <= high <= higher

    def test_a_ratio_to_a_share_of_nothing(self) -> None:
        none, some = Share(0, 30), Share(15, 30)
        assert ratio(none, some).value == 0
        assert ratio(none, some).interval()[0] == 0 and 0 < ratio(none, some).interval()[1] < 1
        assert np.isnan(ratio(some, none).value) and np.isnan(ratio(some, none).interval()).all()

    def test_too_few_cases_give_nothing(self) -> None:
        few, many = Share(3, 9), Share(30, 90)
        assert np.isnan(few.value) and np.isnan(few.interval()).all()
        assert np.isnan(difference(few, many).interval()).all()
        assert np.isnan(largest_difference((few, many), (many, many)).value)

    def test_the_largest_difference_may_be_none(self) -> None:
        same = largest_difference((Share(10, 40), Share(20, 40)), (Share(11, 40), Share(20, 40)))
        assert same.interval()[0] == 0
        apart = largest_difference((Share(1, 40), Share(20, 40)), (Share(39, 40), Share(20, 40)))
        assert apart.value == pytest.approx(0.95) and apart.interval()[0] > 0.6

    def test_figures_that_do_not_vary_claim_nothing(self) -> None:
        fixed = Drawn(1.0, np.ones(500), 30)
        assert np.isnan(fixed.interval()).all()
        assert np.isnan(difference(fixed, Drawn(0.5, np.random.default_rng(0).normal(size=500), 30)).interval()).all()


class TestArea:
    @given(st.integers(0, 10_000), st.integers(2, 40), st.integers(1, 12))
    def test_is_scikit_learns_with_ties_and_weights(self, seed: int, rows: int, distinct: int) -> None:
        random = np.random.default_rng(seed)
        score, positive = random.integers(distinct, size=rows).astype(float), random.random(rows) < 0.4
        weights = random.integers(0, 4, size=(3, rows)).astype(float)
        found = auc_of(score, positive)(weights)[:, 0]
        for one, weight in zip(found, weights, strict=True):
            seen = positive[weight > 0]
            if seen.size == 0 or seen.all() or not seen.any():
                assert np.isnan(one)
            else:
                assert one == pytest.approx(roc_auc_score(positive, score, sample_weight=weight))

    def test_without_rows_or_with_one_class(self) -> None:
        assert np.isnan(auc(np.zeros(0), np.zeros(0, dtype=bool)))
        assert np.isnan(auc(np.arange(3.0), np.ones(3, dtype=bool)))


class TestDraws:
    def test_every_row_is_drawn_as_often_as_chance_has_it(self) -> None:
        weights = drawn(np.random.default_rng(0), 7, 4_000, lambda drawn: drawn)
        assert weights.shape == (4_000, 7) and (weights.sum(axis=1) == 7).all()
        assert weights.mean(axis=0) == pytest.approx(np.ones(7), abs=0.06)

    def test_means_do_not_depend_on_blocks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        values = np.random.default_rng(1).normal(size=(50, 3))
        whole = drawn_means(np.random.default_rng(0), values, 200)
        monkeypatch.setattr("workbench.explain.sampling.resampling._BLOCK", 130)
        assert np.allclose(whole, drawn_means(np.random.default_rng(0), values, 200))

    def test_large_groups_get_fewer(self) -> None:
        assert draws_for(20) == 500 and 100 <= draws_for(10**6) < 500 and draws_for(10**7, least=400) == 400

    def test_the_error_of_a_mean(self) -> None:
        values = np.random.default_rng(2).normal(size=(400, 1))
        draws = drawn_means(np.random.default_rng(3), values, 2_000)[:, 0]
        assert spread(draws, 400) == pytest.approx(values.std(ddof=1) / 20, rel=0.06)

    def test_nothing_to_tell(self) -> None:
        for draws, rows in ((np.ones(9), 9), (np.zeros(0), 9), (np.full(9, np.nan), 9), (np.arange(9.0), 1)):
            assert np.isnan(expanded_interval(draws, rows)).all() and np.isnan(spread(draws, rows))


@pytest.mark.parametrize("rows", [12, 40])
def test_intervals_of_means_hold_as_often_as_they_say(rows: int) -> None:
    random = np.random.default_rng(5)
    held = 0
    for _ in range(400):
        values = random.normal(3.0, 2.0, size=(rows, 1))
        low, high = expanded_interval(drawn_means(random, values, 400)[:, 0], rows)
        held += low <= 3.0 <= high
    assert 0.925 <= held / 400 <= 0.985


@pytest.mark.parametrize(
    ("first", "second"), [((40, 0.1), (200, 0.2)), ((30, 0.9), (60, 0.5)), ((25, 0.97), (25, 0.97))]
)
def test_intervals_of_shares_hold_as_often_as_they_say(first: tuple[int, float], second: tuple[int, float]) -> None:
    random = np.random.default_rng(7)
    kept = {"difference": 0, "ratio": 0}
    for _ in range(1_000):
        a, b = (Share(int(random.binomial(*one)), one[0]) for one in (first, second))
        low, high = difference(a, b).interval()
        kept["difference"] += low <= first[1] - second[1] <= high
        low, high = ratio(a, b).interval()
        kept["ratio"] += low <= first[1] / second[1] <= high
    assert all(held / 1_000 >= 0.93 for held in kept.values()), kept


def test_folds_hold_each_kind_alike() -> None:
    codes = np.repeat([0, 1, 2], [10, 50, 7])
    fold = fold_of(codes, 5, np.random.default_rng(0))
    for code in range(3):
        counts = np.bincount(fold[codes == code], minlength=5)
        assert counts.max() - counts.min() <= 1
    assert set(fold) == set(range(5))
