"""A model of a clustering: faithful where segments follow from the features, silent where they don't."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from explain_models import quiet, shop_table

from workbench.budget import Budget
from workbench.contracts import Column, Explanation, Kind, Role, Table, Task
from workbench.errors import InputError
from workbench.explain import Surrogate, explain, fit_surrogate, segment_drivers
from workbench.explain.segment.fidelity import accuracy, by_segment, skill


def by_visits(table: Table, kinds: int = 3) -> np.ndarray:
    baskets = table.frame["baskets, all [bold]"]
    return pd.qcut(baskets, kinds, labels=["低", "中", "高"][-kinds:]).astype(object).to_numpy(copy=True)


def explained(surrogate: Surrogate, table: Table) -> Explanation:
    assert surrogate.model is not None
    return explain(surrogate.model, table, budget=Budget.unlimited(), events=quiet()[0])


@pytest.fixture(scope="module")
def table() -> Table:
    return shop_table(360, gaps=True)


@pytest.fixture(scope="module")
def three(table: Table) -> Surrogate:
    return fit_surrogate(table, by_visits(table))


def test_rows_of_one_group_are_not_told_by_one_another() -> None:
    """Segments go by the house and by nothing else: a model that has seen its other rows knows them, no other."""
    random = np.random.default_rng(0)
    house = np.repeat(np.arange(90), 4)
    frame = pd.DataFrame({"house": house, "street": random.normal(size=90)[house]})
    roles = {"house": Role.GROUP, "street": Role.FEATURE}
    columns = tuple(Column(name, Kind.NUMBER, roles[name], "", 0, 90) for name in frame)
    grouped = replace(shop_table(360), frame=frame, columns=columns, target=None, task=Task.SEGMENTS)
    labels = random.integers(0, 2, 90)[house]
    alone = replace(grouped, columns=(replace(columns[0], role=Role.IGNORE), columns[1]))
    known, unknown = (fit_surrogate(each, labels).accuracy for each in (alone, grouped))
    assert known is not None and unknown is not None
    assert known.value > 0.7 and unknown.value < 0.6


def test_a_segment_within_one_group_is_left_out_and_told() -> None:
    """Whatever tells it may be the group itself: there is no row of another group to check it with."""
    table = shop_table(240)
    like = replace(table.columns[0], name="house", role=Role.GROUP)
    house = np.repeat(np.arange(24), 10)
    grouped = replace(table, frame=table.frame.assign(house=house), columns=(*table.columns, like))
    labels = np.where(house == 3, "c", by_visits(table, 2)).astype(object)
    found = fit_surrogate(grouped, labels)
    assert set(found.segments) == {"中", "高"} and found.fidelity["f1"].notna().all()
    assert "within one group" in found.left_out["c"].told()
    assert any("lies within a single group" in sentence for sentence in found.words)
    assert not found.drivers(None, labels, "c").told


class TestFaithful:
    def test_fidelity_is_stated(self, three: Surrogate) -> None:
        assert three.accuracy is not None and three.accuracy.value > 0.9
        assert three.accuracy.low < three.accuracy.value <= three.accuracy.high
        assert three.baseline == pytest.approx(1 / 3, abs=0.02)
        assert list(three.fidelity["segment"]) == list(three.segments) and set(three.segments) == {"低", "中", "高"}
        assert three.fidelity["enough"].all() and three.fidelity["share"].sum() == pytest.approx(1)
        assert (three.fidelity["auc_low"] <= three.fidelity["auc"]).all()
        assert "names the right segment for" in three.words[0] and "always naming the largest" in three.words[0]

    def test_the_explanation_is_exact_for_the_surrogate(self, three: Surrogate, table: Table) -> None:
        found = explained(three, table)
        assert all(check.passed for check in found.checks) and found.outputs == three.segments
        assert "exact" in found.method and found.output_space == "log-odds"
        assert np.allclose(found.base + found.values.sum(axis=1), found.margin)

    def test_outputs_are_log_odds_of_one_segment_against_the_rest(self, three: Surrogate, table: Table) -> None:
        assert three.model is not None
        margin = explained(three, table).margin
        assert np.allclose(three.model.predict(table.frame).to_numpy(), 1 / (1 + np.exp(-margin)), atol=1e-6)

    def test_drivers_find_what_the_segments_were_made_of(self, three: Surrogate, table: Table) -> None:
        labels = by_visits(table)
        explanation = explained(three, table)
        found = three.drivers(explanation, labels, "高")
        assert found.told and found.output == "高"
        assert found.table["column"].iloc[0] == "baskets, all [bold]" and found.table["low"].iloc[0] > 0
        place = three.segments.index("高")
        again = segment_drivers(explanation, labels[explanation.rows] == "高", output=place)
        pd.testing.assert_frame_equal(found.table, again.table)
        assert found.table["difference"].sum() + found.rest == pytest.approx(found.difference, abs=1e-9)

    def test_the_target_is_no_feature(self, three: Surrogate) -> None:
        assert three.model is not None and "spend" not in three.model.columns and "id" not in three.model.columns

    def test_it_can_be_kept(self, three: Surrogate, table: Table) -> None:
        assert three.model is not None
        again = pickle.loads(pickle.dumps(three))
        assert np.array_equal(again.model.predict(table.frame), three.model.predict(table.frame))

    def test_the_same_seed_makes_the_same(self, three: Surrogate, table: Table) -> None:
        again = fit_surrogate(table, by_visits(table))
        pd.testing.assert_frame_equal(again.fidelity, three.fidelity)
        assert again.words == three.words


class TestTwoSegments:
    def test_both_have_drivers(self, table: Table) -> None:
        labels = by_visits(table, 2)
        two = fit_surrogate(table, labels)
        explanation = explained(two, table)
        assert explanation.values.shape[2] == 1
        high, low = two.drivers(explanation, labels, "高"), two.drivers(explanation, labels, "中")
        assert high.output == "高" and low.output == "中"
        assert high.difference > 0 and low.difference > 0  # members have higher log-odds of being members
        assert high.difference == pytest.approx(low.difference)
        assert list(high.table["column"]) == list(low.table["column"])


class TestUnfaithful:
    @pytest.fixture(scope="class")
    def random(self, table: Table) -> Surrogate:
        return fit_surrogate(table, np.random.default_rng(0).integers(0, 3, 360))

    def test_random_segments_have_no_model(self, random: Surrogate) -> None:
        assert random.model is None and not random.fidelity["enough"].any()
        assert any(sentence.startswith("The surrogate says too little: fidelity") for sentence in random.words)
        assert random.segments == ("0", "1", "2")

    def test_and_no_drivers(self, random: Surrogate, table: Table) -> None:
        found = random.drivers(None, np.zeros(360), 1)
        assert not found.told and "The surrogate says too little about segment '1': fidelity F1 0." in found.words[0]

    def test_a_single_segment_may_be_told_too_badly(self, table: Table) -> None:
        labels = by_visits(table)
        mixed = np.where(np.random.default_rng(0).random(360) < 0.08, "混", labels)
        found = fit_surrogate(table, mixed)
        assert found.model is not None
        enough = found.fidelity.set_index("segment")["enough"]
        assert not enough["混"] and enough["高"]
        assert not found.drivers(explained(found, table), mixed, "混").told
        assert any("too little about segment '混'" in sentence for sentence in found.words)


class TestWhateverComes:
    def test_small_segments_and_missing_labels_are_left_out_and_told(self, table: Table) -> None:
        labels = by_visits(table)
        labels[:5] = "小"
        labels[10:30] = None
        found = fit_surrogate(table, labels)
        assert set(found.segments) == {"低", "中", "高"} and found.fidelity["rows"].sum() == 335
        assert "One segment with fewer than 10 rows is not modelled." in found.words
        told = found.drivers(explained(found, table), labels, "小")
        assert not told.told and told.rows_inside == told.rows_outside == 0
        assert told.words == ("Segment '小' has fewer than 10 rows to learn from, so nothing is told of it.",)
        assert "“小”" in told.words_in("zh")[0]

    def test_a_segment_that_the_sample_missed_is_left_out_and_told(self, table: Table) -> None:
        labels = by_visits(table)
        labels[7] = "孤"
        found = fit_surrogate(table, labels, max_rows=60)
        assert "孤" in found.left_out and not found.drivers(None, labels, "孤").told

    def test_large_tables_are_sampled_and_told(self, table: Table) -> None:
        found = fit_surrogate(table, by_visits(table), max_rows=150)
        assert found.fidelity["rows"].sum() == 150
        assert "The surrogate rests on 150 of 360 rows, drawn at random." in found.words

    def test_labels_as_numbers_with_gaps(self, table: Table) -> None:
        labels = pd.Series(pd.qcut(table.frame["baskets, all [bold]"], 3, labels=False)).astype(float)
        labels.iloc[::20] = np.nan
        assert fit_surrogate(table, labels).segments == ("0", "1", "2")

    def test_segments_by_number_are_in_the_order_of_numbers(self, table: Table) -> None:
        labels = pd.qcut(table.frame["baskets, all [bold]"], 12, labels=False)
        assert fit_surrogate(table, labels).segments == tuple(str(number) for number in range(12))

    @pytest.mark.parametrize("rows", [1, 5, 25])
    def test_next_to_no_rows(self, rows: int) -> None:
        small = shop_table(60)
        frame = small.frame.iloc[:rows]
        one = Table("small", frame, small.columns, (), (), Task.SEGMENTS, None, "0")
        found = fit_surrogate(one, np.arange(rows) % 2)
        assert found.model is None or rows == 25
        assert all(isinstance(sentence, str) for sentence in found.words)

    def test_one_segment(self, table: Table) -> None:
        found = fit_surrogate(table, np.zeros(360))
        assert found.model is None and found.accuracy is None and found.fidelity.empty
        assert found.words[0] == "No surrogate could be fitted: fewer than two segments have 10 rows."
        told = found.drivers(None, np.zeros(360), 0)
        assert not told.told and told.words == (found.words[0],) and told.output == "0"
        with pytest.raises(InputError, match="knows no segment '1'; it knows none"):
            found.drivers(None, np.zeros(360), 1)

    @pytest.mark.parametrize("names", [[], ["constant"]])
    def test_no_features(self, table: Table, names: list[str]) -> None:
        columns = (
            Column("id", Kind.TEXT, Role.ID, "test", 0, 360),
            *(Column(name, Kind.NUMBER, Role.FEATURE, "test", 0, 1) for name in names),
        )
        bare = Table("bare", table.frame[["id", *names]], columns, (), (), Task.SEGMENTS, None, "0")
        assert fit_surrogate(bare, np.arange(360) % 2).words[0].startswith("No surrogate could be fitted")

    def test_what_is_wrong_is_said(self, table: Table, three: Surrogate) -> None:
        with pytest.raises(InputError, match="3 labels for 360 rows"):
            fit_surrogate(table, np.zeros(3))
        with pytest.raises(InputError, match="360 segments; a surrogate is for at most 50"):
            fit_surrogate(table, np.arange(360))
        with pytest.raises(InputError, match="knows no segment 'x'"):
            three.drivers(None, by_visits(table), "x")
        with pytest.raises(InputError, match="Explain the surrogate's model first"):
            three.drivers(None, by_visits(table), "高")


class TestFidelity:
    def test_by_hand(self) -> None:
        codes = np.repeat([0, 1], [30, 20])
        said = np.r_[np.zeros(24), np.ones(6), np.ones(15), np.zeros(5)]
        shares = np.column_stack([1 - said, said])
        score, baseline = accuracy(codes, shares)
        assert score.value == pytest.approx(39 / 50) and baseline == 0.6
        assert skill(score.value, baseline) == pytest.approx(0.45)
        found = by_segment(codes, shares, ("a", "b"), 0)
        assert found["f1"].to_numpy() == pytest.approx([2 * 24 / (30 + 29), 2 * 15 / (20 + 21)])
        assert found["auc"].to_numpy() == pytest.approx([0.775, 0.775])  # (0.8 + 0.75) / 2
        assert (found["f1_low"] < found["f1"]).all() and (found["f1"] < found["f1_high"]).all()

    def test_perfect_figures_still_have_an_interval(self) -> None:
        codes = np.repeat([0, 1], 15)
        found = by_segment(codes, np.eye(2)[codes], ("a", "b"), 0)
        assert (found["f1"] == 1).all() and found["auc_low"].between(0.7, 0.9).all() and (found["auc_high"] == 1).all()
