"""Raw cells read the same way when fitting and when predicting, and nothing that is put in makes it fail."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.contracts import Column, Kind, Role
from workbench.errors import InputError
from workbench.pipelines import Preparer, cleaning


def one(kind, role=Role.FEATURE, name="x"):
    return Column(name, kind, role, "made", 0, 0)


def prepared(cells, kind, other=None, role=Role.FEATURE, **options):
    """Fit on ``cells``, transform ``other`` (or ``cells``): derived columns by name."""
    preparer = Preparer([one(kind, role)], **options).fit(pd.DataFrame({"x": cells}))
    made = preparer.transform(pd.DataFrame({"x": cells if other is None else other}))
    return {column.name: made.matrix[:, place] for place, column in enumerate(made.derived)}, preparer


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1,234.50", "2.00", "-3.25"], [1234.5, 2.0, -3.25]),
        (["1.234,50", "2,00", "-3,25"], [1234.5, 2.0, -3.25]),
        (["1.234", "1.234,5", "0,5"], [1234.0, 1234.5, 0.5]),
        (["$1,000", "€ 2,000", "3,000"], [1000, 2000, 3000]),
        (["12 %", "7%", "(5)"], [12, 7, -5]),
        (["1e3", " 4 ", "none"], [1000, 4, np.nan]),
        ([1.5, np.inf, -np.inf], [1.5, np.nan, np.nan]),
        ([True, False, None], [1, 0, np.nan]),
    ],
)
def test_numbers_as_text(cells, values):
    read, _ = cleaning.numbers(pd.Series(cells))
    np.testing.assert_array_equal(read, values)


def test_what_was_a_number_may_come_as_text():
    columns, _ = prepared([1.0, 2.5, 3.0], Kind.NUMBER, ["2.5", "", "abc"])
    np.testing.assert_array_equal(columns["x"], np.array([2.5, np.nan, np.nan], dtype=np.float32))


def test_large_numbers_keep_their_differences():
    columns, _ = prepared([1_700_000_001, 1_700_000_002, 1_700_000_005], Kind.INTEGER)
    np.testing.assert_array_equal(np.diff(columns["x"]), [1, 3])


@pytest.mark.parametrize(
    "cells",
    [
        ["2024-03-01", "2024-12-31", "2023-07-15"],
        ["01.03.2024", "31.12.2024", "15.07.2023"],
        ["03/01/2024", "12/31/2024", "07/15/2023"],
        ["2024年03月01日", "2024年12月31日", "2023年07月15日"],
        [pd.Timestamp("2024-03-01"), pd.Timestamp("2024-12-31"), pd.Timestamp("2023-07-15")],
    ],
)
def test_dates(cells):
    columns, _ = prepared(cells, Kind.DATE)
    np.testing.assert_array_equal(columns["x · month"], [3, 12, 7])
    np.testing.assert_array_equal(columns["x · year"], [2024, 2024, 2023])
    np.testing.assert_array_equal(columns["x · days"], [230, 535, 0])


def test_dates_may_come_as_text_when_predicting():
    stamps = pd.to_datetime(["2024-03-01", "2024-12-31"])
    columns, _ = prepared(stamps, Kind.DATE, ["2024-03-02", "rubbish"])
    np.testing.assert_array_equal(columns["x · days"], np.array([1, np.nan], dtype=np.float32))


def test_yes_and_no():
    columns, _ = prepared(["Yes", "no", None], Kind.BOOLEAN, [True, "0", "maybe"])
    np.testing.assert_array_equal(columns["x"], np.array([1, 0, np.nan], dtype=np.float32))
    columns, preparer = prepared(["male", "female", "male"], Kind.BOOLEAN)
    assert preparer.derived_[0].kind == "category"


def test_levels_in_natural_order_with_unseen_and_missing():
    columns, preparer = prepared(["10-20", "9", "2-10", None], Kind.CATEGORY, ["9", "new", None, " 9 "])
    assert preparer.derived_[0].levels == ("2-10", "9", "10-20", "(missing)")
    np.testing.assert_array_equal(columns["x"], np.array([1, np.nan, 3, 1], dtype=np.float32))


def test_codes_stay_themselves_as_whole_or_broken_numbers():
    columns, _ = prepared([1, 2, 3], Kind.CATEGORY, [1.0, np.nan, 3.0])
    np.testing.assert_array_equal(columns["x"], np.array([0, np.nan, 2], dtype=np.float32))


def test_many_levels_are_capped_and_said():
    cells = [f"l{number % 50}" for number in range(500)] + [f"rare{number}" for number in range(200)]
    columns, preparer = prepared(cells, Kind.CATEGORY, ["l1", "rare3", "new"], max_levels=40)
    assert "levels" in preparer.notices_[0]
    assert len(preparer.derived_[0].levels) == 41
    assert columns["x"][1] == columns["x"][2] == 40
    assert "x · frequency" in columns


def test_text_tells_length_words_and_topics():
    cells = ["slow delivery again", "great shoes and great price", "slow delivery", "great shoes", None] * 20
    columns, preparer = prepared(cells, Kind.TEXT, ["slow", None], role=Role.TEXT)
    assert list(columns)[:2] == ["x · length", "x · words"]
    assert any("topic 1" in name for name in columns)
    assert np.isnan([values[1] for values in columns.values()]).all()
    assert {column.sources for column in preparer.derived_} == {("x",)}


def test_topics_tell_what_is_talked_about():
    cells = ["slow delivery again", "great shoes and great price", "slow delivery", "great shoes"] * 20
    columns, _ = prepared(cells, Kind.TEXT, role=Role.TEXT)
    shoes = ["shoes" in cell for cell in cells]
    topics = [values for name, values in columns.items() if "topic" in name]
    assert max(abs(np.corrcoef(shoes, one)[0, 1]) for one in topics) > 0.8


def test_text_without_common_words():
    columns, preparer = prepared([f"word{number}" for number in range(30)], Kind.TEXT, role=Role.TEXT)
    assert list(columns) == ["x · length", "x · words"]
    assert preparer.notices_


def test_constants_are_left_out_and_said():
    frame = pd.DataFrame({"x": [1, 1, 1], "y": [None] * 3, "z": [1, 2, 3]})
    preparer = Preparer([one(Kind.INTEGER), one(Kind.EMPTY, name="y"), one(Kind.INTEGER, name="z")]).fit(frame)
    assert list(preparer.get_feature_names_out()) == ["z"]
    assert "'x', 'y'" in preparer.notices_[0]


def test_a_missing_column_is_named():
    preparer = Preparer([one(Kind.NUMBER)]).fit(pd.DataFrame({"x": [1.0, 2.0]}))
    with pytest.raises(InputError, match="'x'"):
        preparer.transform(pd.DataFrame({"y": [1.0]}))


CELL = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["1,5", "2024-01-01", "yes", "=1+1", "<b>", "[bold]", "\x00", "9999-12-31", "0001-01-01"]),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(CELL, min_size=1, max_size=12),
    st.lists(CELL, min_size=1, max_size=12),
    st.sampled_from([Kind.NUMBER, Kind.BOOLEAN, Kind.CATEGORY, Kind.DATE, Kind.TEXT, Kind.EMPTY]),
)
def test_no_cell_makes_it_fail(cells, others, kind):
    columns, preparer = prepared(pd.Series(cells, dtype=object), kind, pd.Series(others, dtype=object))
    for values in columns.values():
        assert values.dtype == np.float32
        assert len(values) == len(others)
        assert not np.isinf(values).any()
    again = preparer.transform(pd.DataFrame({"x": pd.Series(others, dtype=object)}))
    np.testing.assert_array_equal(np.column_stack([*columns.values(), np.zeros(len(others))])[:, :-1], again.matrix)


@pytest.mark.parametrize(
    ("kind", "learnt", "asked", "words"),
    [
        (
            Kind.NUMBER,
            [1.0, 2.0, 3.0],
            ["red", "blue", ""],
            "'x': 100% of the values hold no number; they are missing.",
        ),
        (Kind.NUMBER, [1.0, 2.0, 3.0], ["red", "1", "2"], None),
        (Kind.NUMBER, [1.0, 2.0, 3.0], [None, None, None], None),
        (
            Kind.DATE,
            ["2024-03-01", "2024-12-31", "2023-07-15"],
            ["soon", "later", "2024-03-01"],
            "67% of the values hold no date",
        ),
        (Kind.BOOLEAN, ["yes", "no", "yes"], ["7", "red", None], "100% of the values say neither yes nor no"),
        (Kind.CATEGORY, ["a", "b", "a"], ["1", "2", "a"], "67% of the values are levels that the model never met"),
        (Kind.CATEGORY, ["a", "b", "a"], ["b", None, "a"], None),
        (Kind.TEXT, ["red shoes", "blue hat", "a green hat"], ["17", "18", "19"], None),
    ],
)
def test_columns_that_can_not_be_read_are_told(kind, learnt, asked, words):
    preparer = Preparer([one(kind)]).fit(pd.DataFrame({"x": learnt}))
    told = preparer.unread(pd.DataFrame({"x": asked}))
    assert (len(told) == 1 and words in told[0]) if words else told == ()


def test_rare_levels_that_were_taken_together_are_no_surprise():
    cells = [*("ab" * 20), *(f"rare {number}" for number in range(60))]
    preparer = Preparer([one(Kind.CATEGORY)], max_levels=2).fit(pd.DataFrame({"x": cells}))
    assert preparer.unread(pd.DataFrame({"x": ["rare 7", "rare 70", "rare 71"]})) == ()


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ([1, 2, None, 1], ["1", "2", None, "1"]),
        ([True, None, False], ["True", None, "False"]),
        ([" a", None, "", "b"], ["a", None, None, "b"]),
    ],
)
def test_categories_of_pandas_may_have_gaps_whatever_they_are(cells, told):
    series = pd.Series(pd.Categorical(cells))
    assert list(cleaning.texts(series)) == told
    empty = pd.Series(pd.Categorical([None, None], categories=["a"]))
    assert list(cleaning.texts(empty)) == [None, None]


def test_a_decimal_comma_that_was_learnt_holds_for_cells_that_could_be_read_without():
    """What a cell means must not depend on which others come with it."""
    _, decimal = cleaning.numbers(pd.Series(["1.234,50", "2.000", "15,5"]))
    assert decimal == ","
    alone, _ = cleaning.numbers(pd.Series(["2.000"]), decimal)
    together, _ = cleaning.numbers(pd.Series(["2.000", "1,5"]), decimal)
    assert alone[0] == together[0] == 2000.0
