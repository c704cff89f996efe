"""Ctrl-C and kills at every moment: real processes, real signals; nothing that was finished is lost."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import psutil
import pytest
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState
from programs import FEW_SEGMENTS, Process, call, customers, done, process

SEARCH = ("run", "table.csv", "--target", "spend", "--ignore", "bought,plan", "--name", "mine")

COUNTED = ("--trials", "6", "--families", "linear,lightgbm")
"""Counted work: what is resumed doesn't depend on how fast the machine is."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    customers(1500).to_csv(tmp_path / "table.csv", index=False)
    return tmp_path


def _state(folder: Path, name: str = "mine") -> dict[str, Any]:
    rows = json.loads(done(folder, "runs", "list", "--json"))
    return next(row for row in rows if row["name"] == name)


def _kept(folder: Path) -> dict[str, bytes]:
    """Out-of-fold predictions of the finished trials on disk, by file name."""
    return {path.name: path.read_bytes() for path in (folder / "mlruns/journals/mine/out_of_fold").glob("*.npy")}


def _told(folder: Path) -> int:
    """Trials that the journal calls complete: a kill can come between a trial's predictions and that word."""
    storage = JournalStorage(JournalFileBackend(str(folder / "mlruns/journals/mine/studies.journal")))
    return sum(
        trial.state is TrialState.COMPLETE
        for study in storage.get_all_studies()
        for trial in storage.get_all_trials(study._study_id)
    )


def _workers(running: Process) -> list[psutil.Process]:
    """Processes that fit models: children of the server that they are forked from."""
    return [
        worker
        for child in running.process.children()
        for worker in child.children()
        if "forkserver" in " ".join(child.cmdline())
    ]


def _resumed(folder: Path) -> dict[str, Any]:
    """What the run says after it went on."""
    before, told = _kept(folder), _told(folder)
    facts: dict[str, Any] = json.loads(done(folder, "runs", "resume", "mine", "--budget", "10m", "--json", "-q"))
    after = _kept(folder)
    assert before.items() <= after.items(), "a trial that was finished was done again"
    assert facts["search"]["champion"] != "baseline"
    numbers = [one["number"] for one in _trials(folder)]
    assert len(numbers) == len(set(numbers)), "trial numbers go on"
    assert len(before) - told <= 2, "at most what two workers had just ended was not told"
    assert len(numbers) >= 1 + 6, "the baseline, what was kept and those of the six that were missing"
    assert _state(folder)["state"] == "done"
    return facts


def _trials(folder: Path) -> list[dict[str, Any]]:
    from workbench.tracking import Store

    store = Store(home=folder / "mlruns")
    result = store.load_result(store.find("mine"))
    assert result.search is not None
    return [{"number": one.number, "state": one.state.value, "reason": one.reason} for one in result.search.trials]


@pytest.mark.parametrize("when", ["at once", "while reading"])
def test_ctrl_c_before_anything_began_ends_at_once(when: str, tmp_path: Path) -> None:
    frame = customers(60_000 if when == "while reading" else 300)
    frame.to_csv(tmp_path / "table.csv", index=False)
    with process(tmp_path, *SEARCH, "--budget", "60s") as running:
        # the first file of ours that a process opens is its own code: wait until python answers signals
        running.until(lambda: running.process.cpu_times().user > (0.2 if when == "at once" else 1.0), "it works")
        running.signal(signal.SIGINT)
        answer = running.end()
        assert answer.code == 3, answer.err
        assert answer.sentence.startswith("workbench: Stopped")
        assert "Traceback" not in answer.err
        assert answer.out == ""
        assert running.left_behind() == []


def test_ctrl_c_in_mid_search_keeps_the_trials_and_resume_goes_on(folder: Path) -> None:
    with process(folder, *SEARCH, *COUNTED, *FEW_SEGMENTS, "--json") as running:
        running.until(lambda: len(_kept(folder)) >= 3, "three trials were finished")
        running.signal(signal.SIGINT)
        answer = running.end()
        assert answer.code == 3, answer.err
        assert answer.sentence == "workbench: Stopped as you asked; go on with `workbench runs resume mine`."
        assert "Traceback" not in answer.err
        assert running.left_behind() == []
    told = json.loads(answer.out)
    assert told["stopped"]
    assert told["search"]["score"]["value"] is not None
    assert _state(folder)["state"] == "stopped"
    assert done(folder, "predict", "mine", "table.csv", "-o", "scores.parquet")
    facts = _resumed(folder)
    assert not facts["stopped"]
    assert facts["strategies"]


def test_ctrl_c_in_the_segments_keeps_model_and_explanation(folder: Path) -> None:
    with process(folder, *SEARCH, "--trials", "3", "--families", "linear,lightgbm", "--json") as running:
        running.until_told("Finding segments")
        running.signal(signal.SIGINT)
        answer = running.end()
        assert answer.code == 3, answer.err
        assert "resume mine" in answer.sentence
        assert "Traceback" not in answer.err
        assert running.left_behind() == []
    assert _state(folder)["state"] == "stopped"
    facts = json.loads(done(folder, "runs", "show", "mine", "--json"))
    assert facts["search"]["champion"] in ("linear", "lightgbm", "ensemble")
    assert facts["explanation"]["adds_up"]
    assert facts["segmentations"] == []
    assert any("left out" in notice for notice in facts["notices"])


def test_two_runs_do_not_share_a_name_or_a_journal_and_a_second_ctrl_c_does_not_wait(folder: Path) -> None:
    with process(folder, *SEARCH, "--budget", "100s") as running:
        running.until(lambda: _kept(folder), "a trial was finished")
        for again in (SEARCH, ("runs", "resume", "mine")):
            answer = call(folder, *again)
            assert answer.code == 2
            assert "mine" in answer.sentence
        assert running.popen.poll() is None
        running.signal(signal.SIGINT)
        running.signal(signal.SIGINT)
        answer = running.end()
        assert answer.code == 3, answer.err
        assert "Traceback" not in answer.err
        assert running.left_behind() == []
    assert _kept(folder)
    assert len(json.loads(done(folder, "runs", "list", "--json"))) == 1


def test_a_killed_worker_costs_its_trial_only(folder: Path) -> None:
    with process(folder, *SEARCH, "--trials", "6", "--families", "lightgbm", "--no-report", "--json", "-q") as running:
        running.until(lambda: len(_kept(folder)) >= 2, "two trials were finished")
        _workers(running)[0].send_signal(signal.SIGKILL)
        answer = running.end()
        assert answer.code == 0, answer.err
    trials = _trials(folder)
    failed = [one for one in trials if one["state"] == "failed"]
    assert len(failed) == 1
    assert "worker process ended" in failed[0]["reason"]
    assert sum(one["state"] in ("done", "pruned") for one in trials if one["number"]) == 5


def test_what_cannot_be_resumed_is_one_sentence_and_is_not_changed(folder: Path) -> None:
    assert "no run" in call(folder, "runs", "resume", "nosuch").sentence
    done(folder, *SEARCH, "--trials", "2", "--families", "linear", "--no-report", "-q")
    before = json.loads(done(folder, "runs", "show", "mine", "--json"))["search"]
    answer = call(folder, "runs", "resume", "mine", "--budget", "0.1s")
    assert answer.code == 2
    assert "give it a longer budget" in answer.sentence
    assert json.loads(done(folder, "runs", "show", "mine", "--json"))["search"] == before
    customers(1500, seed=1).to_csv(folder / "table.csv", index=False)
    answer = call(folder, "runs", "resume", "mine")
    assert answer.code == 2
    assert "has changed" in answer.sentence
    (folder / "table.csv").unlink()
    answer = call(folder, "runs", "resume", "latest")
    assert answer.code == 2
    assert "table.csv" in answer.sentence
    assert json.loads(done(folder, "runs", "show", "mine", "--json"))["search"] == before


@pytest.mark.parametrize("name", ["../out", "", ".", "a/b", "x\ny"])
def test_a_name_is_no_path(name: str, folder: Path) -> None:
    answer = call(folder, "run", "table.csv", "--target", "spend", "--trials", "1", "--name", name)
    assert answer.code == 2
    assert "name of a run" in answer.err
    assert not (folder / "mlruns" / "journals").exists()


def _decided(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_killed_process_loses_no_finished_trial_and_no_decision(folder: Path) -> None:
    kept = folder / "mlruns/journals/mine/decisions.jsonl"
    with process(folder, *SEARCH, *COUNTED, "--no-report") as running:
        running.until(lambda: len(_kept(folder)) >= 3, "three trials were finished")
        running.signal(signal.SIGKILL)
        running.end()
        assert running.left_behind() == []
    assert _state(folder)["state"] == "interrupted"
    answer = call(folder, "runs", "show", "mine")
    assert answer.code == 2
    assert "workbench runs resume mine" in answer.sentence

    before = _decided(kept)
    assert sum(entry.get("ended") == "done" for entry in before) >= 3  # the baseline is one of them
    with kept.open("a", encoding="utf-8") as file:
        file.write('{"trial": 4, "fam')  # as a kill in mid-write leaves it
    for resumed in (2, 3):
        _resumed(folder)
        after = _decided(kept)
        assert after[: len(before)] == before
        fresh = after[len(before) :]
        assert {entry["sitting"] for entry in fresh} == {resumed}
        assert any("Resumed with" in entry.get("decision", "") for entry in fresh)
        assert any("ended" in entry for entry in fresh)
        before = after
    assert "sitting" not in before[0]
    from workbench.tracking import Store

    store = Store(home=folder / "mlruns")
    recorded = store.artifact_path(store.find("mine"), "decisions.jsonl")
    assert _decided(recorded) == _decided(kept)
    begun = {(entry.get("sitting", 1), entry["trial"]) for entry in before if "begun" in entry}
    ended = {entry["trial"] for entry in before if "ended" in entry}
    assert {one["number"] for one in _trials(folder)} <= {number for _, number in begun} & ended
