"""The logged model takes the table as pandas reads it, also where its column names had to be repaired."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workbench.cli import main


def test_columns_are_found_under_the_names_that_pandas_gives_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import mlflow

    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=(150, 6)).round(3)
    lines = ['id, age ,"a\nb",x,x,,\x1b[31mred, spend']
    lines += [",".join(map(str, [i, *row, round(5 * row[0] + row[1] + row[3] + row[4] + row[5], 3)]))
              for i, row in enumerate(numbers)]  # fmt: skip
    Path("table.csv").write_text("\n".join(lines))
    assert main.run(["run", "table.csv", "--target", "spend", "--trials", "1", "--families", "linear", "--no-report",
                     "--name", "mine", "--json", "-q"]) == 0  # fmt: skip
    run_id = json.loads(capsys.readouterr().out)["run_id"]
    assert main.run(["predict", "mine", "table.csv", "-o", "scores.parquet"]) == 0
    scores = pd.read_parquet("scores.parquet")
    assert scores["prediction"].std() > 1
    raw = pd.read_csv("table.csv")
    assert {" age ", "a\nb", "x.1", "Unnamed: 5"} <= set(raw.columns)
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path / 'mlruns' / 'mlflow.db'}")
    try:
        model = mlflow.pyfunc.load_model(f"runs:/{run_id}/model")
    finally:
        mlflow.set_tracking_uri(None)
    pd.testing.assert_frame_equal(model.predict(raw), scores)
    repaired = raw.set_axis(["id", "age", "a b", "x", "x (2)", "column 6", "[31mred", "spend"], axis=1)
    pd.testing.assert_frame_equal(model.predict(repaired), scores)
    with pytest.raises(Exception, match="age"):
        model.predict(raw.drop(columns=" age "))
