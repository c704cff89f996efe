"""The bundled data: targets against pandas, and edits from the cut-off on that change no bit of the features."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from workbench.contracts import Kind, Role, Table, Task
from workbench.errors import InputError
from workbench.features import bundled_events, bundled_folder, features_as_of, load_bundled

pytestmark = pytest.mark.demo

CUT = pd.Timestamp("2017-10-30")
UTC_CUT = "2017-10-30 04:00:00"


@pytest.fixture(scope="module")
def table() -> Table:
    return load_bundled("redeems")


def test_shape_roles_and_notes(table: Table):
    assert table.cut_off == CUT
    assert table.horizon_days == 63
    assert table.task is Task.BINARY
    assert table.target == "redeems_next_63_days"
    assert table.outcome == "spend_next_63_days"
    assert table.currency == "USD"
    assert table.id_column == "household_id"
    assert table.column("spend_next_63_days").role is Role.OUTCOME
    assert "spend_next_63_days" not in table.features
    assert len(table.frame) == 2452
    told = " ".join(check.message for check in table.checks)
    assert "17 of 2,469 customers bought nothing before 2017-10-30" in told
    assert table.column("age").kind is Kind.CATEGORY
    assert int(table.frame["age"].notna().sum()) == 801
    assert all(column.meaning for column in table.columns if column.role is Role.FEATURE)
    assert {source.name for source in table.sources} >= {"transactions", "promotions", "demographics"}


def test_targets_against_pandas(table: Table):
    folder = bundled_folder()
    sales = pd.read_parquet(
        folder / "transactions.parquet", columns=["household_id", "sales_value", "transaction_timestamp"]
    )
    local = sales["transaction_timestamp"].dt.tz_localize("UTC").dt.tz_convert("America/New_York").dt.tz_localize(None)
    later = sales[(local >= CUT) & (local < CUT + pd.Timedelta(days=63))]
    spend = later.groupby("household_id")["sales_value"].sum().reindex(table.frame["household_id"]).fillna(0)
    np.testing.assert_allclose(table.frame["spend_next_63_days"], spend, atol=1e-6)
    coupons = pd.read_parquet(folder / "coupon_redemptions.parquet")
    redeemed = coupons.loc[coupons["redemption_date"] >= CUT, "household_id"].unique()
    assert (table.frame["redeems_next_63_days"] == "yes").equals(table.frame["household_id"].isin(redeemed))
    known = sales[local < CUT].groupby("household_id")["sales_value"].sum()
    np.testing.assert_allclose(table.frame["spend_total"], known, atol=1e-6)


def test_history_ends_at_the_cut_off(table: Table):
    assert table.history is not None
    last = table.history.origins[-1]
    assert len(table.history.origins) == 3
    assert last.as_of == table.cut_off
    assert list(last.features.index) == list(table.frame["household_id"])
    np.testing.assert_allclose(last.spend_future, table.frame["spend_next_63_days"])
    assert "spend_total" in table.history.level_features


def test_the_other_targets():
    spend = load_bundled("spend", cut_off="2017-08-28", horizon_days=28, promotions=False)
    assert spend.task is Task.REGRESSION
    assert spend.target == spend.outcome == "spend_next_28_days"
    assert spend.column("redeems_next_28_days").role is Role.OUTCOME
    assert "mailer_share" not in spend.features
    segments = load_bundled("segments", promotions=False)
    assert segments.task is Task.SEGMENTS
    assert segments.target is None
    assert segments.outcome == "spend_next_63_days"


def test_errors_are_sentences(monkeypatch):
    with pytest.raises(InputError, match=r"have not fully elapsed.*up to 2017-10-30"):
        load_bundled("spend", cut_off="2017-10-31", promotions=False)
    with pytest.raises(InputError, match="'soon' is no cut-off"):
        load_bundled("spend", cut_off="soon")
    with pytest.raises(InputError, match="choose spend, redeems"):
        load_bundled("churn")  # type: ignore[arg-type]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"not installed.*segment-workbench\[demo\]"):
        load_bundled("spend")


EDITS = {
    "changed": "SELECT * REPLACE (CASE WHEN {later} THEN household_id % 7 ELSE household_id END AS household_id,"
    " CASE WHEN {later} THEN sales_value * 3 + 1 ELSE sales_value END AS sales_value,"
    " CASE WHEN {later} THEN product_id % 1000 ELSE product_id END AS product_id) FROM t",
    "deleted": "SELECT * FROM t WHERE NOT {later}",
    "added": "SELECT * FROM t UNION ALL SELECT * REPLACE (household_id + 5000 AS household_id,"
    " TIMESTAMP '2017-10-30 04:00:00' AS transaction_timestamp) FROM t WHERE week = 3",
}


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled data with every fifth promotion: 20.9 million rows take most of the time."""
    folder = tmp_path_factory.mktemp("part")
    for path in bundled_folder().glob("*.parquet"):
        (folder / path.name).symlink_to(path)
    few = folder / "promotions.parquet"
    few.unlink()
    with duckdb.connect(config={"threads": 2}) as connection:
        every = f"SELECT * FROM read_parquet('{bundled_folder() / few.name}') WHERE product_id % 5 = 0"
        connection.execute(f"COPY ({every}) TO '{few}'")
    return folder


@pytest.fixture(scope="module")
def reference(part: Path) -> pd.DataFrame:
    return features_as_of(bundled_events(part), CUT)[0]


@pytest.mark.parametrize("edit", list(EDITS))
def test_rows_from_the_cut_off_on_change_no_bit(tmp_path: Path, edit: str, reference: pd.DataFrame, part: Path):
    """Purchases, campaigns, redemptions and promotions are edited from the cut-off on, in a copy of the data."""
    source = part
    for name in ("products", "campaigns"):
        shutil.copy(source / f"{name}.parquet", tmp_path)
    keep = edit == "deleted"
    with duckdb.connect(config={"threads": 2}) as connection:

        def rewrite(name: str, sql: str) -> None:
            connection.execute(
                f"CREATE OR REPLACE TEMP VIEW t AS SELECT * FROM read_parquet('{source / f'{name}.parquet'}')"
            )
            connection.execute(f"COPY ({sql}) TO '{tmp_path / f'{name}.parquet'}'")

        rewrite("transactions", EDITS[edit].format(later=f"transaction_timestamp >= TIMESTAMP '{UTC_CUT}'"))
        moved = "SELECT * REPLACE ({} AS {}) FROM t"
        dates = "start_date", "redemption_date"
        for name, column in zip(("campaign_descriptions", "coupon_redemptions"), dates, strict=True):
            later = f"{column} >= DATE '2017-10-30'"
            shifted = f"CASE WHEN {later} THEN {column} + INTERVAL 3 DAY ELSE {column} END"
            rewrite(name, f"SELECT * FROM t WHERE NOT {later}" if keep else moved.format(shifted, column))
        if keep:  # the week of the cut-off begins on it; the most rows are rewritten only once
            rewrite("promotions", "SELECT * FROM t WHERE week <= 44")
        else:
            (tmp_path / "promotions.parquet").symlink_to(source / "promotions.parquet")
    edited, _ = features_as_of(bundled_events(tmp_path), CUT)
    pd.testing.assert_frame_equal(reference, edited, check_exact=True)
    for name in reference.columns:
        assert reference[name].to_numpy().tobytes() == edited[name].to_numpy().tobytes(), name
