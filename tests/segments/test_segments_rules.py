"""Conditions say what they check, and rules of beams and trees keep to their form."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.segments.beam import RuleSearch
from workbench.segments.conditions import Between, OneOf, all_hold, conjoin, rule_text
from workbench.segments.figures import plain, roundest, shown
from workbench.segments.reading import MISSING, LevelColumn, NumberColumn, Reading, View

AGE = NumberColumn("age", integer=True)
GAPPY = NumberColumn("income", integer=False, gaps=True)
SEEN = NumberColumn("seen", integer=False, newest=pd.Timestamp("2024-05-31"))
TIER = LevelColumn("tier", ("gold", "silver", "bronze"), complete=True)
CITY = LevelColumn("city", ("Bonn", "Ulm"), gaps=True)


def test_numbers_in_words():
    assert Between(AGE, high=21).text == "age < 21"
    assert Between(AGE, low=1.5).text == "age ≥ 1.5"
    assert Between(AGE, 7, 21).text == "7 ≤ age < 21"
    assert Between(AGE, low=7, missing=True).text == "age ≥ 7"
    assert Between(GAPPY, low=12_500, missing=True).text == "income ≥ 12,500 (or missing)"
    assert Between(GAPPY).text == "income is known"


def test_dates_in_words():
    assert Between(SEEN, high=30).text == "seen after 2024-05-01"
    assert Between(SEEN, low=30).text == "seen up to 2024-05-01"
    assert Between(SEEN, 10, 30).text == "seen after 2024-05-01 and up to 2024-05-21"


def test_levels_in_words():
    assert OneOf(TIER, frozenset({0})).text == "tier is gold"
    assert OneOf(TIER, frozenset({0, 3, MISSING})).text == "tier is gold"
    assert OneOf(TIER, frozenset({0, 2})).text == "tier is not silver"
    assert OneOf(CITY, frozenset({0, 1})).text == "city is one of Bonn, Ulm"
    assert OneOf(CITY, frozenset({1, 2})).text == "city is not Bonn"
    assert OneOf(CITY, frozenset({2})).text == "city is none of Bonn, Ulm"
    assert OneOf(CITY, frozenset({0, MISSING})).text == "city is Bonn (or missing)"
    assert OneOf(CITY, frozenset({MISSING})).text == "city is missing"


def test_hostile_levels_are_quoted_and_flat():
    column = LevelColumn("[bold]\n{x}", ("a, b", "x and y", "two\nlines"), complete=True)
    assert OneOf(column, frozenset({0})).text == "[bold] {x} is 'a, b'"
    assert OneOf(column, frozenset({1})).text == "[bold] {x} is 'x and y'"
    assert OneOf(column, frozenset({2})).text == "[bold] {x} is 'two lines'"


def test_conditions_on_one_column_become_one():
    joined = conjoin(
        (Between(AGE, low=3), OneOf(TIER, frozenset({0, 1})), Between(AGE, high=9), OneOf(TIER, frozenset({1})))
    )
    assert rule_text(joined) == "3 ≤ age < 9 and tier is silver"
    assert rule_text(()) == "all customers"


@given(
    st.floats(-1e9, 1e9, allow_nan=False),
    st.floats(1e-9, 1e9, allow_nan=False),
    st.floats(0, 1, allow_nan=False),
)
def test_a_round_cut_stays_between_its_neighbours(low, width, at):
    high = low + width
    if not high > low:
        return
    cut = roundest(low, high, low + at * width)
    assert low < cut <= high
    assert roundest(low, high, low + at * width) == cut


def test_round_cuts_are_round():
    assert roundest(19.2, 22.9, 20.6) == 20
    assert roundest(0.21, 0.29, 0.24) == 0.25 or roundest(0.21, 0.29, 0.24) in (0.22, 0.24)
    assert roundest(-3.0, 4.0, 1.0) == 0
    assert roundest(2, 3, 2.5) == 3
    assert roundest(math.nan, 3, 2.5) == 3


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_plain_numbers_keep_their_value(value):
    text = plain(value)
    assert float(text.replace(",", "")) == value


@given(st.text())
def test_shown_text_is_one_short_line(text):
    flat = shown(text)
    assert len(flat) <= 40
    assert "\n" not in flat and "\x1b" not in flat


_CELLS = st.lists(
    st.tuples(
        st.one_of(st.just(math.nan), st.floats(-50, 50, allow_subnormal=True)), st.integers(-1, 3), st.booleans()
    ),
    min_size=8,
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@given(_CELLS)
def test_a_found_rule_has_at_most_three_conditions_and_holds_somewhere(cells):
    numbers = np.array([cell[0] for cell in cells])
    codes = np.array([cell[1] for cell in cells], dtype=np.int64)
    inside = np.array([cell[2] for cell in cells])
    view = View((GAPPY, TIER), ())
    reading = Reading({"income": numbers}, {"tier": codes}, len(cells))
    rule = RuleSearch(view, reading).best(inside)
    assert len(rule) <= 3
    assert len({condition.column.name for condition in rule}) == len(rule)
    if rule:
        assert (all_hold(rule, reading) & inside).any()
