"""The search of an earlier run is read back whole, and in parts where an older version or a mishap left parts only."""

from __future__ import annotations

import dataclasses
import json
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from programs import customers, done, process

from workbench.contracts import TrialState
from workbench.journey import past_search
from workbench.journey.summary import search_facts
from workbench.plain import plain
from workbench.tracking import Store
from workbench.worker.services.past import search as served
from workbench.worker.session import Session

TARGET = "月消费"
SEARCH = ("run", "table.csv", "--target", TARGET, "--ignore", "bought,plan", "--name", "mine")


def _table(folder: Path, rows: int) -> None:
    customers(rows).rename(columns={"spend": TARGET, "city": "城市 [b]"}).to_csv(folder / "table.csv", index=False)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    _table(folder, 400)
    done(folder, *SEARCH, "--trials", "12", "--families", "linear,lightgbm", "--no-report", "-q")
    return folder


@pytest.fixture
def home(kept: Path, tmp_path: Path) -> Iterator[Path]:
    """The store, to be damaged and mended afterwards: a copy would read the files of the original."""
    shutil.copytree(kept / "mlruns", tmp_path / "aside")
    yield kept / "mlruns"
    shutil.rmtree(kept / "mlruns")
    shutil.move(tmp_path / "aside", kept / "mlruns")


def _archive(home: Path) -> Path:
    return next((home / "artifacts").glob("*/artifacts/result/result.json"), None) or next(home.rglob("result.json"))


def _without(home: Path, *names: str) -> None:
    """As an older version would have written it: without these fields of the search."""
    path = _archive(home)
    data = json.loads(path.read_text(encoding="ascii"))
    for name in names:
        del data["result"]["f"]["search"]["f"][name]
    path.write_text(json.dumps(data), encoding="ascii")


def test_all_of_it_is_read_back(kept: Path) -> None:
    store = Store(home=kept / "mlruns")
    search = store.load_result("mine").search
    assert search is not None
    past = past_search(store, "mine")
    assert past.missing == ""
    assert past.found["trials"] == search.trials
    assert past.found["curve"] == search.curve
    assert past.found["leaderboard"] == search.leaderboard
    assert past.found["forecast"] == search.forecast
    assert past.settings["trials"] == 12
    # what a live search ends with and what is read back are told alike
    live = search_facts({each.name: getattr(search, each.name) for each in dataclasses.fields(search)})
    assert plain(search_facts(past.found)) == plain(live)


def _served(home: Path, run: str = "mine") -> dict[str, Any]:
    session = Session(folder=home.parent, exchange=home.parent)
    view = served(session, Store(home).find(run))
    json.dumps(view, allow_nan=False)
    return view


def test_it_is_served_as_a_journey_that_has_just_ended(kept: Path) -> None:
    view = _served(kept / "mlruns")
    assert view["state"] == "done"
    assert view["whole"]
    assert view["metric"] == "rmse"
    assert view["greater_is_better"] is False
    assert view["spec"]["request"]["target"] == TARGET
    assert len(view["trials"]) == 13
    assert view["best"] == min(one["score"] for one in view["trials"] if one["number"] and one["score"])
    assert view["summary"]["search"]["leaderboard"][0]["low"] is not None
    assert "nother 12 trials" in view["forecast"]
    assert any("k-fold" in line["message"] or "fold" in line["message"] for line in view["log"])


def test_what_an_older_version_did_not_write_is_told_from_the_journal(home: Path) -> None:
    _without(home, "forecast", "influence", "curve")
    past = past_search(Store(home), "mine")
    assert past.missing == ""
    assert past.found["forecast"].metric == "rmse"
    assert {one.family for one in past.found["influence"]} == {"linear", "lightgbm"}
    scores = [score for _, score in past.found["curve"]]
    assert scores == sorted(scores, reverse=True)


def test_without_a_journal_one_sentence_says_what_is_missing(home: Path) -> None:
    _without(home, "forecast", "influence")
    shutil.rmtree(home / "journals")
    past = past_search(Store(home), "mine")
    assert past.missing == (
        "Not on record of mine: a forecast and which parameters mattered "
        "(another version wrote it, or its files are damaged)."
    )
    assert past.found["leaderboard"]
    assert len(past.found["trials"]) == 13


@pytest.mark.parametrize("damage", ["no archive", "torn archive"])
def test_without_its_archive_there_are_its_trials(home: Path, damage: str) -> None:
    path = _archive(home)
    if damage == "no archive":
        shutil.rmtree(path.parent)
    else:
        path.write_text(path.read_text(encoding="ascii")[:2000], encoding="ascii")
    shutil.rmtree(home / "journals")
    past = past_search(Store(home), "mine")
    assert len(past.found["trials"]) == 13
    assert "its leaderboard" in past.missing
    assert past.missing.count(".") == 1
    view = _served(home)
    assert view["missing"] == past.missing
    assert view["summary"]["search"]["trials"] == 13


def test_of_a_run_of_which_nothing_is_left_that_is_said(home: Path) -> None:
    shutil.rmtree(home / "journals")
    shutil.rmtree(home / "artifacts")
    past = past_search(Store(home), "mine")
    assert past.missing == "Nothing is left of the search of mine: neither its result nor its journal is there."
    assert _served(home)["trials"] == []


def test_a_killed_run_shows_its_finished_trials(tmp_path: Path) -> None:
    _table(tmp_path, 1500)
    kept = tmp_path / "mlruns/journals/mine/out_of_fold"
    with process(tmp_path, *SEARCH, "--budget", "100s", "--families", "linear,lightgbm", "--no-report") as running:
        running.until(lambda: len(list(kept.glob("*.npy"))) >= 5, "five trials were finished")
        alive = past_search(Store(tmp_path / "mlruns"), "mine")
        assert alive.row.state == "running"
        assert "still going on" in alive.missing
        running.signal(signal.SIGKILL)
        running.end()
    with (tmp_path / "mlruns/journals/mine/studies.journal").open("ab") as journal:
        journal.write(b'{"op_code": 5, "worker')  # as a kill in mid-write leaves it
    past = past_search(Store(tmp_path / "mlruns"), "mine")
    assert past.row.state == "interrupted"
    assert past.missing == "Not on record of mine: its leaderboard (it was interrupted before it had a result)."
    states = [one.state for one in past.found["trials"]]
    assert states.count(TrialState.DONE) >= 4
    assert TrialState.RUNNING not in states
    assert any("resuming begins it anew" in one.reason for one in past.found["trials"])
    assert 0 < past.seconds < 100
    view = _served(tmp_path / "mlruns")
    assert view["forecast"]
    assert view["curve"][-1][1] == view["best"]
