"""``--trials N``: two runs with the same seed decide the same, bit for bit, and keep the proof."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
from programs import customers, done


def _artifact(folder: Path, name: str) -> bytes:
    from workbench.tracking import Store

    store = Store(home=folder / "mlruns")
    client = store.client()
    return Path(client.download_artifacts(store.find(name), "decisions.jsonl", str(folder))).read_bytes()


def test_two_runs_of_counted_trials_keep_the_same_decisions(tmp_path: Path) -> None:
    customers(400).to_csv(tmp_path / "table.csv", index=False)
    logs, predictions = [], []
    for name in ("one", "two"):
        done(
            tmp_path, "run", "table.csv", "--target", "spend", "--ignore", "bought,plan", "--trials", "6",
            "--seed", "3", "--no-report", "--name", name, "--quiet",
            "--predict", "table.csv", "--predictions", f"{name}.parquet",
        )  # fmt: skip
        logs.append(_artifact(tmp_path, name))
        predictions.append(pd.read_parquet(tmp_path / f"{name}.parquet"))
    assert logs[0] == logs[1]
    pd.testing.assert_frame_equal(predictions[0], predictions[1])
    entries = [json.loads(line) for line in logs[0].decode().splitlines()]
    assert not any("seconds" in entry for entry in entries), "nothing of the clock"
    shown = json.loads(done(tmp_path, "runs", "show", "one", "--json"))["search"]
    assert {one["number"]: one["reason"] for one in shown["trial_list"]} == {
        entry["trial"]: entry["reason"] for entry in entries if "ended" in entry
    }
    assert shown["forecast"]["sentence"] and {one["family"] for one in shown["influence"]} >= {"linear", "lightgbm"}
    begun = [entry["trial"] for entry in entries if "begun" in entry]
    ended = {entry["trial"]: entry for entry in entries if "ended" in entry}
    assert begun == [0, 1, 2, 3, 4, 5, 6] and set(ended) == set(begun)
    assert all(entry["reason"] for entry in ended.values() if entry["ended"] != "done")
    assert any("decision" in entry for entry in entries)


def test_by_the_clock_decisions_carry_their_time(tmp_path: Path) -> None:
    customers(300).to_csv(tmp_path / "table.csv", index=False)
    done(
        tmp_path, "run", "table.csv", "--target", "spend", "--ignore", "bought,plan", "--budget", "8s", "--families",
        "linear", "--no-report", "--name", "one", "--quiet",
    )  # fmt: skip
    entries = [json.loads(line) for line in _artifact(tmp_path, "one").decode().splitlines()]
    times = [entry["seconds"] for entry in entries]
    assert times == sorted(times) and times
