"""The adapter that compares this program with others works as it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

ADAPTER = Path(__file__).resolve().parents[3] / "shared" / "bench" / "systems" / "workbench.py"
BUDGET = "10"

pytestmark = pytest.mark.shared


@pytest.mark.parametrize(
    ("table", "target", "kind", "columns"),
    [
        ("telco_churn.csv", "Churn", "binary", ["No", "Yes"]),
        ("medical_insurance.csv", "charges", "regression", ["prediction"]),
    ],
)
def test_the_adapter_gives_predictions(
    table: str, target: str, kind: str, columns: list[str], shared_data: Path, tmp_path: Path
) -> None:
    sample = pd.read_csv(shared_data / table).sample(600, random_state=0)
    sample.head(400).to_parquet(tmp_path / "train.parquet", index=False)
    sample.tail(200).drop(columns=target).to_parquet(tmp_path / "test.parquet", index=False)
    done = subprocess.run(
        [sys.executable, ADAPTER, "train.parquet", "test.parquet", target, kind, BUDGET, "0", "out.parquet"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    predictions = pd.read_parquet(tmp_path / "out.parquet")
    assert list(predictions.columns) == columns
    assert len(predictions) == 200
    assert predictions.notna().to_numpy().all()
    if kind == "binary":
        assert predictions.sum(axis=1).to_numpy() == pytest.approx(1.0)
