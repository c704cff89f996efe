"""A tree's rules divide every table, also tables that it was not grown on."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.segments.conditions import all_hold
from workbench.segments.reading import LevelColumn, NumberColumn, Reading, View
from workbench.segments.tree import assign_leaves, fit_axes, grow, rules_of, within

VIEW = View((NumberColumn("a", False, gaps=True), NumberColumn("b", True), LevelColumn("c", ("x", "y", "z"))), ())


def _reading(seed: int, rows: int) -> Reading:
    generator = np.random.default_rng(seed)
    a = generator.normal(size=rows)
    a[generator.random(rows) < 0.2] = np.nan
    b = generator.integers(0, 5, rows).astype(float)
    return Reading({"a": a, "b": b}, {"c": generator.integers(-1, 4, rows)}, rows)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 8), st.integers(1, 3))
def test_every_row_fulfils_exactly_one_rule(seed, leaves, outputs):
    reading = _reading(seed, 120)
    goal = np.random.default_rng(seed).random((120, outputs)) + np.nan_to_num(reading.numbers["a"])[:, None]
    axes = fit_axes(VIEW, reading, goal)
    points = axes.encode(reading)
    rules = rules_of(grow(points, goal, leaves, 6), axes, points)
    assert 1 <= len(rules) <= leaves
    assert all(len(rule) <= 3 for rule in rules)
    for other in (reading, _reading(seed + 1, 300)):
        holds = np.stack([all_hold(rule, other) for rule in rules])
        assert (holds.sum(axis=0) == 1).all()
        assert (assign_leaves(rules, other) == holds.argmax(axis=0)).all()


def test_rounded_rules_divide_almost_as_the_tree_does():
    reading = _reading(3, 2_000)
    goal = (np.nan_to_num(reading.numbers["a"]) > 0.3).astype(float)[:, None] + reading.codes["c"][:, None]
    axes = fit_axes(VIEW, reading, goal)
    points = axes.encode(reading)
    tree = grow(points, goal, 6, 50)
    mine, theirs = assign_leaves(rules_of(tree, axes, points), reading), tree.apply(points)
    agree = sum(np.unique(theirs[mine == leaf], return_counts=True)[1].max() for leaf in np.unique(mine))
    assert agree / 2_000 > 0.97


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 3))
def test_a_smaller_tree_is_the_beginning_of_a_larger_one(seed, outputs):
    reading = _reading(seed, 300)
    goal = np.random.default_rng(seed).random((300, outputs)) + np.nan_to_num(reading.numbers["a"])[:, None]
    points = fit_axes(VIEW, reading, goal).encode(reading)
    largest = grow(points, goal, 8, 10)
    for leaves in range(2, 9):
        alone, part = grow(points, goal, leaves, 10).apply(points), within(largest, leaves)[largest.apply(points)]
        assert (alone == part).all()
