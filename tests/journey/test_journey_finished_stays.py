"""A finished run keeps its result whatever becomes of going on with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from programs import FEW_SEGMENTS, call, customers, done

from workbench.budget import Budget
from workbench.errors import BudgetError, InputError, Stopped
from workbench.events import Event, Events
from workbench.journey import delete_run, resume_journey
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
