"""Effects of one column: models whose answer is known by hand, hostile columns, and what is said about them."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from explain_models import champion, fitted, shop_table
from formula_models import calls_of, shares, written
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn.linear_model import LinearRegression, LogisticRegression

from workbench.contracts import Task
from workbench.errors import InputError
from workbench.explain import RelatedPair, accumulated_local_effects, effect_of, partial_dependence, related_pairs
from workbench.explain.effects import Effect
from workbench.explain.effects.accumulated_local import Steps, _curves
from workbench.explain.effects.level_order import similar_levels

Method = Callable[..., Effect]
METHODS: list[Method] = [partial_dependence, accumulated_local_effects]


def two_columns(rows: int = 2_000, noise: float = 0.0, seed: int = 0) -> pd.DataFrame:
    """x1 uniform on 0 … 1, x2 the same plus noise; wholly independent where ``noise`` is infinite."""
    random = np.random.default_rng(seed)
    x1 = random.uniform(size=rows)
    x2 = random.uniform(size=rows) if np.isinf(noise) else x1 + noise * random.normal(size=rows)
    return pd.DataFrame({"x1": x1, "x2": x2})


def well_formed(found: Effect) -> None:
    points = len(found.x)
    assert points == len(found.labels) == len(found.support) == len(found.effect) == len(found.table())
    assert np.isfinite(found.effect).all()
    assert found.support.min() >= 0
    if found.rows > 1:
        assert (found.low <= found.high).all()
    finite = found.x[np.isfinite(found.x)]
    assert (np.diff(finite) > 0).all()


class TestPartialDependence:
    def test_slope_of_a_linear_model_is_its_coefficient(self) -> None:
        table = shop_table()
        model = fitted(table, LinearRegression())
        scale = model.pipeline[0].spread_[0]
        found = partial_dependence(model, table, "visits")
        slopes = np.diff(found.effect) / np.diff(found.x)
        assert slopes == pytest.approx(model.pipeline[-1].coef_[0] / scale)
        assert found.space == "units of spend"
        assert found.output == "spend"

    def test_an_additive_model_gives_its_own_part(self) -> None:
        frame = two_columns(rows=300, noise=0.1)
        model = written(lambda X: np.sin(5 * X["x1"]) + X["x2"] ** 2, ["x1", "x2"])
        found = partial_dependence(model, frame, "x1", rows=300)
        assert found.effect == pytest.approx(np.sin(5 * found.x) + (frame["x2"] ** 2).mean())
        # rows differ in height only, so single curves lie on the mean
        assert found.spread_low == pytest.approx(found.effect)
        assert found.spread_high == pytest.approx(found.effect)

    def test_a_product_gives_the_mean_of_the_other_column_and_a_spread(self) -> None:
        frame = two_columns(rows=400, noise=np.inf)
        model = written(lambda X: X["x1"] * X["x2"], ["x1", "x2"])
        found = partial_dependence(model, frame, "x1", rows=400)
        assert found.effect == pytest.approx(found.x * frame["x2"].mean())
        assert (found.spread_high - found.spread_low)[[0, -1]].min() > 0.1

    def test_points_are_observed_values_between_the_tails(self) -> None:
        frame = two_columns()
        found = partial_dependence(written(lambda X: X["x1"], ["x1", "x2"]), frame, "x1", grid=12)
        assert len(found.x) == 12
        assert np.isin(found.x, frame["x1"]).all()
        assert found.x.min() >= frame["x1"].quantile(0.009) and found.x.max() <= frame["x1"].quantile(0.991)
        assert found.support.sum() == len(frame)

    def test_interval_holds_the_mean_over_all_rows(self) -> None:
        frame = two_columns(rows=5_000, noise=np.inf)
        model = written(lambda X: X["x1"] + X["x2"], ["x1", "x2"])
        found = partial_dependence(model, frame, "x1", rows=200, seed=3)
        whole = found.x + frame["x2"].mean()
        assert ((found.low <= whole) & (whole <= found.high)).all()
        assert (found.high - found.low).max() < 0.15

    def test_missing_values_are_the_last_point(self) -> None:
        frame = pd.DataFrame({"x": [1.0, 2.0, np.nan, 3.0, np.nan], "其他": [1.0, 2.0, 3.0, 4.0, 5.0]})
        found = partial_dependence(written(lambda X: X["x"].fillna(-9), ["x", "其他"]), frame, "x")
        assert found.labels[-1] == "missing" and np.isnan(found.x[-1])
        assert list(found.effect) == [1, 2, 3, -9]
        assert list(found.support) == [1, 1, 1, 2]

    def test_calls_stay_small(self) -> None:
        model = written(lambda X: X["x1"], ["x1", "x2"])
        partial_dependence(model, two_columns(rows=3_000), "x1", rows=3_000)
        assert sum(calls_of(model)) == 3_000 * 20 and max(calls_of(model)) <= 20_000

    def test_most_frequent_levels_first_and_the_rest_is_told(self) -> None:
        levels = [f"城市{i:02d}" for i in range(30)]
        frame = pd.DataFrame({"city": pd.Series(np.repeat(levels, np.arange(31, 1, -1)), dtype="str")})
        model = written(lambda X: X["city"].str[-2:].astype(float), ["city"])
        found = partial_dependence(model, frame, "city")
        assert found.labels == tuple(levels[:20])
        assert list(found.effect) == list(range(20))
        assert "20 most frequent of 30 levels" in found.note

    def test_a_text_of_its_own_in_every_row_is_told(self) -> None:
        frame = pd.DataFrame({"text": [f"letter {i}" for i in range(40)], "x": 1.0})
        found = partial_dependence(written(lambda X: X["x"], ["text", "x"]), frame, "text")
        assert len(found.x) == 20 and "single ones say little" in found.note


class TestAccumulatedLocal:
    def test_a_product_of_twins_is_half_the_square(self) -> None:
        frame = two_columns(noise=0.01)
        model = written(lambda X: X["x1"] * X["x2"], ["x1", "x2"])
        found = accumulated_local_effects(model, frame, "x1")
        wanted = found.x**2 / 2 - (frame["x1"] ** 2 / 2).mean()
        assert found.effect == pytest.approx(wanted, abs=0.01)
        # partial dependence of the same is a straight line: it asks about pairs that there aren't
        line = partial_dependence(model, frame, "x1")
        assert np.diff(line.effect) / np.diff(line.x) == pytest.approx(frame["x2"].mean(), abs=0.05)

    def test_equals_partial_dependence_where_columns_are_independent(self) -> None:
        frame = two_columns(rows=5_000, noise=np.inf)
        model = written(lambda X: X["x1"] ** 2 + X["x1"] * X["x2"], ["x1", "x2"])
        local = accumulated_local_effects(model, frame, "x1")
        partial = partial_dependence(model, frame, "x1", rows=5_000)
        centred = partial.effect - np.interp(frame["x1"], partial.x, partial.effect).mean()
        assert np.interp(partial.x, local.x, local.effect) == pytest.approx(centred, abs=0.02)

    def test_a_linear_model_is_exact_though_its_columns_are_twins(self) -> None:
        table = shop_table()
        model = fitted(table, LinearRegression())
        found = accumulated_local_effects(model, table, "visits")
        slopes = np.diff(found.effect) / np.diff(found.x)
        assert slopes == pytest.approx(model.pipeline[-1].coef_[0] / model.pipeline[0].spread_[0])
        assert found.high - found.low == pytest.approx(
            np.full(len(found.x), (found.high - found.low)[0])
        )  # only the height is uncertain

    def test_rows_per_bin_are_told(self) -> None:
        frame = two_columns(rows=1_000)
        found = accumulated_local_effects(written(lambda X: X["x1"], ["x1", "x2"]), frame, "x1", grid=10)
        assert found.support[0] == 0 and found.support.sum() == found.rows == 1_000
        assert found.support[1:].max() <= 101
        assert np.isnan(found.spread_low).all()

    def test_two_predictions_a_row(self) -> None:
        model = written(lambda X: X["x1"], ["x1", "x2"])
        accumulated_local_effects(model, two_columns(rows=30_000), "x1", rows=15_000)
        assert sum(calls_of(model)) == 30_000 and max(calls_of(model)) <= 20_000

    def test_rows_without_a_value_are_left_out_and_told(self) -> None:
        frame = two_columns(rows=100)
        frame.loc[:9, "x1"] = np.nan
        found = accumulated_local_effects(written(lambda X: X["x1"] * 2, ["x1", "x2"]), frame, "x1")
        assert found.rows == 90
        assert "10 of 100 rows without a value are left out" in found.note

    def test_a_step_that_no_row_takes_keeps_what_is_known_of_it(self) -> None:
        mass = np.array([[0.5, 0.5, 0.0], [0.0, 0.5, 0.5]])
        steps = Steps(
            x=np.arange(3.0),
            labels=("a", "b", "c"),
            cells=np.arange(3),
            row=np.array([0, 1]),
            step=np.array([0, 1]),
            mass=mass,
            support=np.array([0, 1, 1]),
        )
        delta = np.array([2.0, 5.0])
        only_first = _curves(np.array([[2.0, 0.0]]), steps, delta, np.array([2.0, 5.0]))[0]
        assert np.diff(only_first) == pytest.approx([2, 5])
        nothing_known = _curves(np.array([[2.0, 0.0]]), steps, delta, np.zeros(2))[0]
        assert np.diff(nothing_known) == pytest.approx([2, 0])

    def test_levels_of_an_additive_model_keep_their_differences(self) -> None:
        table = shop_table()
        model = fitted(table, LinearRegression())
        local = accumulated_local_effects(model, table, "地区")
        partial = partial_dependence(model, table, "地区")
        one, other = (dict(zip(each.labels, each.effect, strict=True)) for each in (local, partial))
        assert set(one) == {"north", "south", "west"}
        for level in one:
            assert one[level] - one["south"] == pytest.approx(other[level] - other["south"])
        weights = table.frame["地区"].value_counts(normalize=True)
        assert sum(one[level] * weights[level] for level in one) == pytest.approx(0)
        assert local.support.sum() == local.rows == len(table.frame)

    def test_levels_stand_next_to_those_that_are_alike(self) -> None:
        random = np.random.default_rng(0)
        true_order = ["s", "xl", "m", "xs", "l"]
        place = random.choice(5, p=[0.1, 0.2, 0.3, 0.25, 0.15], size=3_000)
        frame = pd.DataFrame(
            {
                "size": pd.Series(np.array(true_order, dtype=object)[place], dtype="str"),
                "weight": place + random.normal(scale=0.8, size=3_000),
            }
        )
        model = written(lambda X: X["weight"] + (X["size"] == "xl"), ["size", "weight"])
        found = accumulated_local_effects(model, frame, "size")
        assert list(found.labels) in (true_order, true_order[::-1])

    def test_levels_that_do_not_differ_stay_by_frequency(self) -> None:
        places = np.array([0, 0, 0, 1, 1, 2.0])
        assert list(similar_levels(pd.DataFrame({"a": list("xxxyyz"), "b": 1.0}), "a", places, 3)) == [0, 1, 2]

    @settings(max_examples=40)
    @given(
        arrays.arrays(float, st.integers(2, 60), elements=st.integers(-30, 30).map(float)),
        st.integers(2, 12),
        st.integers(0, 5),
    )
    def test_additive_models_are_exact_for_any_column(self, x: np.ndarray, grid: int, seed: int) -> None:
        frame = pd.DataFrame({"x": x, "twin": -x})
        model = written(lambda X: X["x"] ** 3 + X["twin"], ["x", "twin"])
        found = accumulated_local_effects(model, frame, "x", grid=grid, seed=seed)
        well_formed(found)
        assert found.effect - found.effect[0] == pytest.approx(found.x**3 - found.x[0] ** 3, abs=1e-6)
        partial = partial_dependence(model, frame, "x", grid=grid, seed=seed)
        well_formed(partial)
        assert partial.effect - partial.effect[0] == pytest.approx(partial.x**3 - partial.x[0] ** 3, abs=1e-6)


@pytest.mark.parametrize("method", METHODS, ids=["pdp", "ale"])
class TestBoth:
    def test_two_classes_are_told_by_the_second(self, method: Method) -> None:
        frame = two_columns(rows=200)
        model = written(lambda X: shares(1 - X["x1"].clip(0, 1)), ["x1", "x2"], classes=["nein", "ja"])
        found = method(model, frame, "x1")
        assert (found.output, found.space) == ("ja", "probability")
        assert np.diff(found.effect) == pytest.approx(np.diff(found.x))
        with pytest.raises(InputError, match="no output 1; choose 0 \\('ja'\\)"):
            method(model, frame, "x1", output=1)

    def test_shares_of_many_classes_move_against_each_other(self, method: Method) -> None:
        table = shop_table(task=Task.MULTICLASS)
        model = fitted(table, LogisticRegression(max_iter=500))
        found = [method(model, table, "visits", output=k) for k in range(3)]
        assert [each.output for each in found] == [str(label) for label in model.classes]
        total = sum(each.effect for each in found)
        assert total == pytest.approx(1.0 if method is partial_dependence else 0.0)

    @pytest.mark.parametrize("task", [Task.REGRESSION, Task.BINARY, Task.MULTICLASS], ids=str)
    def test_every_kind_of_column_of_a_real_champion(self, method: Method, task: Task) -> None:
        table = shop_table(task=task, gaps=True, rows=120)
        table.frame["活跃"] = pd.Series(np.arange(120) % 3 == 0)
        model = champion(table, "lightgbm", {"rounds": 10})
        for column in model.columns:
            well_formed(method(model, table, column, rows=60))

    def test_dates_keep_their_type_and_zone(self, method: Method) -> None:
        joined = pd.Series(pd.date_range("2024-01-01", periods=50, freq="D", tz="Asia/Shanghai"))
        frame = pd.DataFrame({"加入": joined, "x": 1.0})
        model = written(lambda X: X["加入"].dt.tz_convert("Asia/Tokyo").dt.dayofyear, ["加入", "x"])
        found = method(model, frame, "加入", grid=5)
        assert found.kind == "date" and found.labels[0] == "2024-01-01"
        assert np.diff(found.effect) == pytest.approx(np.diff(found.x))

    def test_booleans_and_codes(self, method: Method) -> None:
        frame = pd.DataFrame(
            {
                "bought": [True, False, True, True],
                "size": pd.Categorical(["s", "l", None, "s"], categories=["s", "m", "l"]),
            }
        )
        model = written(
            lambda X: 2.0 * X["bought"].to_numpy(dtype=float) + (X["size"].astype(object) == "l"), ["bought", "size"]
        )
        found = method(model, frame, "bought")
        assert found.labels[0] == "yes" and found.effect[0] - found.effect[1] == pytest.approx(2)
        levels = method(model, frame, "size")
        assert [label for label in levels.labels if label != "missing"] == ["s", "l"]

    @pytest.mark.parametrize("cells", [[1.0], ["北"], [pd.Timestamp("2024-05-01")], [True]])
    def test_one_row(self, method: Method, cells: list[object]) -> None:
        frame = pd.DataFrame({"a": cells, "b": [2.0]})
        found = method(written(lambda X: X["b"], ["a", "b"]), frame, "a")
        well_formed(found)
        assert len(found.x) == 1 and np.isnan(found.low).all()
        assert "holds a single value" in found.note

    def test_a_constant_column_says_that_there_is_nothing_to_compare(self, method: Method) -> None:
        found = method(written(lambda X: X["b"], ["a", "b"]), pd.DataFrame({"a": 1.0, "b": [1.0, 2.0, 3.0]}), "a")
        assert len(found.x) == 1 and "holds a single value" in found.note
        assert found.effect[0] == pytest.approx(2.0 if method is partial_dependence else 0.0)

    def test_what_cannot_be_done_is_said(self, method: Method) -> None:
        model = written(lambda X: X["a"], ["a", "空"])
        frame = pd.DataFrame({"a": [1.0, 2.0], "空": [np.nan, np.nan]})
        with pytest.raises(InputError, match="'空' holds no value"):
            method(model, frame, "空")
        with pytest.raises(InputError, match="uses no column 'zz'; it uses 'a', '空'"):
            method(model, frame, "zz")
        with pytest.raises(InputError, match="no rows"):
            method(model, frame.iloc[:0], "a")
        with pytest.raises(InputError, match="no column '空' in the given frame"):
            method(model, frame[["a"]], "a")
        with pytest.raises(InputError, match="at least 2 points"):
            method(model, frame, "a", grid=1)
        with pytest.raises(InputError, match="at least one"):
            method(model, frame, "a", rows=0)

    def test_the_same_seed_gives_the_same_bits_and_the_frame_stays(self, method: Method) -> None:
        table = shop_table(gaps=True)
        before = table.frame.copy()
        model = champion(table, "lightgbm", {"rounds": 10})
        one, other = (method(model, table, "visits", rows=100, seed=5).table() for _ in range(2))
        pd.testing.assert_frame_equal(one, other)
        pd.testing.assert_frame_equal(table.frame, before)

    def test_the_index_of_the_rows_does_not_matter(self, method: Method) -> None:
        frame = two_columns(rows=60)
        model = written(lambda X: X["x1"] * X["x2"], ["x1", "x2"])
        odd = frame.set_index(np.array([7] * 60))
        pd.testing.assert_frame_equal(method(model, frame, "x1").table(), method(model, odd, "x1").table())


class TestChoice:
    def test_related_columns_get_local_effects_and_the_reason(self) -> None:
        table = shop_table()
        model = fitted(table, LinearRegression())
        pairs = related_pairs(table.frame, list(model.columns))
        found = effect_of(model, table, "visits", pairs)
        assert found.method.startswith("accumulated local effects")
        assert "'visits' goes together with 'baskets, all [bold]'" in found.note
        other = effect_of(model, table, "joined", pairs)
        assert other.method.startswith("partial dependence") and "does not go strongly together" in other.note

    def test_partners_that_the_model_does_not_use_or_weak_ones_do_not_count(self) -> None:
        frame = two_columns(rows=50)
        model = written(lambda X: X["x1"], ["x1", "x2"])
        pairs = [RelatedPair("x1", "elsewhere", 0.99), RelatedPair("x2", "x1", -0.7)]
        assert effect_of(model, frame, "x1", pairs).method.startswith("partial")
        strong = effect_of(model, frame, "x1", [RelatedPair("x2", "x1", -0.9)], rows=20)
        assert strong.method.startswith("accumulated") and "'x2' (|r| 0.90)" in strong.note and strong.rows == 20

    def test_no_word_of_causes(self) -> None:
        table = shop_table(rows=60)
        model = fitted(table, LinearRegression())
        for column in model.columns:
            note = effect_of(model, table, column, related_pairs(table.frame, list(model.columns))).note
            assert not re.search(r"\b(causes?|impacts?|leads to|drives?)\b", note)
