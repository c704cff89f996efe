"""The seed's own example: Chinese names, blanks, GB18030, through the whole journey and MLflow."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from programs import FEW_SEGMENTS, done

FEATURES = ("购买频率", "消费金额", "浏览时间", "购买品类")
TARGET = "购买行为"
ROWS = 400
ENCODING = "gb18030"  # readers have tests of the others


def _shoppers(rows: int) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "购买频率": rng.poisson(5, rows).astype(float),
            "消费金额": rng.gamma(2, 300, rows).round(2),
            "浏览时间": rng.gamma(2, 10, rows).round(1),
            "购买品类": rng.choice(["服装", "食品", "电子产品", "家居"], rows),
        }
    )
    wish = 0.8 * (frame["购买频率"] - 5) + 1.5 * (frame["购买品类"] == "电子产品") + 0.04 * (frame["浏览时间"] - 20)
    frame[TARGET] = np.where(wish + rng.normal(0, 1, rows) > 0.3, "购买", "未购买")
    for column in FEATURES:
        frame.loc[rng.random(rows) < 0.05, column] = None
    return frame


@dataclass(frozen=True)
class _Gone:
    folder: Path
    table: Path
    encoding: str
    facts: dict[str, Any]


@pytest.fixture(scope="module")
def gone(tmp_path_factory: pytest.TempPathFactory) -> _Gone:
    """The whole journey over such a table."""
    folder = tmp_path_factory.mktemp(ENCODING)
    table = folder / "顾客.csv"
    _shoppers(ROWS).to_csv(table, index=False, encoding=ENCODING)
    out = done(
        folder, "run", table.name, "--target", TARGET, "--trials", "4", "--families", "linear,lightgbm", "--json", "-q",
        *FEW_SEGMENTS,
    )  # fmt: skip
    return _Gone(folder, table, ENCODING, json.loads(out))


def test_every_stage_did_its_work(gone: _Gone) -> None:
    facts = gone.facts
    assert facts["task"] == "binary"
    assert facts["rows"] == ROWS
    assert facts["search"]["against_baseline"]["low"] > 0
    assert {entry["column"] for entry in facts["explanation"]["importance"]} == set(FEATURES)
    assert facts["explanation"]["importance"][0]["column"] == "购买频率"
    assert facts["explanation"]["adds_up"]
    goal_guided = facts["segmentations"][-1]
    assert goal_guided["found"]
    assert sum(segment["size"] for segment in goal_guided["segments"]) == ROWS
    assert any(name in segment["rule"] for segment in goal_guided["segments"] for name in FEATURES)
    assert {gap["kind"] for gap in facts["gaps"]} >= {"potential", "category whitespace"}
    assert len(facts["strategies"]) == len(goal_guided["segments"])


def test_the_report_speaks_the_tables_language(gone: _Gone) -> None:
    page = (gone.folder / gone.facts["report"]).read_text(encoding="utf-8")
    for word in (*FEATURES, TARGET, "电子产品", gone.encoding):
        assert word in page


def test_the_logged_model_takes_the_raw_table_and_agrees_with_predict(
    gone: _Gone, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mlflow

    from workbench.tracking import Store

    monkeypatch.chdir(gone.folder)
    done(gone.folder, "predict", "latest", gone.table.name, "-o", "scores.parquet")
    scores = pd.read_parquet("scores.parquet")
    assert list(scores.columns) == ["未购买", "购买"]
    store = Store(home=Path("mlruns"))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", store.uri)  # as a colleague's notebook would be set up
    loaded = mlflow.pyfunc.load_model(f"models:/{store.details(gone.facts['run_id']).model}")
    raw = pd.read_csv(gone.table, encoding=gone.encoding)  # a stranger's way of reading it: target and blanks included
    answers = loaded.predict(raw)
    pd.testing.assert_frame_equal(
        pd.DataFrame(answers).reset_index(drop=True)[["未购买", "购买"]].astype(float), scores.astype(float)
    )
