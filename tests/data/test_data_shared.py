"""The eleven example tables, with the quirks that their README tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.contracts import Kind, Role, Severity, Table, Task
from workbench.data import guess_target, load, read_source, summary

pytestmark = pytest.mark.shared

TABLES = {
    "telco_churn.csv": ("Churn", Task.BINARY, (7043, 21), "customerID"),
    "bank_marketing.csv": ("y", Task.BINARY, (41188, 21), None),
    "online_shoppers.csv": ("Revenue", Task.BINARY, (12330, 18), None),
    "customer_segments.csv": ("Segmentation", Task.MULTICLASS, (8068, 11), "ID"),
    "medical_insurance.csv": ("charges", Task.REGRESSION, (1338, 7), None),
    "bike_sharing_hourly.csv": ("cnt", Task.REGRESSION, (17379, 17), None),
    "clothing_reviews.parquet": ("Recommended IND", Task.BINARY, (23486, 11), None),
    "mall_customers.csv": (None, Task.SEGMENTS, (200, 5), "CustomerID"),
    "credit_card_general.csv": (None, Task.SEGMENTS, (8950, 18), "CUST_ID"),
    "online_retail.parquet": (None, Task.SEGMENTS, (541909, 8), None),
    "hillstrom_email.csv": ("visit", Task.BINARY, (64000, 12), None),
}


def codes(table: Table, severity: Severity | None = None) -> set[tuple[str, str | None]]:
    return {(check.code, check.column) for check in table.checks if severity in (None, check.severity)}


@pytest.mark.parametrize("file", TABLES)
def test_every_table_loads_as_its_readme_says(file: str, shared_data: Path) -> None:
    target, task, shape, identifier = TABLES[file]
    table = load(shared_data / file, target=target)
    assert (table.task, table.frame.shape, table.id_column) == (task, shape, identifier)
    assert {str(kind) for kind in table.frame.dtypes} <= {"str", "int64", "float64", "bool", "datetime64[us]"}
    for column in table.columns:
        assert column.reason
        assert summary(table, column.name)["distinct"] == column.distinct
    assert guess_target(table.frame) == target


def test_telco(shared_data: Path) -> None:
    table = load(shared_data / "telco_churn.csv", target="Churn")
    charges = table.column("TotalCharges")
    assert (charges.kind, charges.missing) == (Kind.NUMBER, 11)
    assert {("blank-cells", "TotalCharges"), ("missing-values", "TotalCharges")} <= codes(table)
    assert ("leakage-suspected", "TotalCharges") not in codes(table)
    assert not codes(table, Severity.ALARM)


def test_bank(shared_data: Path) -> None:
    table = load(shared_data / "bank_marketing.csv", target="y")
    assert codes(table, Severity.ALARM) == {("leakage-suspected", "duration")}
    assert table.column("duration").role is Role.FEATURE
    assert {("sentinel-suspected", "pdays"), ("order-drift", "y"), ("missing-as-word", "default"),
            ("duplicate-rows", None)} <= codes(table)  # fmt: skip
    assert {check.rows for check in table.checks if check.code == "duplicate-rows"} == {12}
    assert {check.rows for check in table.checks if check.column == "default"} == {8597}
    assert "emp.var.rate" in table.frame


def test_shoppers(shared_data: Path) -> None:
    table = load(shared_data / "online_shoppers.csv", target="Revenue")
    assert table.column("Weekend").kind is Kind.BOOLEAN
    assert {table.column(name).role for name in ("OperatingSystems", "Browser", "Region", "TrafficType")} == {
        Role.FEATURE
    }
    assert {check.rows for check in table.checks if check.code == "duplicate-rows"} == {125}
    assert ("dominant-column", "PageValues") in codes(table)


def test_segments(shared_data: Path) -> None:
    table = load(shared_data / "customer_segments.csv", target="Segmentation")
    assert table.column("Work_Experience").kind is Kind.INTEGER
    assert table.column("Work_Experience").missing == 829
    assert not codes(table, Severity.ALARM)


def test_bikes(shared_data: Path) -> None:
    table = load(shared_data / "bike_sharing_hourly.csv", target="cnt")
    assert table.column("dteday").kind is Kind.DATE
    assert table.frame["dteday"].max().isoformat() == "2012-12-31T00:00:00"
    assert table.column("instant").role is Role.IGNORE
    assert codes(table, Severity.ALARM) == {("leakage-suspected", "casual"), ("leakage-suspected", "registered")}
    assert table.outcome == "cnt"


def test_clothing(shared_data: Path) -> None:
    table = load(shared_data / "clothing_reviews.parquet", target="Recommended IND")
    assert table.column("Unnamed: 0").role is Role.IGNORE
    assert table.names(Role.TEXT) == ["Title", "Review Text"]
    assert table.column("Clothing ID").role is Role.FEATURE
    assert ("dominant-column", "Rating") in codes(table)
    assert load(shared_data / "clothing_reviews.parquet", target="Rating").task is Task.MULTICLASS


def test_mall_and_cards(shared_data: Path) -> None:
    mall = load(shared_data / "mall_customers.csv", target=None)
    assert mall.frame["CustomerID"].tolist()[0] == "0001"
    cards = load(shared_data / "credit_card_general.csv", target="PURCHASES")
    assert {("leakage-suspected", "ONEOFF_PURCHASES"), ("leakage-suspected", "INSTALLMENTS_PURCHASES")} <= codes(cards)


def test_retail(shared_data: Path) -> None:
    table = load(shared_data / "online_retail.parquet", target=None)
    assert table.column("CustomerID").role is Role.GROUP
    assert table.column("InvoiceDate").kind is Kind.DATE
    assert table.frame["InvoiceNo"].str.startswith("C").sum() == 9288
    assert {check.rows for check in table.checks if check.code == "duplicate-rows"} == {5268}
    total = (table.frame["Quantity"] * table.frame["UnitPrice"]).sum()
    assert total == pytest.approx(9_747_747.934)


def test_hillstrom(shared_data: Path) -> None:
    table = load(shared_data / "hillstrom_email.csv", target="visit")
    assert codes(table, Severity.ALARM) == {("leakage-suspected", "conversion"), ("leakage-suspected", "spend")}
    assert ("treatment-suspected", "segment") in codes(table)
    spend = load(shared_data / "hillstrom_email.csv", target="spend")
    assert spend.task is Task.REGRESSION
    assert ("leakage-suspected", "conversion") in codes(spend)


def test_fingerprint_is_of_the_bytes(shared_data: Path) -> None:
    _, source, _ = read_source(shared_data / "hillstrom_email.csv")
    import hashlib

    assert source.fingerprint == hashlib.sha256((shared_data / "hillstrom_email.csv").read_bytes()).hexdigest()
