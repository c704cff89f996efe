"""kill -9 on the whole search: no process stays, and what was finished is found again."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from search_tables import small

from workbench.budget import Budget
from workbench.contracts import Task, TrialState
from workbench.events import Events
from workbench.pipelines import read_space
from workbench.search import search
from workbench.search.trials.journal import Journal, identity_of
from workbench.search.trials.studies import FamilyStudy

HERE = Path(__file__).parent
# no "if __name__ == '__main__'": workers must not run the caller's script again
SCRIPT = f"""
import sys
sys.path.insert(0, {str(HERE.parent)!r})
from pathlib import Path
from search_tables import small
from workbench.budget import Budget
from workbench.contracts import Task
from workbench.events import Events
from workbench.search import search

def tell(event):
    if event.kind == "trial" and event.data["state"] == "done":
        print(event.data["number"], flush=True)

search(small(Task.BINARY), budget=Budget.of(120), events=Events(tell), folder=Path(sys.argv[1]),
       spaces=Path({str(HERE / "spaces")!r}))
"""


def works(process):
    """Whether it has not ended; the machine's first process may take seconds to clear one away that has."""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def test_a_killed_search_is_resumed(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    process = subprocess.Popen([sys.executable, str(script), str(tmp_path / "run")], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    finished = [int(process.stdout.readline()) for _ in range(4)]
    children = psutil.Process(process.pid).children(recursive=True)
    assert children
    process.kill()
    process.communicate()
    for _ in range(1000):
        if not (alive := [one for one in children if works(one)]):
            break
        time.sleep(0.02)
    assert not alive
    result = search(
        small(Task.BINARY),
        budget=Budget.unlimited(),
        events=Events(),
        folder=tmp_path / "run",
        trials=2,
        resume=True,
        workers=0,
        spaces=HERE / "spaces",
    )
    done = {trial.number for trial in result.trials if trial.state is TrialState.DONE}
    assert set(finished) <= done
    assert result.champion.family != "baseline"


def test_a_kill_at_any_line_of_the_journal_or_within_it_loses_no_finished_trial(tmp_path):
    """Every prefix of a real journal, cut after each line and in the middle of each."""
    table, whole, cut = small(Task.BINARY, 120), tmp_path / "whole", tmp_path / "cut"
    search(
        table, budget=Budget.unlimited(), events=Events(), folder=whole, trials=7, workers=0, spaces=HERE / "spaces",
        families=["linear", "lightgbm"],
    )  # fmt: skip
    identity = {key: value for key, value in identity_of(whole).items() if key != "version"}
    lines = (whole / "studies.journal").read_bytes().splitlines(keepends=True)
    spaces = [read_space(name, HERE / "spaces") for name in ("linear", "lightgbm")]
    shutil.copytree(whole, cut)
    counts = []
    for count, line in enumerate(lines):
        records = [json.loads(one).get("user_attr", {}).get("record", {}) for one in lines[:count]]
        ended = {one["number"] for one in records if one.get("state", "running") != "running"}
        begun = {one["number"] for one in records if one}
        for torn in (b"", line[: len(line) // 2]):
            (cut / "studies.journal").write_bytes(b"".join(lines[:count]) + torn)
            journal = Journal(cut, identity, resume=True)
            try:
                storage = journal.storage()
                taken = [FamilyStudy(storage, space, Task.BINARY, 120, 0).restore() for space in spaces]
            finally:
                journal.close()
            assert {one.number for finished, _ in taken for one in finished} == ended
            assert {data["number"] for _, lost in taken for data in lost} == begun - ended
        counts.append(len(ended))
    assert counts == sorted(counts) and counts[-1] >= 6


@pytest.mark.parametrize("lost", ["ended", "begun and ended"])
def test_a_trial_that_ended_just_before_the_kill_is_in_the_log_of_decisions(tmp_path, lost):
    """Its record is on disk before the log says so: a kill between the two is made good when the search goes on."""

    def run(trials, resume):
        return search(
            small(Task.BINARY), budget=Budget.unlimited(), events=Events(), folder=tmp_path, trials=trials,
            resume=resume, workers=0, spaces=HERE / "spaces",
        )  # fmt: skip

    last = max(one.number for one in run(3, resume=False).trials)
    log = tmp_path / "decisions.jsonl"
    whole = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    torn = [
        one
        for one in whole
        if one.get("trial") != last or not ("ended" in one or (lost == "begun and ended" and "begun" in one))
    ]
    assert len(torn) == len(whole) - (1 if lost == "ended" else 2)
    log.write_text("".join(json.dumps(one) + "\n" for one in torn), encoding="utf-8")
    result = run(1, resume=True)
    entries = [one for one in result.log if one.get("trial") == last]
    (ended,) = [one for one in entries if "ended" in one]
    (begun,) = [one for one in entries if "begun" in one]
    before = next(one for one in whole if one.get("trial") == last and "ended" in one)
    assert before.items() <= ended.items()
    assert begun["params"] == next(one.params for one in result.trials if one.number == last)
    numbers = {one.number for one in result.trials}
    assert numbers == {one["trial"] for one in result.log if "ended" in one}


@pytest.mark.parametrize("state", [TrialState.DONE, TrialState.PRUNED])
def test_a_kill_between_the_record_of_a_trial_and_the_word_to_optuna_costs_and_doubles_nothing(
    tmp_path, monkeypatch, state
):
    space = read_space("linear", HERE / "spaces")

    def opened() -> FamilyStudy:
        storage = JournalStorage(JournalFileBackend(str(tmp_path / "studies.journal")))
        return FamilyStudy(storage, space, Task.REGRESSION, 200, 0)

    study = opened()
    record = study.ask(4)
    record.state, record.losses = state, {0: 1.0, 1: 3.0}

    def killed(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(study._study, "tell", killed)
    with pytest.raises(KeyboardInterrupt):
        study.tell(record)
    for _ in range(2):
        finished, lost = opened().restore()
        assert [(one.number, one.state, one.loss) for one in finished] == [(4, state, 2.0)] and lost == []
    assert {one.state.name for one in opened()._study.get_trials()} == {
        "COMPLETE" if state is TrialState.DONE else "PRUNED"
    }
