"""Runs within a budget: what there was time for is there, and what was left out is said. No clock decides a test."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from programs import Answer, customers, process

ROWS = 3000
BUDGET = "15s"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("budget")
    customers(ROWS).to_csv(place / "train.csv", index=False)
    customers(500, seed=1).drop(columns="bought").to_csv(place / "test.csv", index=False)
    return place


def _run(folder: Path) -> Answer:
    before = time.monotonic()
    with process(
        folder, "run", "train.csv", "--target", "bought", "--ignore", "spend,plan", "--budget", BUDGET,
        "--predict", "test.csv", "--predictions", "said.parquet", "--json",
    ) as running:  # fmt: skip
        answer = running.end()
    took = time.monotonic() - before
    print(f"budget {BUDGET}: took {took:.1f} s, {took / float(BUDGET[:-1]):.2f} of it")
    return answer


def test_a_budget_gives_predictions_and_says_what_was_left_out(folder: Path) -> None:
    answer = _run(folder)
    assert answer.code == 0, answer.err
    facts: dict[str, Any] = json.loads(answer.out)
    predictions = pd.read_parquet(folder / "said.parquet")
    assert list(predictions.columns) == ["no", "yes"]
    assert len(predictions) == 500
    assert predictions.sum(axis=1).to_numpy() == pytest.approx(1.0)
    assert facts["budget"] == float(BUDGET[:-1])
    assert facts["search"]["leaderboard"]
    assert (folder / facts["report"]).is_file()
    made = {
        "explain": "explanation" in facts,
        "segments": bool(facts["segmentations"]),
        "gap": bool(facts["gaps"]),
    }
    said = " ".join(facts["notices"]).lower()
    assert all(there or f"left out {stage}" in said for stage, there in made.items())
