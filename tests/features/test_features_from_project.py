"""From tables to a project file to a customer table, and back to the same numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from feature_tables import CUT, purchase_frame

from workbench.contracts import Role, Task
from workbench.errors import InputError
from workbench.features import project_spec, project_table, propose_project
from workbench.project import Project, ProjectSource


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    customers = rng.integers(0, 60, 2500)
    # The last ten customers stopped buying long before the cut-off.
    minutes = rng.integers(np.where(customers < 50, -70, 200) * 1440, 400 * 1440)
    rows = [
        (
            f"c{who:03d}",
            CUT - pd.Timedelta(minutes=int(ago)),
            int(rng.integers(0, 700)),
            str(rng.choice(["milk", "bread", "wine"])),
            round(float(rng.gamma(2, 5)), 2),
        )
        for who, ago in zip(customers, minutes, strict=True)
    ]
    sales = purchase_frame(rows).rename(columns={"who": "Customer ID", "at": "bought", "value": "amount"})
    sales.to_parquet(tmp_path / "sales.parquet")
    people = pd.DataFrame({"customer id": [f"c{i:03d}" for i in range(50)], "städt": ["a", "b"] * 25, "age": range(50)})
    people["churned"] = ["yes", "no"] * 25
    people.to_csv(tmp_path / "people.csv", sep=";", index=False, encoding="latin-1")
    return tmp_path


def _project(folder: Path, **changes: object) -> Project:
    project, _ = propose_project([str(folder / "sales.parquet"), str(folder / "people.csv")])
    path = folder / "project.toml"
    project.model_copy(update=changes).write(path)
    return Project.read(path)


def test_from_files_to_a_table(folder: Path):
    project = _project(folder, currency="EUR", ignore=("age",))
    assert [(source.path, source.purpose) for source in project.sources] == [
        ("sales.parquet", "purchases"),
        ("people.csv", "attributes"),
    ]
    table = project_table(project)
    assert table.task is Task.REGRESSION
    assert table.target == table.outcome == f"spend_next_{project.horizon_days}_days"
    assert table.currency == "EUR"
    assert table.column("age").role is Role.IGNORE
    assert table.column("städt").role is Role.FEATURE
    assert len(table.frame) == 60
    assert table.id_column == "Customer ID"
    assert any("knows 50 of 60 customers" in check.message for check in table.checks)
    assert {source.name: source.format for source in table.sources} == {"people": "csv", "sales": "parquet"}
    assert table.history is not None


def test_the_other_targets(folder: Path):
    project = _project(folder)
    active = project_table(project, target="active")
    assert active.task is Task.BINARY
    assert active.outcome in active.names(Role.OUTCOME)
    churned = project_table(project, target="churned")
    assert churned.target == "churned"
    assert len(churned.frame) == 50
    segments = project_table(_project(folder, task="segments"))
    assert segments.task is Task.SEGMENTS
    with pytest.raises(InputError, match="There is no target 'nothing'"):
        project_table(project, target="nothing")


def test_a_cut_off_at_the_end_leaves_segments_without_an_outcome(folder: Path):
    project = _project(folder, cut_off=(CUT + pd.Timedelta(days=70)).date(), target=None)
    table = project_table(project)
    assert table.outcome is None
    assert any("have not fully elapsed" in check.message for check in table.checks)
    with pytest.raises(InputError, match="have not fully elapsed"):
        project_table(project, target="spend")


def test_attributes_of_strangers(folder: Path):
    pd.DataFrame({"customer id": ["x1", "x2"], "age": [1, 2]}).to_csv(folder / "people.csv", index=False)
    project = Project(
        entity="Customer ID",
        sources=(
            ProjectSource(path=str(folder / "sales.parquet"), purpose="purchases", time="bought", value="amount"),
            ProjectSource(path=str(folder / "people.csv"), purpose="attributes", entity="customer id"),
        ),
        target="spend",
        cut_off=CUT.date(),
    )
    with pytest.raises(InputError, match="No 'customer id' of people is among the customers of sales"):
        project_table(project)


def test_repeated_attributes_are_told_and_the_first_counts(folder: Path):
    people = pd.DataFrame({"Customer ID": ["c001", "c001", "c002"], "age": [10, 20, 30], "baskets": [1, 2, 3]})
    people.to_parquet(folder / "people.parquet")
    project = Project(
        entity="Customer ID",
        sources=(
            ProjectSource(path=str(folder / "sales.parquet"), purpose="purchases", time="bought", value="amount"),
            ProjectSource(path=str(folder / "people.parquet"), purpose="attributes"),
        ),
        target="spend",
        cut_off=CUT.date(),
    )
    table = project_table(project)
    ages = table.frame.set_index("Customer ID")["age"]
    assert ages["c001"] == 10
    assert "baskets_2" in table.frame, "an attribute never takes the place of a feature"
    assert any("further rows for customers that it already has" in check.message for check in table.checks)


def test_a_single_table(folder: Path):
    project, reasons = propose_project([str(folder / "people.csv")], target="churned")
    project.write(folder / "p.toml")
    project = Project.read(folder / "p.toml")
    assert project.single is not None
    assert "customer table" in reasons[-1]
    table = project_table(project)
    assert table.target == "churned"
    assert len(table.frame) == 50
    with pytest.raises(InputError, match="is a customer table already"):
        project_spec(project)
    with pytest.raises(InputError, match="people has no column 'nothing'"):
        propose_project([str(folder / "people.csv")], target="nothing")


@pytest.mark.shared
def test_online_retail_end_to_end(shared_data: Path, tmp_path: Path):
    path = shared_data / "online_retail.parquet"
    project, reasons = propose_project([str(path)])
    assert "'Quantity' times 'UnitPrice'" in " ".join(reasons)
    project.write(tmp_path / "project.toml")
    project = Project.read(tmp_path / "project.toml")
    table = project_table(project)
    told = " ".join(check.message for check in table.checks)
    assert "135,080 of 541,909 purchase lines without a customer are left out." in told
    lines = pd.read_parquet(path).dropna(subset=["CustomerID"])
    lines["money"] = lines["Quantity"] * lines["UnitPrice"]
    cut = pd.Timestamp(project.cut_off)
    past, future = lines[lines["InvoiceDate"] < cut], lines[lines["InvoiceDate"] >= cut]
    known = table.frame.set_index("CustomerID")
    expected = past.groupby("CustomerID")["money"].sum().reindex(known.index)
    np.testing.assert_allclose(known["spend_total"], expected, atol=1e-2)
    expected = future.groupby("CustomerID")["money"].sum().reindex(known.index).fillna(0)
    np.testing.assert_allclose(known[table.target], expected, atol=1e-2)
    assert (known["returned_share"] > 0).any()
    assert known.index.dtype.kind == "i"
