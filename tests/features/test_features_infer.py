"""What tables seem to be: found by names, repeats, times and shared ids, with reasons."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workbench.errors import InputError
from workbench.features import Purpose, infer_sources, propose_project


def _tables() -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(0)
    rows = 400
    who = rng.integers(1000, 1050, rows)
    return {
        "people": pd.DataFrame({"id": np.arange(1000, 1050), "region": ["n", "s"] * 25}),
        "orders": pd.DataFrame(
            {
                "order_no": rng.integers(1, 150, rows),
                "customer_id": who.astype(float),
                "ordered": pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 500, rows), unit="D"),
                "product_category": rng.choice(["a", "b", "c"], rows),
                "amount": rng.gamma(2, 10, rows).round(2),
                "discount": rng.random(rows).round(2),
            }
        ),
        "mails": pd.DataFrame(
            {
                "customer_id": who[:80].astype(str),
                "sent": pd.date_range("2023-01-01", periods=80),
                "type": ["x", "y"] * 40,
            }
        ),
        "redemptions": pd.DataFrame({"customer_id": who[:20], "day": pd.date_range("2023-02-01", periods=20)}),
        "colours": pd.DataFrame({"colour": ["red", "blue"], "code": [1, 2]}),
    }


def test_a_set_of_tables():
    found = infer_sources(_tables())
    purposes = {source.name: source.purpose for source in found.events}
    assert purposes == {
        "orders": Purpose.PURCHASES,
        "mails": Purpose.CONTACTS,
        "redemptions": Purpose.RESPONSES,
    }
    orders = found.events[0]
    assert (orders.entity, orders.time, orders.value) == ("customer_id", "ordered", "amount")
    assert (orders.basket, orders.category, orders.discount) == ("order_no", "product_category", "discount")
    assert not orders.returns
    assert [(source.name, source.entity) for source in found.attributes] == [("people", "id")]
    assert found.left_out == ("colours",)
    assert found.entity == "customer_id"
    told = "\n".join(found.reasons)
    assert "'id' of people covers 100% of the customers in orders ('customer_id')." in told
    assert "colours is left out" in told


def test_chinese_names():
    frame = pd.DataFrame(
        {
            "客户编号": [1, 1, 2, 2, 1, 2],
            "日期": pd.date_range("2024-01-01", periods=6),
            "消费金额": [1.0, 2, 3, 4, 5, -6],
            "品类": ["茶", "茶", "米", "米", "茶", "米"],
        }
    )
    source = infer_sources({"交易": frame}).events[0]
    assert (source.entity, source.time, source.value, source.category) == ("客户编号", "日期", "消费金额", "品类")
    assert source.returns


def test_one_table_without_events_stays_as_it_is():
    assert infer_sources({"people": _tables()["people"]}).events == ()
    assert infer_sources({"colours": _tables()["colours"]}).events == ()


def test_several_tables_without_purchases():
    tables = _tables()
    with pytest.raises(InputError, match="None of people, mails can be read as purchases"):
        infer_sources({name: tables[name] for name in ("people", "mails")})
    with pytest.raises(InputError, match="No table was given"):
        infer_sources({})


def test_two_tables_with_one_name(tmp_path: Path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        _tables()["people"].to_csv(tmp_path / folder / "people.csv", index=False)
    with pytest.raises(InputError, match="Two of the tables are called 'people'"):
        propose_project([str(tmp_path / "a/people.csv"), str(tmp_path / "b/people.csv")])
    with pytest.raises(InputError, match="No table was given"):
        propose_project([])
