"""Stability of importance over fold models: shares, ranks, directions, and one sentence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from explain_models import fitted, quiet, shop_table
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import Ridge

from workbench.budget import Budget
from workbench.errors import InputError
from workbench.explain import explain, importance_stability


def table(shares: dict[str, float], directions: dict[str, float] | None = None) -> pd.DataFrame:
    towards = directions or {}
    return pd.DataFrame(
        {
            "column": list(shares),
            "share": list(shares.values()),
            "direction": [towards.get(name, np.nan) for name in shares],
        }
    )


def test_figures_are_known() -> None:
    found = importance_stability(
        [
            table({"a": 0.6, "b": 0.3, "c": 0.1}, {"a": 0.9, "b": 0.4}),
            table({"b": 0.5, "a": 0.5}, {"a": 0.8, "b": -0.4}),
            table({"a": 0.7, "b": 0.2, "c": 0.1}, {"a": 0.7, "b": -0.2}),
        ]
    ).set_index("column")
    assert found["share"].to_dict() == pytest.approx({"a": 0.6, "b": 1 / 3, "c": 0.2 / 3})
    assert found["low"].to_dict() == pytest.approx({"a": 0.5, "b": 0.2, "c": 0.0})
    assert found["high"].to_dict() == pytest.approx({"a": 0.7, "b": 0.5, "c": 0.1})
    assert found["rank"].to_dict() == pytest.approx({"a": 3.5 / 3, "b": 5.5 / 3, "c": 3.0})
    assert found["sign_agreement"].to_dict() == pytest.approx({"a": 1.0, "b": 2 / 3, "c": np.nan}, nan_ok=True)
    assert found["folds"].to_dict() == {"a": 3, "b": 3, "c": 2}
    # ranks 1 2 3 against 1.5 1.5 3, twice, and equal ones once
    assert found.attrs["agreement"] == pytest.approx((1 + 2 * np.sqrt(0.75)) / 3)
    assert found.attrs["least_agreement"] == pytest.approx(np.sqrt(0.75))
    assert found.attrs["verdict"] == (
        "Over 3 models the order of the columns is the same (mean rank correlation 0.91); "
        "the direction of 'b' is not the same in all of them."
    )


def test_an_order_that_turns_round_is_not_the_same() -> None:
    found = importance_stability([table({"一": 0.6, "二": 0.3, "三": 0.1}), table({"三": 0.6, "二": 0.3, "一": 0.1})])
    assert found.attrs["agreement"] == pytest.approx(-1)
    assert "is not the same (mean rank correlation -1.00)" in found.attrs["verdict"]


def test_too_little_to_compare() -> None:
    with pytest.raises(InputError, match="1 was given; give the tables of at least two"):
        importance_stability([table({"a": 1.0})])
    with pytest.raises(InputError, match="0 was given"):
        importance_stability([])
    two = importance_stability([table({"a": 1.0}), table({"b": 1.0})])
    assert np.isnan(two.attrs["agreement"]) and "too few columns" in two.attrs["verdict"]
    assert len(importance_stability([table({}), table({})])) == 0


def test_models_of_other_rows_of_one_table_agree() -> None:
    tables = []
    for seed in (0, 1, 2):
        shop = shop_table(seed=seed)
        tables.append(explain(fitted(shop, Ridge()), shop, budget=Budget.unlimited(), events=quiet()[0]).importance)
    found = importance_stability(tables)
    assert found.attrs["agreement"] > 0.6 and found["column"].iloc[0] in ("visits", "baskets, all [bold]", "地区")
    assert found.set_index("column").loc["visits", "sign_agreement"] == 1


@settings(max_examples=40)
@given(st.lists(st.dictionaries(st.text(max_size=3), st.floats(0, 1), max_size=6), min_size=2, max_size=4))
def test_any_tables_give_a_whole_answer(shares: list[dict[str, float]]) -> None:
    found = importance_stability([table(each) for each in shares])
    assert set(found["column"]) == {name for each in shares for name in each}
    assert (found["low"] <= found["share"] + 1e-12).all() and (found["share"] <= found["high"] + 1e-12).all()
    assert found["share"].is_monotonic_decreasing
    assert found.attrs["verdict"].endswith(".")
