"""A finished run keeps its result whatever becomes of going on with it."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest
from programs import FEW_SEGMENTS, call, customers, done

from workbench.budget import Budget
from workbench.errors import BudgetError, InputError, Stopped
from workbench.events import Event, Events
from workbench.journey import delete_run, resume_journey
from workbench.journey.chain import _explained
from workbench.journey.claim import held
from workbench.tracking import Store

RUN = (
    "run", "table.csv", "--target", "spend", "--trials", "6", "--families", "linear", "--no-report", "--quiet",
    *FEW_SEGMENTS, "--name", "one",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    customers(300).to_csv(tmp_path / "table.csv", index=False)
    done(tmp_path, *RUN)
    return tmp_path


def _resumed(folder: Path, budget: Budget, *, stop_after: int | None = None) -> None:
    ended: list[int] = []

    def see(event: Event) -> None:
        if event.kind == "trial" and event.data["state"] != "running":
            ended.append(event.data["number"])
            if stop_after is not None and len(ended) >= stop_after:
                events.request_stop()

    events = Events(see)
    resume_journey("one", budget=budget, events=events, home=folder / "mlruns")


def test_a_stop_while_going_on_keeps_the_result_and_the_trials(folder: Path) -> None:
    store = Store(home=folder / "mlruns")
    before, row = store.load_result("one"), store.details("one").row
    with pytest.raises(Stopped, match="keeps the result"):
        _resumed(folder, Budget.of(60.0), stop_after=2)
    after = store.load_result("one")
    assert store.details("one").row.state == row.state == "done"
    assert after.search is not None and before.search is not None
    assert len(after.search.trials) == len(before.search.trials)
    frame = customers(20).drop(columns="spend")
    kept, old = (one.search.champion.predict(frame) for one in (after, before))
    assert kept.equals(old)
    # resumed again it has what was finished meanwhile
    done(folder, "runs", "resume", "one", "--budget", "5m", "--quiet")
    finished = store.load_result("one").search
    assert finished is not None and len(finished.trials) > len(before.search.trials) + 6


def test_too_little_time_to_go_on_changes_nothing(folder: Path) -> None:
    with pytest.raises(BudgetError):
        _resumed(folder, Budget.of(0.05))
    assert Store(home=folder / "mlruns").details("one").row.state == "done"


def test_children_in_the_store_are_the_trials_that_there_are(folder: Path) -> None:
    """A trial that a stop has cut begins anew under its number: the store shows what became of it."""
    import mlflow

    table = customers(300).to_csv(index=False)
    (folder / "other.csv").write_text(table, encoding="utf-8")
    store = Store(home=folder / "mlruns")
    with pytest.raises(Stopped):
        _resumed(folder, Budget.of(60.0), stop_after=1)
    done(folder, "runs", "resume", "one", "--budget", "5m", "--quiet")
    search = store.load_result("one").search
    assert search is not None
    client = mlflow.MlflowClient(store.uri)
    run_id = store.details("one").row.run_id
    experiment = client.get_run(run_id).info.experiment_id
    children = client.search_runs([experiment], f"tags.`mlflow.parentRunId` = '{run_id}'", max_results=500)
    told = {int(one.data.tags["workbench.trial"]): one.data.tags["workbench.state"] for one in children}
    assert len(told) == len(children)
    assert told == {one.number: one.state.value for one in search.trials}


def test_a_run_that_is_worked_on_is_not_deleted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(home=folder / "mlruns")
    with held(folder / "mlruns", "one"), pytest.raises(InputError, match="Another process works on the run"):
        delete_run(store, "latest")
    asked: list[str] = []
    monkeypatch.setattr("workbench.cli.runs._confirmed", lambda question: bool(asked.append(question)))
    refused = call(folder, "runs", "delete", "latest")
    assert refused.code == 2 and "The run one was not deleted" in refused.sentence
    assert asked == ["Delete the run one (done) and its files?"]
    assert "Deleted one." in done(folder, "runs", "delete", "latest", "--yes")


def test_a_kill_while_going_on_does_not_make_it_a_run_without_a_result(folder: Path) -> None:
    """The kill leaves 'running' behind; what is stopped after that still stands on the whole result."""
    store = Store(home=folder / "mlruns")
    run_id = store.details("one").row.run_id
    client = store.client()
    client.set_tag(run_id, "workbench.state", "running")
    client.set_tag(run_id, "workbench.process", f"{socket.gethostname()}:4194000:1")
    client.update_run(run_id, status="RUNNING")
    assert store.details("one").row.state == "done"
    with pytest.raises(Stopped, match="keeps the result"):
        _resumed(folder, Budget.of(60.0), stop_after=2)
    assert store.details("one").row.state == "done"
    search = store.load_result("one").search
    assert search is not None and len(search.trials) == 7


def test_counted_trials_go_on_without_a_clock(folder: Path) -> None:
    with pytest.raises(Stopped):
        _resumed(folder, Budget.unlimited(), stop_after=2)
    done(folder, "runs", "resume", "one", "--quiet")
    result = Store(home=folder / "mlruns").load_result("one")
    assert result.search is not None and result.budget_seconds is None
    begun = [one for one in result.search.trials if one.origin != "baseline"]
    assert len(begun) >= 12


def test_a_run_deleted_on_another_page_is_made_anew_once(folder: Path) -> None:
    store = Store(home=folder / "mlruns")
    store.client().delete_run(store.details("one").row.run_id)
    for _ in range(2):
        done(folder, "runs", "resume", "one", "--quiet", "--budget", "5m")
    assert [row.name for row in Store(home=folder / "mlruns").runs()] == ["one"]


def test_a_playbook_that_is_gone_is_told_before_a_run_goes_on(folder: Path) -> None:
    path = folder / "mlruns" / "journals" / "one" / "run.json"
    text = path.read_text(encoding="utf-8").replace('"full": false', '"full": true')
    path.write_text(text.replace('"ecommerce"', '"/gone/away.toml"'), encoding="utf-8")
    refused = call(folder, "runs", "resume", "one", "--quiet")
    assert refused.code == 2 and "There is no playbook '/gone/away.toml'" in refused.sentence
    assert Store(home=folder / "mlruns").details("one").row.state == "done"


def test_a_store_named_before_the_command_is_the_one_that_it_works_on(folder: Path) -> None:
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    home = str(folder / "mlruns")
    assert json.loads(done(elsewhere, "runs", "--home", home, "--json", "list"))[0]["name"] == "one"
    assert json.loads(done(elsewhere, "runs", "--home", home, "--json"))[0]["name"] == "one"
    assert json.loads(done(elsewhere, "runs", "--home", "none", "list", "--home", home, "--json"))[0]["name"] == "one"
    assert "Deleted one." in done(elsewhere, "runs", "--home", home, "delete", "one", "--yes")


def test_what_there_was_no_time_for_while_going_on_is_that_of_before(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tuple(word for word in RUN if word != "--no-report")
    done(folder, *whole[:-1], "two")
    store = Store(home=folder / "mlruns")
    before = store.load_result("two")
    assert before.segmentations and before.strategies and before.explanation is not None
    monkeypatch.setattr("workbench.journey.stages.Stages.segment", lambda self: ())
    monkeypatch.setattr("workbench.journey.stages.Stages.explain", lambda self, search: None)
    monkeypatch.setattr("workbench.journey.chain._explained", lambda search, earlier: earlier.explanation)
    done(folder, "runs", "resume", "two", "--quiet")
    after = store.load_result("two")
    assert after.search is not None and before.search is not None
    assert len(after.search.trials) > len(before.search.trials)
    assert [len(one.segments) for one in after.segmentations] == [len(one.segments) for one in before.segmentations]
    assert len(after.strategies) == len(before.strategies) and after.explanation is not None
    assert any("are those of before" in notice for notice in after.notices)


def test_an_explanation_of_before_is_of_the_same_model_or_not_shown(folder: Path) -> None:
    result = Store(home=folder / "mlruns").load_result("one")
    assert result.search is not None
    told = SimpleNamespace(search=result.search, explanation="of before", table=result.table)
    assert _explained(result.search, told) == "of before"  # type: ignore[arg-type]
    other = SimpleNamespace(explained=SimpleNamespace(family="linear", params={"shape": "other"}))
    assert _explained(other, told) is None and _explained(None, told) is None  # type: ignore[arg-type]
