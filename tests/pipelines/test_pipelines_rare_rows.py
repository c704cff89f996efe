"""Rows drawn from many hold some of each class."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.pipelines.rare_rows import LEAST, with_rare


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from("aaaaaaaaab"), min_size=1, max_size=200), st.integers(0, 5), st.floats(0, 1))
def test_no_class_is_missing_and_no_row_is_doubled(labels, seed, share):
    target, rng = np.array(labels, dtype=object), np.random.default_rng(seed)
    drawn = np.sort(rng.choice(target.size, int(share * target.size), replace=False))
    found = with_rare(drawn, target)
    assert (np.diff(found) > 0).all() and set(drawn) <= set(found)
    for label in set(labels):
        assert (target[found] == label).sum() >= min(LEAST, labels.count(label))


def test_rows_come_from_where_they_may_and_nothing_is_added_without_need():
    target = np.repeat([0, 1], [900, 100])
    drawn, among = np.arange(0, 900, 10), np.arange(0, 950)
    found = with_rare(drawn, target, among)
    assert found.max() < 950 and (target[found] == 1).sum() == LEAST
    assert with_rare(found, target, among) is found
