from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.gap.adjust import expected_future, explained
from workbench.gap.matrix import to_matrix
from workbench.gap.quantile import LEVELS, Scale, conditional_quantiles, folds_by
from workbench.gap.shrink import shrink


def _nothing() -> None:
    return None


def test_coverage_is_what_it_says_where_the_raw_quantile_is_not() -> None:
    rng = np.random.default_rng(1)
    n = 2500
    X = to_matrix(pd.DataFrame(rng.normal(size=(n, 10))))
    y = np.exp(1 + X.values[:, 0] + rng.normal(size=n) * (0.3 + 0.4 * (X.values[:, 1] > 0)))
    found = conditional_quantiles(X, y, LEVELS, folds_by(np.arange(n), rng), seed=0, tick=_nothing)
    assert np.abs(found.coverage - LEVELS).max() <= 0.02
    assert np.abs(found.raw_coverage - LEVELS).max() > np.abs(found.coverage - LEVELS).max()
    assert (np.diff(found.values, axis=1) >= 0).all()
    assert np.corrcoef(np.log(found.values[:, 1]), X.values[:, 0])[0, 1] > 0.9


@given(values=st.lists(st.one_of(st.just(0.0), st.floats(-1e9, 1e9), st.floats(-1.0, 1.0)), min_size=1, max_size=60))
def test_scale_goes_forth_and_back(values: list[float]) -> None:
    y = np.array(values)
    scale = Scale.of(y)
    np.testing.assert_allclose(scale.back(scale.forth(y)), y, rtol=1e-6, atol=1e-6 * max(1.0, scale.unit))


@given(groups=st.lists(st.integers(0, 9), min_size=1, max_size=80), seed=st.integers(0, 5))
def test_a_group_stays_in_one_fold(groups: list[int], seed: int) -> None:
    codes = np.array(groups)
    folds = folds_by(codes, np.random.default_rng(seed))
    assert folds.shape == codes.shape
    for group in set(groups):
        assert len(set(folds[codes == group])) == 1


@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.floats(), st.integers(-5, 5)),
            st.one_of(st.none(), st.text(max_size=4)),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_any_frame_becomes_numbers(rows: list[tuple[float | None, str | None]]) -> None:
    frame = pd.DataFrame(rows, columns=['{"n":1}', "文,字"])
    matrix = to_matrix(frame)
    assert matrix.values.shape == (len(rows), matrix.width)
    assert not np.isinf(matrix.values).any()
    assert not np.isnan(matrix.values).all(axis=0).any()
    assert all(0 <= position < matrix.width for position in matrix.categorical)


def test_rare_levels_become_one() -> None:
    frame = pd.DataFrame({"city": [f"c{i}" for i in range(500)] * 2})
    matrix = to_matrix(frame)
    assert matrix.values.max() == 50
    assert len(np.unique(matrix.values)) == 51


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)), min_size=2, max_size=50))
def test_shrunk_spend_lies_between_now_and_history(pairs: list[tuple[float, float]]) -> None:
    before, now = np.array(pairs).T
    found = shrink(before, now)
    assert 0 <= found.reliability <= 1
    growth = now.mean() / before.mean() if before.mean() > 0 and now.mean() > 0 else 1.0
    low, high = np.minimum(now, growth * before), np.maximum(now, growth * before)
    slack = 1e-6 * (1 + high)
    assert (found.spend >= low - slack).all()
    assert (found.spend <= high + slack).all()


def test_shrinking_brings_spend_nearer_to_the_truth() -> None:
    rng = np.random.default_rng(0)
    level = rng.normal(100, 10, 4000)
    before, now = level + rng.normal(0, 10, 4000), level + rng.normal(0, 10, 4000)
    found = shrink(before, now)
    assert found.reliability == pytest.approx(0.5, abs=0.05)
    assert np.mean((found.spend - level) ** 2) < 0.7 * np.mean((now - level) ** 2)


def test_expected_future_takes_mean_reversion_out() -> None:
    rng = np.random.default_rng(0)
    n = 2000
    level = rng.normal(100, 10, n)
    past, future = level[:, None] + rng.normal(0, 10, (n, 2)), level + rng.normal(0, 10, n)
    forecast = expected_future(future, past, folds=folds_by(np.arange(n), rng), seed=0, tick=_nothing)
    assert explained(future, forecast) == pytest.approx(1 / 3, abs=0.06)
    surprise = future - forecast
    assert abs(np.corrcoef(surprise, past[:, 0])[0, 1]) < 0.05
    assert np.corrcoef(future - past[:, 0], -past[:, 0])[0, 1] > 0.4


def test_explained_of_a_constant_is_not_a_number() -> None:
    assert np.isnan(explained(np.ones(5), np.zeros(5)))
