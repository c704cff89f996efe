"""Numbers for drawings: they add up, keep to the data, and stand hostile names and cells."""

from __future__ import annotations

import re
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
import pytest
from explain_models import fitted, quiet, shop_table
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn.linear_model import LogisticRegression, Ridge

from workbench.budget import Budget
from workbench.contracts import Explanation, Task
from workbench.errors import InputError
from workbench.explain import (
    beeswarm,
    cell_text,
    dependence,
    explain,
    importance_table,
    number_text,
    related_pairs,
    row_position,
    to_shap,
    waterfall,
)
from workbench.explain.columns import read_column
from workbench.explain.grouping import Grouping, to_sources
from workbench.explain.overall.bins import binned, bins_of, text_of
from workbench.explain.views import value_ranks
from workbench.explain.words import describe


def made(task: Task = Task.REGRESSION, estimator: Any = None, **options: Any) -> Explanation:
    table = shop_table(task=task, gaps=options.pop("gaps", False), rows=options.pop("rows", 300))
    model = fitted(table, estimator if estimator is not None else Ridge())
    return explain(model, table, budget=Budget.unlimited(), events=quiet()[0], **options)


@pytest.fixture(scope="module")
def linear() -> Explanation:
    return made()


@pytest.fixture(scope="module")
def gappy() -> Explanation:
    trees = lightgbm.LGBMRegressor(n_estimators=20, num_leaves=8, verbose=-1, n_jobs=1)
    return made(estimator=trees, gaps=True)


class TestWaterfall:
    @pytest.mark.parametrize("top", [0, 2, 50])
    def test_adds_up(self, linear: Explanation, top: int) -> None:
        for position in (0, 17, 299):
            fall = waterfall(linear, position, top=top)
            total = fall.base + sum(step.contribution for step in fall.steps) + fall.rest
            assert total == pytest.approx(fall.total)
            assert len(fall.steps) <= top

    def test_largest_first_and_silent_columns_left_out(self, linear: Explanation) -> None:
        fall = waterfall(linear, 4)
        sizes = [abs(step.contribution) for step in fall.steps]
        assert sizes == sorted(sizes, reverse=True)
        assert "constant" not in [step.column for step in fall.steps]

    def test_raw_values_are_shown(self, linear: Explanation) -> None:
        values = {step.column: step.value for step in waterfall(linear, 0).steps}
        raw = linear.data.iloc[0]
        assert values["地区"] == raw["地区"]
        assert values["visits"] == f"{int(raw['visits'])}"
        assert values["joined"] == raw["joined"].strftime("%Y-%m-%d")

    def test_rows_are_found_by_their_place_in_the_table(self) -> None:
        some = made(max_rows=40)
        position = row_position(some, int(some.rows[7]))
        assert position == 7 and waterfall(some, position).row == some.rows[7]
        absent = next(row for row in range(300) if row not in some.rows)
        with pytest.raises(InputError, match="not among the 40 explained rows"):
            row_position(some, absent)


class TestBeeswarm:
    def test_points_belong_to_the_most_important_columns(self, linear: Explanation) -> None:
        swarms = beeswarm(linear, top=3, points=50)
        assert [swarm.column for swarm in swarms] == list(linear.importance["column"].head(3))
        for swarm in swarms:
            assert swarm.contribution.shape == swarm.offset.shape == swarm.colour.shape == (50,)
            assert np.abs(swarm.offset).max() <= 1
            known = swarm.colour[np.isfinite(swarm.colour)]
            assert known.size == 0 or (known.min() >= 0 and known.max() <= 1)

    def test_categories_have_no_colour(self, linear: Explanation) -> None:
        region = next(swarm for swarm in beeswarm(linear) if swarm.column == "地区")
        assert np.isnan(region.colour).all()

    def test_fewer_rows_than_points(self) -> None:
        assert beeswarm(made(max_rows=5))[0].contribution.shape == (5,)


class TestDependence:
    def test_numbers(self, linear: Explanation) -> None:
        shown = dependence(linear, "visits")
        assert shown.kind == "number" and shown.levels == ()
        assert np.array_equal(shown.x, linear.data["visits"].to_numpy())
        assert np.array_equal(shown.contribution, linear.values[:, 0, 0])
        assert shown.bins["rows"].sum() == 300
        weighted = (shown.bins["contribution"] * shown.bins["rows"]).sum() / 300
        assert weighted == pytest.approx(shown.contribution.mean(), abs=1e-9)
        assert shown.bins["x"].is_monotonic_increasing

    def test_many_distinct_numbers_are_cut_into_bins(self, linear: Explanation) -> None:
        bins = dependence(linear, "baskets, all [bold]").bins
        assert len(bins) == 20 and bins["rows"].between(10, 20).all()
        assert (bins["low"] <= bins["contribution"]).all() and (bins["contribution"] <= bins["high"]).all()

    def test_levels(self, linear: Explanation) -> None:
        shown = dependence(linear, "地区")
        assert shown.kind == "category" and set(shown.levels) == {"north", "south", "west"}
        assert list(shown.bins["label"]) == list(shown.levels)
        means = shown.bins.set_index("label")["contribution"]
        assert means.idxmax() == "south"

    def test_dates(self, linear: Explanation) -> None:
        shown = dependence(linear, "joined")
        first = (linear.data["joined"].iloc[0] - pd.Timestamp("1970-01-01")).days
        assert shown.kind == "date" and shown.x[0] == first
        assert shown.bins["label"].iloc[0].startswith("up to 2023-0")

    @pytest.mark.parametrize("seed", range(6))
    def test_no_edge_leads_to_a_row(self, seed: int) -> None:
        """Bins end at figures that are rounder than the values, and hold as many rows as they say."""
        random = np.random.default_rng(seed)
        values = np.r_[np.zeros(300), random.gamma(0.7, 100, 500)].round(4)
        bins = binned(read_column(pd.Series(values)), np.zeros(800))
        assert bins["rows"].sum() == 800 and len(bins) > 8
        named = {float(number) for label in bins["label"] for number in re.findall(r"[\d.]+", label)}
        single = set(values[values > 0])
        assert len(named) > 8 and not named & single and not {2 * edge for edge in named} & single
        for label, rows in zip(bins["label"], bins["rows"], strict=True):
            if ends := re.fullmatch(r"over ([\d.]+) to ([\d.]+)", label):
                low, top = map(float, ends.groups())
                assert ((values > low) & (values <= top)).sum() == rows

    def test_neighbouring_whole_numbers_are_cut_at_tens(self) -> None:
        labels = [text_of(name) for name in bins_of(read_column(pd.Series(np.arange(1000) + 18)), 20).names]
        edges = {int(number) for label in labels for number in re.findall(r"\d+", label)}
        assert len(labels) == 20 and all(edge % 10 == 0 for edge in edges)

    def test_bins_are_of_about_equal_size(self) -> None:
        found = bins_of(read_column(pd.Series([*range(100), None])), 4)
        assert [text_of(name) for name in found.names] == ["up to 25", "over 25 to 50", "over 50 to 75", "over 75"]
        assert np.bincount(found.places + 1).tolist() == [1, 26, 25, 25, 24]

    def test_of_a_straight_line_the_bins_lie_on_it(self) -> None:
        """However skewed the values: a line through medians would bend where the model does not."""
        values = np.random.default_rng(0).gamma(0.5, 100, 800)
        bins = binned(read_column(pd.Series(values)), 3 * values - 7)
        np.testing.assert_allclose(bins["contribution"], 3 * bins["x"] - 7)

    def test_one_value_of_many_rows_is_a_bin_of_its_own(self) -> None:
        names = bins_of(read_column(pd.Series([0] * 90 + [1, 2, 3, 4, 5])), 3).names
        assert [text_of(name) for name in names] == ["0", "over 0"]
        assert bins_of(read_column(pd.Series([3.5, 1.0, 3.5])), 4).names == ["1", "3.50"]

    def test_levels_beyond_the_most_frequent_are_one_bin(self) -> None:
        cells = read_column(pd.Series([*"aaaabbbccd", None], dtype="str"))
        assert [text_of(name) for name in bins_of(cells, 2).names] == ["a", "b", "2 other levels"]
        assert bins_of(cells, 3).names == [*"abcd"]  # a single one keeps its name

    def test_missing_values_have_their_own_bin(self, gappy: Explanation) -> None:
        bins = dependence(gappy, "visits").bins
        assert bins["label"].iloc[-1] == "missing" and np.isnan(bins["x"].iloc[-1])
        assert bins["rows"].iloc[-1] == gappy.data["visits"].isna().sum()
        assert bins["rows"].sum() == len(gappy.rows)

    def test_an_additive_model_has_no_partner(self, linear: Explanation) -> None:
        assert dependence(linear, "noise").partner is None

    def test_the_partner_is_the_column_that_interacts(self) -> None:
        random = np.random.default_rng(0)
        table = shop_table(rows=600)
        table.frame["noise"] = random.normal(size=600)
        table.frame["baskets, all [bold]"] = random.normal(size=600)
        table.frame["spend"] = 10 * table.frame["noise"] * table.frame["baskets, all [bold]"]
        model = fitted(table, lightgbm.LGBMRegressor(n_estimators=60, verbose=-1, n_jobs=1))
        found = explain(model, table, budget=Budget.unlimited(), events=quiet()[0])
        shown = dependence(found, "noise")
        assert shown.partner == "baskets, all [bold]"
        assert shown.partner_rank is not None and shown.partner_rank.max() == 1

    def test_no_such_column(self, linear: Explanation) -> None:
        with pytest.raises(InputError, match=r"uses no column 'age'; it uses 'visits'.*and 1 more"):
            dependence(linear, "age")


class TestToShap:
    @pytest.mark.parametrize("task", list(Task)[:3])
    def test_shapes(self, task: Task) -> None:
        found = made(task, Ridge() if task is Task.REGRESSION else LogisticRegression())
        theirs = to_shap(found)
        assert list(theirs.feature_names) == list(found.columns)
        total = theirs.base_values + theirs.values.sum(axis=1)
        assert np.allclose(total, found.margin if task is Task.MULTICLASS else found.margin[:, 0])


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_grouping_keeps_every_sum(data: st.DataObject) -> None:
    rows, derived, outputs = (data.draw(st.integers(1, 6)) for _ in range(3))
    sources = data.draw(st.integers(1, 6))
    values = data.draw(arrays.arrays(float, (rows, derived, outputs), elements=st.floats(-1e6, 1e6)))
    groups = data.draw(arrays.arrays(int, derived, elements=st.integers(0, sources - 1)))
    grouped = to_sources(values, Grouping(groups, sources))
    assert grouped.shape == (rows, sources, outputs)
    assert np.allclose(grouped.sum(axis=1), values.sum(axis=1), rtol=1e-9, atol=1e-6)
    for source in range(sources):
        assert np.allclose(grouped[:, source], values[:, groups == source].sum(axis=1), rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("groups", [[0], [0, 0, 3], [-1, 0, 0]])
def test_grouping_refuses_what_does_not_fit(groups: list[int]) -> None:
    with pytest.raises(ValueError, match=r"derived columns|source column"):
        to_sources(np.zeros((2, 3, 1)), Grouping(np.array(groups), 3))


NAMES = st.text(min_size=1, max_size=12)
CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=80), st.binary(max_size=5)
)


def test_columns_that_point_the_same_way_share_a_sentence() -> None:
    up = np.arange(200.0)
    data = pd.DataFrame({"{spend}": up, "visits {0}": up, "recency": up, "region": ["north", "south"] * 100})
    values = np.stack([3 * up, 2 * up, -up, np.where(np.arange(200) % 2, 30.0, -30.0)], axis=1)[:, :, None]
    values -= values.mean(axis=0)
    importance = importance_table(values, data, {}, seed=0)
    words = describe(values, data, importance, outputs=["spend_next"], space="units of y", target="y", total_rows=200)
    assert (
        "Higher values of '{spend}' and 'visits {0}' go with higher predicted 'y' (rank correlation +1.00 and +1.00)."
        in words
    )
    assert "Higher values of 'recency' go with lower predicted 'y' (rank correlation -1.00)." in words
    assert any(sentence.startswith("'region' differs by level: 'south' goes with the highest") for sentence in words)


@given(
    st.lists(st.lists(CELLS, min_size=6, max_size=6), min_size=1, max_size=4),
    st.lists(NAMES, min_size=4, max_size=4, unique=True),
    st.integers(1, 3),
)
@settings(max_examples=40, deadline=None)
def test_any_cells_and_names_are_read_and_told(cells: list[list[Any]], names: list[str], outputs: int) -> None:
    data = pd.DataFrame({name: pd.Series(column, dtype=object) for name, column in zip(names, cells, strict=False)})
    random = np.random.default_rng(0)
    values = random.normal(size=(6, data.shape[1], outputs))
    importance = importance_table(values, data, {}, seed=0)
    words = describe(
        values,
        data,
        importance,
        outputs=[f"class {k}" for k in range(outputs)],
        space="log-odds",
        target="y",
        total_rows=6,
    )
    assert words[-1].startswith("All of this is association")
    assert importance["share"].sum() == pytest.approx(1)
    found = Explanation(
        values=values,
        base=np.zeros(outputs),
        margin=values.sum(axis=1),
        columns=tuple(data.columns),
        outputs=tuple(map(str, range(outputs))),
        output_space="log-odds",
        rows=np.arange(6),
        total_rows=6,
        data=data,
        importance=importance,
        method="",
        checks=(),
        words=words,
    )
    for name in data.columns:
        shown = dependence(found, name, output=outputs - 1)
        assert shown.bins["rows"].sum() == 6 and shown.x.shape == (6,)
    for position in range(6):
        assert all("\n" not in step.value for step in waterfall(found, position).steps)
    assert len(beeswarm(found)) == data.shape[1]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "missing"),
        (float("nan"), "missing"),
        (pd.NaT, "missing"),
        (3.0, "3"),
        (100_003, "100003"),
        (0.012345, "0.012345"),
        (1234.56, "1234.56"),
        (1e-9, "1e-09"),
        (20240506.0, "20240506"),
        (float("inf"), "inf"),
        (True, "yes"),
        (pd.Timestamp("2024-05-06"), "2024-05-06"),
        (pd.Timestamp("2024-05-06 07:08"), "2024-05-06 07:08"),
        ("two\nlines", "two lines"),
        ("x" * 60, "x" * 39 + "…"),
    ],
)
def test_cells_as_text(value: object, text: str) -> None:
    assert cell_text(value) == text


@given(st.floats(-1e300, 1e300))
@settings(deadline=None)
def test_numbers_as_text_keep_three_digits(value: float) -> None:
    assert float(number_text(value).replace(",", "")) == pytest.approx(value, rel=5.1e-3)


def test_columns_are_read_as_what_they_hold() -> None:
    assert read_column(pd.Series(["1", "2.5", None, "3"])).scale == "number"
    assert read_column(pd.Series(["a", "b", "a"])).levels == ("a", "b")
    assert read_column(pd.Series([True, False])).scale == "category"
    assert read_column(pd.Series([None, None], dtype=object)).scale == "number"
    assert np.isnan(read_column(pd.Series([1.0, np.inf])).values[1])
    assert read_column(pd.Series(pd.to_datetime(["2024-01-01", None], utc=True))).scale == "date"
    assert read_column(pd.Series([1, None], dtype="Int64")).values[0] == 1
    assert read_column(pd.Series([["a"], ["b", "c"], ["a"]])).scale == "category"  # no keys


@given(arrays.arrays(float, st.integers(0, 30), elements=st.floats(allow_infinity=False)))
@settings(deadline=None)
def test_ranks(values: np.ndarray) -> None:
    ranks = value_ranks(values)
    assert np.array_equal(np.isnan(ranks), np.isnan(values))
    known = ~np.isnan(values)
    assert np.all((ranks[known] >= 0) & (ranks[known] <= 1))
    order = np.argsort(values[known], kind="stable")
    assert np.all(np.diff(ranks[known][order]) >= 0)


class TestRelatedPairs:
    def test_pairs_are_found_and_others_are_not(self) -> None:
        random = np.random.default_rng(0)
        a = random.normal(size=400)
        level = random.choice(list("xyz"), 400)
        data = pd.DataFrame({"a": a, "minus": -np.exp(a), "b": random.normal(size=400), "l": level})
        data["same"] = data["l"].map({"x": "1st", "y": "2nd", "z": "3rd"})
        pairs = related_pairs(data, list(data.columns))
        assert {(pair.first, pair.second) for pair in pairs} == {("a", "minus"), ("l", "same")}
        assert next(pair.strength for pair in pairs if pair.first == "a") == pytest.approx(-1)

    def test_many_levels_say_nothing(self) -> None:
        names = [f"n{i}" for i in range(100)]
        assert related_pairs(pd.DataFrame({"a": names, "b": names}), ["a", "b"]) == []


def test_importance_of_one_output_has_a_direction() -> None:
    found = made(Task.MULTICLASS, LogisticRegression())
    assert found.importance["direction"].isna().all()
    first = importance_table(found.values, found.data, {}, output=0).set_index("column")
    last = importance_table(found.values, found.data, {}, output=2).set_index("column")
    assert first.loc["visits", "direction"] < -0.9 and last.loc["visits", "direction"] > 0.9
