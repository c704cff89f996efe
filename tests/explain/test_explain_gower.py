"""The distance between raw rows: by hand, and for any values at all."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from change_models import lever_table
from hypothesis import given
from hypothesis import strategies as st

from workbench.explain.single.gower import Gower, code_columns, sampled_rows


def distance(frame: pd.DataFrame, first: int, second: int, **options: object) -> float:
    gower = Gower.of(frame, **options)  # type: ignore[arg-type]
    return float(gower.distances(gower.values[first], gower.values[[second]])[0])


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "visits": np.arange(101, dtype=float),
            "地区": pd.Series(["north"] * 50 + ["south"] * 51, dtype="str"),
            "joined": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(101), unit="D"),
            "member": [True, False] * 50 + [True],
        }
    )


def test_numbers_and_dates_count_by_their_range_and_levels_as_equal_or_not() -> None:
    # from the 5th to the 95th percentile both ordered columns have a range of 90
    assert distance(frame(), 0, 9) == pytest.approx((9 / 90 + 0 + 9 / 90 + 1) / 4)
    assert distance(frame(), 0, 100) == pytest.approx((1 + 1 + 1 + 0) / 4)  # 100 / 90 counts as 1
    assert distance(frame(), 7, 7) == 0


def test_missing_values_are_as_far_as_can_be_from_values_and_equal_to_each_other() -> None:
    gaps = frame()
    gaps.loc[[3, 4], "visits"] = np.nan
    gaps.loc[[3, 4], "地区"] = None
    alone = gaps[["visits", "地区"]]
    assert distance(alone, 3, 4) == 0
    assert distance(alone, 3, 5) == 1


def test_weights_say_what_counts() -> None:
    only = {"visits": 3.0, "地区": 1.0}
    assert distance(frame(), 0, 9, shares=only) == pytest.approx(0.75 * 9 / 90)
    assert distance(frame(), 0, 9, shares={"visits": 0.0}) == distance(frame(), 0, 9)  # nothing counts: all alike


def test_numbers_that_are_names_are_equal_or_not() -> None:
    channels = pd.DataFrame({"channel": [1, 2, 3, 9]})
    assert distance(channels, 0, 1, codes={"channel"}) == distance(channels, 0, 3, codes={"channel"}) == 1
    assert code_columns(lever_table(frame())) == {"地区", "member"}


def test_a_range_that_is_nothing_is_replaced_by_all_values() -> None:
    rare = pd.DataFrame({"returns": [0.0] * 99 + [4.0], "constant": 1.0})
    assert distance(rare, 0, 99) == pytest.approx(0.5)
    assert distance(rare, 0, 1) == 0


@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True, width=32)),
            st.one_of(st.none(), st.sampled_from(["a", "b", "客户"])),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_it_is_a_distance_for_any_values(rows: list[tuple[float | None, str | None]]) -> None:
    table = pd.DataFrame(rows, columns=["number", "level"])
    gower = Gower.of(table)
    apart = np.array([gower.distances(one, gower.values) for one in gower.values])
    assert ((apart >= 0) & (apart <= 1 + 1e-12)).all()
    assert np.array_equal(apart, apart.T)
    assert (np.diag(apart) == 0).all()


@given(total=st.integers(1, 500), columns=st.integers(0, 50), most=st.integers(1, 400), seed=st.integers(0, 9))
def test_rows_are_chosen_once_and_in_order(total: int, columns: int, most: int, seed: int) -> None:
    chosen = sampled_rows(total, columns, most, seed)
    assert len(chosen) == min(total, most)
    assert (np.diff(chosen) > 0).all() and chosen.min() >= 0 and chosen.max() < total
    assert np.array_equal(chosen, sampled_rows(total, columns, most, seed))


def test_wide_tables_are_compared_with_fewer_rows() -> None:
    assert len(sampled_rows(1_000_000, 1_000, 50_000, 0)) == 10_000
