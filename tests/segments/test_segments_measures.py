"""The figures that segments are judged by, against their definitions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency, mannwhitneyu

from workbench.contracts import ProfileRow
from workbench.segments.intervals import mean_interval
from workbench.segments.limits import Limits
from workbench.segments.measures import describability, eta2, explained_spread
from workbench.segments.names import name_all, phrase, readable
from workbench.segments.profiles import level_rows, number_rows
from workbench.segments.reading import LevelColumn
from workbench.segments.stability import best_jaccard, bootstrap_jaccard


def test_eta2_is_one_for_segments_that_are_the_outcome_and_not_positive_for_chance():
    labels = np.repeat([0, 1, 2], 50)
    assert eta2(labels, labels * 2.0, seed=0) == pytest.approx(1.0)
    chance = np.random.default_rng(0).integers(0, 30, 150)
    assert eta2(chance, np.random.default_rng(1).normal(size=150), seed=0) < 0


def test_best_jaccard_by_hand():
    old, new = np.array([0, 0, 0, 1, 1]), np.array([1, 1, 0, 0, 0])
    assert best_jaccard(old, new, 2) == pytest.approx([2 / 3, 2 / 3])


def test_segments_that_always_come_again_are_stable_and_random_ones_are_not():
    labels = np.random.default_rng(0).integers(0, 3, 300)
    same = bootstrap_jaccard(labels, lambda rows, seed: labels, segments=3, draws=3, seed=0)
    assert same == pytest.approx(np.ones(3))

    def anew(rows: np.ndarray, seed: int) -> np.ndarray:
        return np.random.default_rng(seed).integers(0, 3, 300)

    assert bootstrap_jaccard(labels, anew, segments=3, draws=5, seed=0).max() < 0.4


def test_explained_spread_and_describability():
    points = np.array([[0.0], [0.0], [4.0], [4.0]])
    assert explained_spread(points, np.array([0, 0, 1, 1])) == pytest.approx(1.0)
    assert explained_spread(points, np.array([0, 1, 0, 1])) == pytest.approx(0.0)
    generator = np.random.default_rng(0)
    matrix = generator.normal(size=(400, 3))
    labels = (matrix[:, 1] > 0).astype(np.int64)
    train, test = np.arange(200), np.arange(200, 400)
    assert describability(matrix, labels, train, test, 0) > 0.97
    assert describability(matrix, generator.integers(0, 2, 400), train, test, 0) < 0.65


def test_p_values_are_those_of_scipy():
    generator = np.random.default_rng(0)
    values, labels = generator.integers(0, 6, 200).astype(float), generator.integers(0, 2, 200)
    mine = number_rows("x", values, labels, 2)[0].q_value
    theirs = mannwhitneyu(values[labels == 0], values[labels == 1], method="asymptotic").pvalue
    assert mine == pytest.approx(theirs)
    codes = generator.integers(0, 3, 200)
    rows = level_rows(LevelColumn("c", ("a", "b", "c")), codes, labels, 2)[1]
    assert rows[0].q_value == pytest.approx(chi2_contingency(pd.crosstab(labels, codes), correction=False)[1])
    assert rows[0].segment_value == pytest.approx((codes[labels == 1] == 0).mean())


def test_size_limits():
    limits = Limits()
    assert limits.smallest(200) == 16
    assert limits.smallest(1_000) == 30
    assert limits.smallest(10_000) == 300
    assert limits.violation(np.repeat([0, 1, 2], 100), 3) == (0.0, "")
    assert "smallest segment has 5" in limits.violation(np.repeat([0, 1, 2], [5, 150, 145]), 3)[1]
    assert "largest segment holds 80 %" in limits.violation(np.repeat([0, 1, 2], [800, 100, 100]), 3)[1].replace(
        "%", " %"
    )


def test_mean_interval_covers_the_truth_about_as_often_as_it_says():
    inside = 0
    for seed in range(100):
        values = np.random.default_rng(seed).normal(5, 2, 60)
        _, low, high = mean_interval(values, seed)
        inside += low <= 5 <= high
    assert 87 <= inside <= 100
    assert np.isnan(mean_interval(np.array([np.nan]), 0)[0])


def _row(feature: str, effect: float, level: str = "") -> ProfileRow:
    return ProfileRow(feature, 1.0, 0.0, effect, 0.001, level)


def test_names_speak_of_concepts():
    assert phrase(_row("purchases_frequency", 1), {}) == "frequent purchases"
    assert phrase(_row("basket_value", -1), {}) == "small baskets"
    assert phrase(_row("recency_days", -1), {}) == "recent"
    assert phrase(_row("days_since_campaigns", 1), {}) == "long without campaigns"
    assert phrase(_row("spend_last_63_days", 1), {}) == "high recent spend"
    assert phrase(_row("购买频率", 1), {}) == "frequent 购买"
    assert phrase(_row("消费金额", -1), {}) == "low 消费金额"
    assert phrase(_row("Graduated", -1, "Yes"), {"Graduated": ("Yes", "No")}) == "graduated: No"
    assert phrase(_row("Profession", -1, "Artist"), {}) == "profession: not Artist"
    assert readable("spend_next_63_days") == "spend"
    assert readable("MonthlyCharges") == "monthly charges"


def test_names_are_unique_and_skip_repetition():
    profile = (_row("frequency", 2), _row("visits_frequency", 1.5), _row("basket_value", -1), _row("age", 0.1))
    names = name_all([profile, profile, ()], ["", "", ""], lambda one, other: False, [30, 20, 10], {})
    assert names[0] == "Frequent · small baskets"
    assert len({name.casefold() for name in names}) == 3
    assert names[2] == "Close to average"
    assert names == name_all([profile, profile, ()], ["", "", ""], lambda one, other: False, [30, 20, 10], {})
