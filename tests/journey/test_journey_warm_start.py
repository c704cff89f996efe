"""More budget for a finished run, and a new run that begins with the best of an earlier one."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import optuna
import pytest
from programs import FEW_SEGMENTS, call, customers, done

RUN = (
    "run", "table.csv", "--target", "spend", "--ignore", "bought,plan", "--trials", "5", "--families",
    "linear,lightgbm", "--no-report", "--quiet", "--json", "--name",
)  # fmt: skip


def _trials(told: str) -> list[dict[str, Any]]:
    trials: list[dict[str, Any]] = json.loads(told)["search"]["trial_list"]
    return trials


def _rounds(folder: Path) -> list[int]:
    """Rounds of the boosted trials of run "one", as its journal has them."""
    storage = optuna.storages.JournalStorage(
        optuna.storages.journal.JournalFileBackend(str(folder / "mlruns" / "journals" / "one" / "studies.journal"))
    )
    study = optuna.load_study(study_name="lightgbm", storage=storage)
    return [trial.user_attrs["record"]["params"]["rounds"] for trial in study.get_trials()]


def test_a_finished_run_takes_more_budget_and_loses_no_trial(tmp_path: Path) -> None:
    customers(300).to_csv(tmp_path / "table.csv", index=False)
    before = _trials(done(tmp_path, *RUN, "one"))
    after = _trials(done(tmp_path, "runs", "resume", "one", "--budget", "5m", "--json", "--quiet"))
    assert after[: len(before)] == before
    assert len(after) == len(before) + 5


def test_a_finished_run_takes_more_seconds(tmp_path: Path) -> None:
    customers(300).to_csv(tmp_path / "table.csv", index=False)
    timed = [word for word in RUN if word not in ("--trials", "5")]
    before = _trials(done(tmp_path, *timed, "one", "--budget", "8s", *FEW_SEGMENTS))
    after = _trials(done(tmp_path, "runs", "resume", "one", "--budget", "8s", "--json", "--quiet"))
    known = ("number", "family", "state", "origin", "reason")
    then, now = ([[one[name] for name in known] for one in found] for found in (before, after))
    pairs = zip(before, after, strict=False)
    assert all(one["score"] == pytest.approx(two["score"]) for one, two in pairs if one["score"] is not None)
    assert len(before) > 2 and now[: len(before)] == then
    assert len(after) > len(before)


def test_a_resumed_run_searches_its_own_spaces_as_they_were(tmp_path: Path) -> None:
    customers(300).to_csv(tmp_path / "table.csv", index=False)
    mine = tmp_path / "mine"
    mine.mkdir()
    shutil.copy(Path(__file__).parent.parent / "search" / "spaces" / "lightgbm.toml", mine)
    done(tmp_path, *RUN, "one", "--search-spaces", "mine")
    (mine / "lightgbm.toml").write_text("nonsense", encoding="utf-8")
    refused = call(tmp_path, *RUN, "two", "--search-spaces", "mine")
    assert refused.code == 2 and "lightgbm.toml can't be read" in refused.sentence
    after = _trials(done(tmp_path, "runs", "resume", "one", "--budget", "5m", "--json", "--quiet"))
    assert len(after) > 10 and {one["state"] for one in after} <= {"done", "pruned"}
    # the rounds are those of the folder's space, not of ours
    wanted = tomllib.loads((Path(__file__).parent.parent / "search" / "spaces" / "lightgbm.toml").read_text())
    rounds = next(one["value"] for one in wanted["parameter"] if one["name"] == "rounds")
    assert 0 < max(_rounds(tmp_path)) <= rounds


def test_a_warm_start_tries_the_best_of_each_family_first(tmp_path: Path) -> None:
    customers(300).to_csv(tmp_path / "table.csv", index=False)
    first = _trials(done(tmp_path, *RUN, "one"))
    customers(340).to_csv(tmp_path / "table.csv", index=False)
    for name, wish in (("two", "one"), ("three", "latest")):
        trials = _trials(done(tmp_path, *RUN, name, "--warm-start", wish))
        assert [(one["family"], one["origin"]) for one in trials[1:3]] == [
            ("linear", "warm start"),
            ("lightgbm", "warm start"),
        ]
    assert {one["origin"] for one in first} <= {"baseline", "portfolio", "sampler"}
    cold = _trials(done(tmp_path, *RUN, "four"))
    assert all(one["origin"] != "warm start" for one in cold)
    missing = call(tmp_path, *RUN, "five", "--warm-start", "nothing")
    assert missing.code == 2 and "no run 'nothing'" in missing.sentence
    other = call(tmp_path, *RUN, "six", "--warm-start", "one", "--ignore", "bought")
    assert other.code == 2 and "can't be started from: its target, task or columns differ" in other.sentence
