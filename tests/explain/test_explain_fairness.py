"""Figures by group against hand-made counts; small groups hidden; nothing claimed that chance could give."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fairness_examples import compared, counted, noise
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import log_loss, roc_auc_score

from workbench.contracts import Task
from workbench.errors import InputError
from workbench.explain import GroupMetrics, fairness_words, group_metrics
from workbench.explain.fairness.groups import read_groups


class TestTwoClasses:
    @pytest.fixture(scope="class")
    def metrics(self) -> GroupMetrics:
        return group_metrics(*counted(), Task.BINARY)

    def test_groups(self, metrics: GroupMetrics) -> None:
        assert metrics.column == "群体" and metrics.positive == "yes" and metrics.reference == "甲"
        assert list(metrics.groups["group"]) == ["甲", "乙"] and list(metrics.groups["rows"]) == [200, 80]
        assert metrics.left_out == 0 and metrics.notes == ()

    @pytest.mark.parametrize(
        ("metric", "first", "second"),
        [
            ("base rate", 50 / 200, 30 / 80),
            ("selection rate", 60 / 200, 17 / 80),
            ("true positive rate", 40 / 50, 12 / 30),
            ("false positive rate", 20 / 150, 5 / 50),
            ("precision", 40 / 60, 12 / 17),
            (
                "calibration gap",
                (40 * 0.9 + 10 * 0.2 + 20 * 0.7 + 130 * 0.1) / 200 - 50 / 200,
                (12 * 0.9 + 18 * 0.2 + 5 * 0.7 + 45 * 0.1) / 80 - 30 / 80,
            ),
            # a pair of a positive and a negative is in order, or not; no ties between the four shares
            ("AUC", (40 * 150 + 10 * 130) / (50 * 150), (12 * 50 + 18 * 45) / (30 * 50)),
        ],
    )
    def test_figures_by_hand(self, metrics: GroupMetrics, metric: str, first: float, second: float) -> None:
        assert metrics.figure(metric, "甲") == pytest.approx(first)
        assert metrics.figure(metric, "乙") == pytest.approx(second)

    @pytest.mark.parametrize(
        ("measure", "value"),
        [
            ("demographic parity difference", 17 / 80 - 60 / 200),
            ("demographic parity ratio", (17 / 80) / (60 / 200)),
            ("equal opportunity difference", 0.4 - 0.8),
            ("false positive rate difference", 0.1 - 20 / 150),
            ("equalised odds difference", 0.4),
            ("precision difference", 12 / 17 - 40 / 60),
            ("base rate difference", 30 / 80 - 50 / 200),
        ],
    )
    def test_comparisons_by_hand(self, metrics: GroupMetrics, measure: str, value: float) -> None:
        row = compared(metrics, measure, "乙")
        assert row["value"] == pytest.approx(value) and row["against"] == "甲"
        assert row["adjusted_low"] <= row["low"] <= row["value"] <= row["high"] <= row["adjusted_high"]

    def test_what_is_clear(self, metrics: GroupMetrics) -> None:
        clear = set(metrics.comparisons.loc[metrics.comparisons["clear"], "measure"])
        assert {"equal opportunity difference", "equalised odds difference"} <= clear
        assert "false positive rate difference" not in clear

    def test_ratios_and_odds_are_no_comparisons_of_their_own(self, metrics: GroupMetrics) -> None:
        assert metrics.compared == 7 == int(metrics.comparisons["counted"].sum())

    def test_rows_that_figures_rest_on(self, metrics: GroupMetrics) -> None:
        own = metrics.figures[metrics.figures["group"] == "乙"].set_index("metric")["rows"]
        assert own["base rate"] == 80 and own["true positive rate"] == 30
        assert own["false positive rate"] == 50 and own["precision"] == 17 and own["AUC"] == 30

    def test_the_other_class_may_be_the_positive_one(self) -> None:
        turned = group_metrics(*counted(), Task.BINARY, positive="no")
        assert turned.positive == "no"
        assert turned.figure("base rate", "甲") == pytest.approx(150 / 200)
        assert turned.figure("selection rate", "甲") == pytest.approx(140 / 200)

    def test_the_threshold_selects(self) -> None:
        high = group_metrics(*counted(), Task.BINARY, threshold=0.7)
        assert high.figure("selection rate", "甲") == pytest.approx(60 / 200)
        assert group_metrics(*counted(), Task.BINARY, threshold=0.71).figure("selection rate", "甲") == 40 / 200

    def test_the_same_seed_says_the_same(self, metrics: GroupMetrics) -> None:
        again = group_metrics(*counted(), Task.BINARY)
        pd.testing.assert_frame_equal(again.figures, metrics.figures)
        pd.testing.assert_frame_equal(again.comparisons, metrics.comparisons)
        other = group_metrics(*counted(), Task.BINARY, seed=1)
        assert not other.figures["low"].equals(metrics.figures["low"])

    def test_area_within_the_group_is_scikit_learns(self) -> None:
        truth, prediction = noise(200)
        group = pd.Series(np.where(np.arange(200) < 90, "x", "y"))
        found = group_metrics(group, truth, prediction, Task.BINARY)
        assert found.figure("AUC", "x") == pytest.approx(roc_auc_score(truth[:90] == "b", prediction["b"][:90]))


class TestSeveralClasses:
    def test_by_hand(self) -> None:
        shares = np.array([[0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.1, 0.1, 0.8], [0.4, 0.35, 0.25]] * 10)
        truth = np.array([0, 1, 2, 1] * 10)
        group = pd.Series([True] * 20 + [False] * 20, name="member")
        found = group_metrics(group, truth, pd.DataFrame(shares, columns=["0", "1", "2"]), Task.MULTICLASS)
        assert set(found.groups["group"]) == {"yes", "no"}
        assert found.figure("accuracy", "yes") == pytest.approx(0.75)
        assert found.figure("selection rate of '0'", "no") == pytest.approx(0.5)
        assert found.figure("selection rate of '1'", "no") == pytest.approx(0.25)
        assert found.figure("log loss", "yes") == pytest.approx(log_loss(truth[:20], shares[:20]))
        assert found.comparisons["value"].dropna().abs().max() == pytest.approx(1.0)  # ratios of what is the same
        assert not found.comparisons["clear"].any()

    def test_emphasis_moves_the_answers(self) -> None:
        shares = pd.DataFrame({"a": [0.5] * 40, "b": [0.4] * 40, "c": [0.1] * 40})
        group, truth = pd.Series(["x", "y"] * 20), np.array(["b"] * 40)
        plain = group_metrics(group, truth, shares, Task.MULTICLASS)
        moved = group_metrics(group, truth, shares, Task.MULTICLASS, emphasis=(1.0, 2.0, 1.0))
        assert plain.figure("accuracy", "x") == 0 and moved.figure("accuracy", "x") == 1
        with pytest.raises(InputError, match="2 factors for 3 classes"):
            group_metrics(group, truth, shares, Task.MULTICLASS, emphasis=(1.0, 2.0))


class TestNumbers:
    def test_by_hand(self) -> None:
        group = pd.Series(["x"] * 30 + ["y"] * 20)
        truth = np.zeros(50)
        prediction = pd.DataFrame({"prediction": [1.0, 3.0] * 15 + [-2.0, 2.0] * 10})
        found = group_metrics(group, truth, prediction, Task.REGRESSION)
        assert found.figure("mean prediction", "x") == found.figure("mean error", "x") == pytest.approx(2.0)
        assert found.figure("RMSE", "x") == pytest.approx(np.sqrt(5)) and found.figure("RMSE", "y") == pytest.approx(2)
        assert compared(found, "mean error difference", "y")["value"] == pytest.approx(-2.0)
        assert compared(found, "mean error difference", "y")["clear"]
        assert compared(found, "RMSE ratio", "y")["value"] == pytest.approx(2 / np.sqrt(5))
        assert found.threshold is None and found.positive == ""

    def test_intervals_hold_as_often_as_they_say(self) -> None:
        random = np.random.default_rng(11)
        group = pd.Series(["x"] * 60 + ["y"] * 30)
        held = np.zeros(3)
        for seed in range(120):
            off = np.r_[random.normal(0, 1, 60), random.normal(0.5, 2, 30)]
            found = group_metrics(group, -off, pd.DataFrame({"prediction": np.zeros(90)}), Task.REGRESSION, seed=seed)
            rows = [
                compared(found, "mean error difference", "y"),
                compared(found, "RMSE difference", "y"),
                found.figures.set_index(["group", "metric"]).loc[("y", "mean error")],
            ]
            true = (0.5, np.sqrt(4.25) - 1, 0.5)
            held += [row["low"] <= value <= row["high"] for row, value in zip(rows, true, strict=True)]
        assert (held / 120 >= 0.9).all(), held / 120


def test_where_groups_do_not_differ_it_is_rarely_said_that_they_do() -> None:
    wrong = 0
    for seed in range(60):
        truth, prediction = noise(240, seed)
        group = pd.Series(np.random.default_rng(seed + 1_000).choice(["x", "y", "z", "w"], 240))
        wrong += bool(group_metrics(group, truth, prediction, Task.BINARY, seed=seed).comparisons["clear"].any())
    assert wrong <= 6  # 3 of 60 are to be expected at most


class TestSmallGroups:
    def test_too_few_positives_have_no_rates(self) -> None:
        group, truth, prediction = counted({"a": (30, 20, 20, 100), "b": (4, 5, 6, 45)})
        found = group_metrics(group, truth, prediction, Task.BINARY)
        for metric in ("true positive rate", "AUC"):
            assert np.isnan(found.figure(metric, "b"))
        assert found.figure("false positive rate", "b") == pytest.approx(6 / 51)
        hidden = found.figures[found.figures["value"].isna()]
        assert hidden[["low", "high", "rows"]].isna().all(axis=None)
        assert np.isnan(compared(found, "equalised odds difference", "b")["value"])
        assert any("'b' has no true positive rate, AUC: fewer than 10" in note for note in found.notes)

    def test_are_pooled_where_they_are_enough_together(self) -> None:
        truth, prediction = noise(100)
        group = pd.Series(["big"] * 60 + ["s1"] * 15 + ["s2"] * 15 + ["s3"] * 10)
        found = group_metrics(group, truth, prediction, Task.BINARY)
        assert list(found.groups["group"]) == ["big", "smaller groups"] and list(found.groups["rows"]) == [60, 40]
        assert "3 groups" in found.notes[0] and "smaller groups" in found.notes[0]

    def test_are_hidden_where_they_are_not(self) -> None:
        truth, prediction = noise(100)
        group = pd.Series(["big"] * 50 + ["mid"] * 37 + ["secret"] * 13)
        found = group_metrics(group, truth, prediction, Task.BINARY)
        assert list(found.groups["group"]) == ["big", "mid"] and found.groups["share"].sum() == pytest.approx(1)
        assert "13" not in " ".join(found.notes) and "secret" not in " ".join(found.notes)
        assert not found.figures["group"].isin(["secret"]).any()

    def test_only_the_largest_of_many_levels_stand_alone(self) -> None:
        groups = read_groups(pd.Series(np.repeat([f"g{i:02}" for i in range(30)], 25)), 20)
        assert len(groups.labels) == 21 and groups.labels[0] == "smaller groups" and groups.sizes[0] == 250
        assert groups.labels[groups.reference] == "g00"

    def test_unique_texts_are_one_group(self) -> None:
        truth, prediction = noise(50)
        found = group_metrics(pd.Series([f"id {i}" for i in range(50)]), truth, prediction, Task.BINARY)
        assert list(found.groups["group"]) == ["smaller groups"] and found.comparisons.empty


class TestReadingGroups:
    def test_numbers_are_cut_into_bands(self) -> None:
        age = pd.Series(list(range(20, 80)) * 2, name="age", dtype=float)
        age.iloc[:25] = np.nan
        groups = read_groups(age, 20)
        assert len(groups.labels) == 5 and "missing" in groups.labels
        bands = [label for label in groups.labels if label != "missing"]
        assert any(label.startswith("up to ") for label in bands) and any(label.startswith("over ") for label in bands)
        assert all(20 <= size <= 28 for size in groups.sizes)
        assert not any(re.search(r"\b(20|79)\b", label) for label in bands)  # of single rows

    def test_bands_follow_the_values(self) -> None:
        values = np.random.default_rng(0).normal(size=400)
        groups = read_groups(pd.Series(values), 20)
        means = [values[groups.codes == code].mean() for code in range(4)]
        by_label = dict(zip(groups.labels, means, strict=True))
        lowest = next(label for label in groups.labels if label.startswith("up to"))
        highest = next(label for label in groups.labels if label.startswith("over") and " to " not in label)
        assert by_label[lowest] == min(means) and by_label[highest] == max(means)

    def test_few_numbers_are_levels(self) -> None:
        assert set(read_groups(pd.Series([0, 1] * 30), 20).labels) == {"0", "1"}

    def test_many_equal_numbers_leave_no_empty_band(self) -> None:
        groups = read_groups(pd.Series([0.0] * 90 + list(range(1, 31))), 20)
        assert (groups.sizes >= 20).all() and groups.sizes.sum() == 120

    def test_dates_have_bands_of_dates(self) -> None:
        days = pd.Series(pd.date_range("2024-01-01", periods=100))
        assert any(re.fullmatch(r"up to 2024-01-\d\d", label) for label in read_groups(days, 20).labels)

    def test_missing_values_are_a_group_and_no_reference(self) -> None:
        groups = read_groups(pd.Series([None] * 50 + ["a"] * 30 + ["b"] * 20), 20)
        assert groups.labels == ("missing", "a", "b") and groups.labels[groups.reference] == "a"

    def test_a_level_called_missing_stays_another(self) -> None:
        groups = read_groups(pd.Series(["missing"] * 30 + [None] * 25), 20)
        assert len(groups.labels) == 2 and len(set(groups.labels)) == 2

    @pytest.mark.parametrize(
        "cells",
        [
            pd.Series([], dtype=object),
            pd.Series([1.0]),
            pd.Series([None, None], dtype=object),
            pd.Series([np.inf, -np.inf, 1.0, np.nan] * 20),
            pd.Series([b"\xff", ("a", 1), None, 3] * 20, dtype=object),
            pd.Series(pd.Categorical(["a", "b"] * 30, categories=["b", "a", "never"])),
            pd.Series([True, False, None] * 20, dtype="boolean"),
        ],
    )
    def test_whatever_the_cells_hold(self, cells: pd.Series) -> None:
        groups = read_groups(cells, 20)
        assert len(groups.codes) == len(cells) and len(groups.sizes) == len(groups.labels)
        assert (groups.sizes >= 20).all()


class TestRowsAndErrors:
    def test_rows_without_prediction_or_target_are_left_out_and_told(self) -> None:
        truth, prediction = noise(100)
        truth = truth.astype(object)
        truth[3] = None
        prediction.iloc[:3] = np.nan
        found = group_metrics(pd.Series(["a", "b"] * 50), truth, prediction, Task.BINARY)
        assert found.left_out == 4 and found.groups["rows"].sum() == 96
        assert found.notes[0].startswith("4 rows without a held-out prediction")

    def test_classes_that_gaps_have_made_floats(self) -> None:
        truth = np.array([0.0, 1.0, np.nan, 1.0] * 20)
        prediction = pd.DataFrame({"0": [0.5] * 80, "1": [0.5] * 80})
        assert group_metrics(pd.Series(["a", "b"] * 40), truth, prediction, Task.BINARY).left_out == 20

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"group": pd.Series(["a"] * 3)}, "3 rows but there are 40 predictions"),
            ({"truth": np.array(["a"] * 3)}, "3 values of the target but 40 predictions"),
            ({"truth": np.array(["other"] * 40)}, "holds 'other', for which"),
            ({"task": Task.SEGMENTS}, "Segments have no target"),
            ({"task": Task.REGRESSION}, "the one column 'prediction'"),
            ({"prediction": pd.DataFrame({"a": [1.0] * 40})}, "two classes need a column for each"),
            (
                {"task": Task.MULTICLASS, "prediction": pd.DataFrame({"a": [1.0] * 40})},
                "classes need a column for each",
            ),
            ({"positive": "z"}, "no class 'z'"),
            ({"minimum": 5}, "too small for figures"),
        ],
    )
    def test_what_is_wrong_is_said(self, change: dict[str, Any], said: str) -> None:
        truth, prediction = noise(40)
        given = {"group": pd.Series(["a", "b"] * 20), "truth": truth, "prediction": prediction, "task": Task.BINARY}
        given |= change
        with pytest.raises(InputError, match=said):
            group_metrics(**given)

    @pytest.mark.parametrize("rows", [0, 1])
    @pytest.mark.parametrize("task", [Task.BINARY, Task.MULTICLASS, Task.REGRESSION], ids=str)
    def test_next_to_no_rows(self, rows: int, task: Task) -> None:
        columns = ["prediction"] if task is Task.REGRESSION else ["0", "1"]
        prediction = pd.DataFrame(np.full((rows, len(columns)), 0.5), columns=columns)
        found = group_metrics(pd.Series(["x"] * rows, dtype=object), np.zeros(rows), prediction, task)
        assert found.groups.empty and found.figures.empty and found.comparisons.empty and found.reference == ""
        assert "nothing is compared" in fairness_words(found)[0]


@settings(max_examples=30)
@given(
    st.lists(st.sampled_from(["甲", "b", None, "[bold]"]), min_size=0, max_size=120),
    st.integers(0, 1_000),
    st.sampled_from([Task.BINARY, Task.MULTICLASS, Task.REGRESSION]),
)
def test_whatever_comes(cells: list[str | None], seed: int, task: Task) -> None:
    random = np.random.default_rng(seed)
    rows = len(cells)
    names = {Task.BINARY: ["0", "1"], Task.MULTICLASS: ["0", "1", "2"], Task.REGRESSION: ["prediction"]}[task]
    prediction = pd.DataFrame(random.dirichlet(np.ones(len(names)), rows), columns=names)
    prediction[random.random(rows) < 0.1] = np.nan
    truth = random.integers(len(names), size=rows)
    found = group_metrics(pd.Series(cells, dtype=object), truth, prediction, task, seed=seed)
    assert (found.groups["rows"] >= 20).all()
    assert found.groups["rows"].sum() + found.left_out <= rows
    shares = found.figures[found.figures["metric"].str.contains("rate|accuracy|precision|AUC")]
    known = shares.dropna()
    assert known[["value", "low", "high"]].stack().between(0, 1).all()
    rates = known[known["metric"] != "AUC"]
    assert (rates["low"] <= rates["value"] + 1e-12).all() and (rates["value"] <= rates["high"] + 1e-12).all()
    wide = found.comparisons.dropna()
    assert (wide["adjusted_low"] <= wide["low"]).all() and (wide["high"] <= wide["adjusted_high"]).all()
    assert all(isinstance(sentence, str) and "nan" not in sentence for sentence in fairness_words(found))
