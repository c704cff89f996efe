"""A run on record: begun, fed with trials, finished, stopped, failed, resumed; without secrets and with a bound."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
import tracking_samples as samples
from tracking_samples import Recorded

from workbench import contracts as c
from workbench.events import Event, Events
from workbench.tracking import RunLogger, Store, marks, trials
from workbench.tracking.children import child_of, write_each, write_together
from workbench.tracking.plain import redact

SECRET = "postgresql://maria:geheim@db.example/shop?password=geheim"


def event(trial: c.Trial) -> Event:
    return Event("trial", "search", "a trial", dataclasses.asdict(trial))


def children(store: Store, run_id: str) -> list[Any]:
    return list(
        store.client().search_runs([store.experiment()], f"tags.`{marks.PARENT}` = '{run_id}'", max_results=1000)
    )


def test_everything_of_a_finished_run_is_there(recorded: Recorded) -> None:
    details = recorded.store.details(recorded.run_id)
    row = details.row
    assert (row.name, row.state, row.task, row.target, row.metric) == (
        "customers-0001",
        "done",
        "binary",
        "buys",
        "roc_auc",
    )
    assert (row.score, row.low, row.high, row.baseline) == (0.81, 0.74, 0.88, 0.5)
    assert (row.trials, row.champion, row.families) == (5, "linear", ("lightgbm", "linear"))
    assert row.seconds == 12.5 and row.reason == "" and row.created.endswith("+00:00")
    assert row.fingerprint == recorded.result.table.fingerprint
    assert details.params["champion.C"] == "1.0" and details.params["folds"] == "5"
    assert details.metrics["roc_auc.low"] == 0.74 and details.metrics["gap.potential.coverage"] == 0.8
    assert "segments.goal-guided.silhouette" not in details.metrics  # NaN is no figure
    assert {"archive", "report.html", "figures", "notices.json", "decisions.json", "environment.json"} <= set(
        details.artifacts
    )
    figures = recorded.store.artifact_path(recorded.run_id, "figures")
    assert sorted(path.name for path in figures.iterdir()) == ["evil.svg", "importance.png"]
    notices = json.loads(recorded.store.artifact_path(recorded.run_id, "notices.json").read_text())
    assert notices == ["Sampled 30 of 60 rows."]


def test_the_page_of_mlflow_shows_series_children_data_and_model(recorded: Recorded) -> None:
    client = recorded.store.client()
    history = client.get_metric_history(recorded.run_id, "trial.score")
    assert [point.step for point in sorted(history, key=lambda point: point.step)] == [0, 1, 2, 3, 4]
    runs = children(recorded.store, recorded.run_id)
    assert len(runs) == 5 and {run.info.status for run in runs} == {"FINISHED"}
    run = client.get_run(recorded.run_id)
    assert run.info.status == "FINISHED"
    assert run.inputs.dataset_inputs[0].dataset.name == recorded.result.table.name
    (output,) = run.outputs.model_outputs
    logged = client.get_logged_model(output.model_id)
    assert str(logged.status) == "READY" and logged.name == "model"


def test_trials_are_written_while_the_search_goes_on(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "EVERY_SECONDS", 0.01)
    logger = RunLogger(store)
    run_id = logger.begin("t-0001", {}, {})
    logger(event(samples.trial(0, c.TrialState.RUNNING, None)))
    logger(event(samples.trial(0)))
    logger(Event("best", "search", "better", {"score": 0.7}))
    logger(event(samples.trial(1, c.TrialState.FAILED, None)))
    logger(event(samples.trial(1, c.TrialState.FAILED, None)))
    logger(event(samples.trial(2, c.TrialState.PRUNED, None)))
    logger.stopped("as you asked")
    found = {run.data.tags[marks.NUMBER]: run for run in children(store, run_id)}
    assert {number: run.info.status for number, run in found.items()} == {"0": "FINISHED", "1": "FAILED", "2": "KILLED"}
    assert found["0"].data.metrics["score"] == 0.7 and found["0"].data.params["C"] == "1.0"
    assert found["1"].data.tags[marks.REASON] == "it was late"
    assert store.details(run_id).metrics["best.score"] == 0.7
    row = store.runs()[0]
    assert (row.state, row.reason) == ("stopped", "as you asked")


def test_a_batch_in_one_transaction_is_what_the_interface_would_write(store: Store) -> None:
    client, experiment = store.client(write=True), store.experiment()
    child = child_of(dataclasses.asdict(samples.trial(3)), journey="j", parent="p" * 32, stamp=1_700_000_000_000)
    write_each(client, experiment, [child])
    assert write_together(client, experiment, [child])
    one, other = (run.to_dictionary() for run in client.search_runs([experiment]))
    for facts in (one, other):
        run_id = facts["info"].pop("run_id")
        facts["info"].pop("run_uuid", None)
        facts["info"]["artifact_uri"] = facts["info"]["artifact_uri"].replace(run_id, "ID")
    assert one == other
    for run in client.search_runs([experiment]):
        (point,) = client.get_metric_history(run.info.run_id, "score")
        assert (point.value, point.step, point.timestamp) == (0.7, 0, 1_700_000_000_000)


def test_the_time_for_child_runs_is_bounded_and_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "ALLOWANCE", 0.0)
    monkeypatch.setattr(trials, "SHARE", 0.0)
    events = Events()
    logger = RunLogger(store, events)
    result = samples.journey("t-0001")
    run_id = logger.begin("t-0001", {}, {})
    logger.finish(result, None, {})
    assert children(store, run_id) == []
    assert "0 of 5 trials are child runs" in events.notices[0].message
    assert len(json.loads(store.artifact_path(run_id, "trials.json").read_text())) == 5
    assert store.details(run_id).metrics["trial.score"] == 0.7


def test_secrets_are_never_on_record(store: Store, tmp_path: Path) -> None:
    result = samples.journey(
        "t-0001", command=f"workbench run {SECRET}", settings={"source": SECRET}, notices=(SECRET,)
    )
    source = dataclasses.replace(result.table.sources[0], location=SECRET, details={"url": SECRET})
    result = dataclasses.replace(result, table=dataclasses.replace(result.table, sources=(source,)))
    logger = RunLogger(store)
    logger.begin("t-0001", {"location": SECRET, "list": [SECRET]}, {"source": SECRET})
    logger.finish(result, None, {})
    logger.fail(f"could not connect to {SECRET}")
    found = [path for path in tmp_path.rglob("*") if path.is_file() and b"geheim" in path.read_bytes()]
    assert found == []


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("postgresql://u:p@h/d", "postgresql://h/d"),
        ("see mysql+x://u:p@a@h:3/d now", "see mysql+x://h:3/d now"),
        ("Server=h;Pwd=x;Uid=u", "Server=h;Pwd=…;Uid=u"),
        ("https://h/x?sig=abc&n=1", "https://h/x?sig=…&n=1"),
        ("a@b and 3://x", "a@b and 3://x"),
    ],
)
def test_credentials_are_taken_out_of_text(text: str, clean: str) -> None:
    assert redact(text) == clean


def test_a_stopped_search_is_a_stopped_run_with_its_result(store: Store) -> None:
    result = samples.journey("t-0001")
    assert result.search is not None
    result = dataclasses.replace(result, stopped=True)
    logger = RunLogger(store)
    run_id = logger.begin("t-0001", {}, {})
    logger.finish(result, None, {})
    assert store.runs()[0].state == "stopped"
    assert store.load_result(run_id).name == "t-0001"


def test_a_resumed_run_goes_on_in_the_same_place(store: Store) -> None:
    result = samples.journey("t-0001")
    assert result.search is not None
    first = RunLogger(store)
    run_id = first.begin("t-0001", {"budget_seconds": 10.0}, {})
    first.finish(result, result.search.champion, {})
    old = store.details(run_id).model
    champion = dataclasses.replace(result.search.champion, params={"C": 9.0})
    search = dataclasses.replace(result.search, champion=champion, trials=tuple(samples.trial(n) for n in range(7)))
    second = RunLogger(store)
    assert second.begin("t-0001", {"budget_seconds": 20.0}, {}, run_id=run_id) == run_id
    assert (store.runs()[0].state, store.runs()[0].score) == ("running", 0.81)
    second.finish(dataclasses.replace(result, search=search), champion, {})
    details = store.details(run_id)
    assert len(store.runs()) == 1 and details.row.trials == 7 and len(children(store, run_id)) == 7
    assert details.params["budget_seconds"] == "10.0" and details.params["budget_seconds - 2"] == "20.0"
    assert details.params["champion.C - 2"] == "9.0"
    assert details.model != old and store.load_model(run_id).params == {"C": 9.0}


def test_a_run_that_is_gone_is_begun_anew(store: Store) -> None:
    logger = RunLogger(store)
    run_id = logger.begin("t-0001", {}, {}, run_id="0" * 32)
    assert run_id != "0" * 32 and store.runs()[0].run_id == run_id
    store.delete(run_id)
    assert RunLogger(store).begin("t-0001", {}, {}, run_id=run_id) != run_id


def test_a_failed_run_keeps_its_reason_and_closing_twice_is_harmless(store: Store) -> None:
    logger = RunLogger(store)
    logger.fail("before it began")
    logger.begin("t-0001", {}, {})
    logger.fail("There is no column 'x'.")
    logger.stopped("too late")
    assert store.runs()[0].state == "stopped"
    again = RunLogger(store)
    again.begin("t-0002", {}, {})
    again.fail("There is no column 'x'.")
    assert (store.runs()[0].state, store.runs()[0].reason) == ("failed", "There is no column 'x'.")


def test_hostile_names_are_only_names(store: Store) -> None:
    logger = RunLogger(store)
    run_id = logger.begin("t-0001", {"a,b[bold]<x>": "[bold]", "购买频率": "y" * 9000, "": 1}, {"table": "`; DROP"})
    logger.fail("x" * 9000)
    assert store.details(run_id).params["a_b_bold__x_"] == "[bold]"
    assert store.runs(text_filter="drop")[0].run_id == run_id
