"""Whole searches on small tables, in this process unless processes are what is tested."""

from __future__ import annotations

import contextlib
from pathlib import Path

import cloudpickle
import numpy as np
import pandas as pd
import pytest
from search_tables import describe, small
from sklearn.pipeline import Pipeline

from workbench.budget import Budget
from workbench.contracts import Role, Task, TrialState
from workbench.errors import InputError, Stopped
from workbench.events import Events
from workbench.pipelines import family
from workbench.search import search

SPACES = Path(__file__).parent / "spaces"
"""Forests and boosters of a few trees."""


def run(table, folder, *, trials=4, events=None, budget=None, **options):
    options.setdefault("workers", 0)
    options.setdefault("spaces", SPACES)
    return search(
        table, budget=budget or Budget.unlimited(), events=events or Events(), folder=folder, trials=trials, **options
    )


@pytest.mark.parametrize("task", [Task.BINARY, Task.MULTICLASS, Task.REGRESSION])
def test_result_holds_what_the_contract_says(task, tmp_path):
    table = small(task)
    result = run(table, tmp_path, trials=5)
    assert result.metric == {"binary": "roc_auc", "multiclass": "log_loss", "regression": "rmse"}[task.value]
    assert isinstance(result.champion.pipeline, Pipeline)
    families = {row.family for row in result.leaderboard}
    assert families - {"ensemble"} == {"baseline", "linear", "random_forest", "lightgbm"}
    assert ("ensemble" in families) == (result.single is not None)
    assert result.leaderboard[0].family == result.champion.family
    for row in (*result.leaderboard, result.baseline):
        assert row.score.low <= row.score.value <= row.score.high
    assert result.champion_score.low <= result.champion_score.value <= result.champion_score.high
    assert result.against_baseline.low > 0
    assert result.trials[0].origin == "baseline"
    assert sum(trial.state is TrialState.DONE for trial in result.trials) >= 4
    assert np.isfinite(result.out_of_fold).all()
    assert len(result.curve) >= 1
    assert result.decisions
    strange = table.frame.drop(columns="target").assign(**{"[bold]city": "unseen"})
    strange.loc[0, "消费金额"] = np.inf
    predicted = result.champion.predict(strange)
    assert np.isfinite(predicted.to_numpy()).all()
    copy = cloudpickle.loads(cloudpickle.dumps(result.champion))
    pd.testing.assert_frame_equal(copy.predict(strange), predicted)


def apart(rows=400, seed=4):
    """A line and steps: no family tells both, so that a blend is better than any."""
    generator = np.random.default_rng(seed)
    line, step = generator.normal(size=rows), generator.normal(size=(rows, 3))
    target = 2 * line + (step[:, 0] * step[:, 1] > 0) * 1.5 + (step[:, 2] > 0.5) + generator.normal(0, 0.8, rows)
    frame = pd.DataFrame({"line": line, "a": step[:, 0], "b": step[:, 1], "c": step[:, 2], "target": target})
    return describe(frame, "target", Task.REGRESSION)


@pytest.mark.parametrize("workers", [0, 1])
def test_a_blend_is_the_champion_where_it_is_better_and_says_what_its_parts_say(tmp_path, workers):
    table = apart()
    result = run(table, tmp_path, trials=10, workers=workers)
    assert result.champion.family == "ensemble" and result.single is not None
    assert result.single_score is not None and result.price is not None
    assert result.champion_score.value < result.single_score.value
    assert result.price.low <= result.price.value <= result.price.high
    assert result.price.value == pytest.approx(result.single_score.value - result.champion_score.value)
    fresh = apart(20_000, seed=5).frame
    off = [one.predict(fresh)["prediction"] - fresh["target"] for one in (result.single, result.champion)]
    single, blend = (float(np.sqrt(np.mean(one**2))) for one in off)
    assert result.price.low <= single - blend <= result.price.high
    assert result.leaderboard[0].family == "ensemble" and not result.leaderboard[0].explainable
    assert len(result.champion.params) >= 2 and sum(result.champion.params.values()) == pytest.approx(1, abs=1e-3)
    # on the rows that it was made from, the model lies nearer than its honest out-of-fold predictions, and near them
    said = result.champion.predict(table.frame)["prediction"].to_numpy()
    truth = table.frame["target"].to_numpy()
    assert np.sqrt(np.mean((said - truth) ** 2)) < result.champion_score.value
    assert np.corrcoef(said, result.out_of_fold)[0, 1] > 0.9
    copy = cloudpickle.loads(cloudpickle.dumps(result.champion))
    pd.testing.assert_frame_equal(copy.predict(table.frame), result.champion.predict(table.frame))
    assert any(sentence.startswith("The ensemble:") for sentence in result.decisions)


@pytest.mark.parametrize("metric", ["accuracy", "f1", "brier", "average_precision", "balanced_accuracy", "log_loss"])
def test_binary_metrics(metric, tmp_path):
    result = run(small(Task.BINARY, 120), tmp_path, trials=1, families=["linear"], metric=metric)
    assert result.metric == metric
    assert result.leaderboard[0].score.metric == metric
    assert np.isfinite(result.champion_score.value)


@pytest.mark.parametrize("metric", ["mae", "r2"])
def test_regression_metrics(metric, tmp_path):
    result = run(small(Task.REGRESSION, 120), tmp_path, trials=1, families=["lightgbm"], metric=metric)
    assert result.metric == metric
    assert result.greater_is_better is (metric == "r2")


def test_resume_keeps_trials_and_goes_on(tmp_path):
    table = small(Task.BINARY)
    first = run(table, tmp_path, trials=4)
    second = run(table, tmp_path, trials=3, resume=True)
    assert [t.params for t in second.trials[: len(first.trials)]] == [t.params for t in first.trials]
    assert len(second.trials) == len(first.trials) + 3
    assert [t.number for t in second.trials] == list(range(len(second.trials)))
    starts = [t for t in second.trials if t.origin == "portfolio"]
    assert len({(t.family, str(t.params)) for t in starts}) == len(starts)


def test_resume_after_a_kill_in_the_middle_of_a_write(tmp_path):
    table = small(Task.BINARY)
    first = run(table, tmp_path, trials=4)
    journal = tmp_path / "studies.journal"
    lines = journal.read_bytes().splitlines(keepends=True)
    # the end of the last trial was being written
    ends = [place for place, line in enumerate(lines) if b'"state":"done"' in line or b'"state":"pruned"' in line]
    journal.write_bytes(b"".join(lines[: ends[-1]]) + lines[ends[-1]][:40])
    second = run(table, tmp_path, trials=2, resume=True)
    assert any(t.origin == "resumed" for t in second.trials)
    lost = first.trials[-1]
    assert any(t.origin == "resumed" and t.params == lost.params for t in second.trials)


def _ended(content):
    """The whole lines of a journal that say how a trial ended, without blanks."""
    lines = content.decode("utf-8", "ignore").splitlines()[:-1]
    return "\n".join(line.replace(" ", "") for line in lines if '"state":"done"' in line.replace(" ", ""))


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.8, 0.97])
def test_resume_from_any_prefix_of_the_journal(tmp_path, keep):
    table = small(Task.BINARY, 100)
    first = run(table, tmp_path, trials=8)
    journal = tmp_path / "studies.journal"
    content = journal.read_bytes()
    journal.write_bytes(content[: int(keep * len(content))])
    # what is on record as finished before the cut is there after it, the same
    finished = {
        one.number: one
        for one in first.trials
        if one.origin == "baseline" or f'"number":{one.number},' in _ended(content[: int(keep * len(content))])
    }
    begun = sum(one.origin != "baseline" for one in finished.values())
    result = run(table, tmp_path, trials=begun + 2, resume=True)
    after = {one.number: one for one in result.trials}
    assert len(finished) > (keep > 0.4)
    assert all(after[number].fold_scores == one.fold_scores for number, one in finished.items())
    assert all(after[number].params == one.params for number, one in finished.items())
    assert len(result.trials) >= len(finished) + 2


def test_resume_refuses_other_data_or_settings(tmp_path):
    run(small(Task.BINARY), tmp_path, trials=1)
    with pytest.raises(InputError, match="metric"):
        run(small(Task.BINARY), tmp_path, trials=1, resume=True, metric="log_loss")
    with pytest.raises(InputError, match="can't be resumed"):
        run(small(Task.BINARY, 150), tmp_path, trials=1, resume=True)


def test_a_folder_has_one_writer(tmp_path):
    table = small(Task.BINARY, 100)
    events = Events()
    caught = []

    def second(event):
        if event.kind == "trial" and event.data["number"] == 1 and not caught:
            try:
                run(table, tmp_path, trials=1)
            except InputError as error:
                caught.append(str(error))

    events.add_listener(second)
    run(table, tmp_path, trials=1, events=events)
    assert "Another search" in caught[0]


def test_stop_keeps_what_is_finished(tmp_path):
    table = small(Task.BINARY)
    events = Events()
    events.add_listener(lambda e: events.request_stop() if e.data.get("state") == "done" and e.data["number"] else None)
    result = run(table, tmp_path, trials=20, events=events)
    assert result.stopped
    assert result.champion.family != "baseline"
    again = run(table, tmp_path, trials=1, resume=True)
    assert not again.stopped
    assert len(again.trials) > len([t for t in result.trials if t.state is TrialState.DONE])


def test_stop_before_anything_is_finished(tmp_path):
    events = Events()
    events.add_listener(lambda e: events.request_stop() if e.data.get("state") == "running" else None)
    with pytest.raises(Stopped):
        run(small(Task.BINARY), tmp_path, trials=5, events=events, workers=1)
    result = run(small(Task.BINARY), tmp_path, trials=3, resume=True)
    assert any(trial.origin == "resumed" for trial in result.trials)


def test_pause_begins_nothing_new(tmp_path):
    import threading

    events = Events()
    begun = []

    def listen(event):
        if event.kind == "trial" and event.data["state"] == "running":
            begun.append(event.data["number"])
            if len(begun) == 1:
                events.pause()
                threading.Timer(0.6, events.resume).start()

    events.add_listener(listen)
    result = run(small(Task.BINARY, 100), tmp_path, trials=3, events=events)
    assert len(begun) == 3
    assert not result.stopped


def test_no_time_at_all_gives_the_baseline_and_says_so(tmp_path):
    events = Events()
    table = small(Task.MULTICLASS)
    result = run(table, tmp_path, trials=None, budget=Budget.of(0.05), events=events)
    assert result.champion.family == "baseline"
    assert any("baseline is the champion" in event.message for event in events.notices)
    shares = result.champion.predict(table.frame.drop(columns="target"))
    np.testing.assert_allclose(
        shares.iloc[0], table.frame["target"].value_counts(normalize=True).sort_index(), atol=1e-6
    )
    assert result.against_baseline.value == 0


def test_a_short_budget_is_kept_and_used(tmp_path):
    """The figures come before the end of the budget; what was measured is only looked at through the budget."""
    budget = Budget.of(6.0)
    result = run(small(Task.REGRESSION), tmp_path, trials=None, budget=budget, workers=2)
    assert result.champion.family != "baseline"
    assert not budget.expired


def test_killed_workers_fail_their_trial_and_no_other(tmp_path):
    import psutil

    events = Events()
    killed = []

    def kill(event):
        if event.kind == "trial" and event.data["state"] == "done" and event.data["number"] and not killed:
            for process in psutil.Process().children(recursive=True):
                # one of another test that nobody has cleared away yet has no command line
                with contextlib.suppress(psutil.ZombieProcess):
                    command = " ".join(process.cmdline())
                    if "resource_tracker" not in command and process.ppid() != psutil.Process().pid:
                        process.kill()
                        killed.append(process.pid)

    events.add_listener(kill)
    result = run(small(Task.BINARY), tmp_path, trials=6, events=events, workers=2)
    assert killed
    states = [trial.state for trial in result.trials]
    assert states.count(TrialState.DONE) >= 3
    for trial in result.trials:
        if trial.state is TrialState.FAILED:
            assert "worker process ended" in trial.reason


def test_a_failing_family_is_told_and_others_go_on(tmp_path, monkeypatch):
    from workbench.pipelines import family

    def broken(*_args, **_kwargs):
        raise ValueError("no such luck\nsecond line")

    monkeypatch.setattr(family("lightgbm"), "fit_fold", broken)
    result = run(small(Task.BINARY, 100), tmp_path, trials=4)
    failed = [trial for trial in result.trials if trial.state is TrialState.FAILED]
    assert failed
    assert all(trial.reason == "ValueError: no such luck" for trial in failed)
    assert result.explained.family in ("linear", "random_forest")


def test_if_everything_fails_the_baseline_stands_in(tmp_path, monkeypatch):
    from workbench.pipelines import family

    def broken(*_args, **_kwargs):
        raise MemoryError

    monkeypatch.setattr(family("linear"), "fit_fold", broken)
    result = run(small(Task.BINARY, 100), tmp_path, trials=2, families=["linear"])
    assert result.champion.family == "baseline"


def test_events_carry_what_faces_show(tmp_path):
    seen = []
    run(small(Task.BINARY, 100), tmp_path, trials=3, events=Events(seen.append))
    ends = [event for event in seen if event.kind == "trial" and event.data["state"] != "running"]
    for event in ends:
        assert {"number", "family", "state", "score", "fold_scores", "seconds", "params", "reason", "baseline"} <= set(
            event.data
        )
        assert event.data["baseline"] == pytest.approx(0.5)
    assert any(event.kind == "best" for event in seen)
    assert any(event.kind == "progress" for event in seen)


def test_weights_and_groups_and_time(tmp_path):
    table = small(Task.BINARY, 240)
    frame = table.frame.assign(
        w=np.where(np.arange(240) % 7 == 0, 0.0, 1.0 + np.arange(240) % 3),
        who=np.arange(240) // 4,
        when=pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(240), "D"),
    )
    weighted = describe(frame.drop(columns=["who", "when"]), "target", Task.BINARY, {"w": Role.WEIGHT})
    result = run(weighted, tmp_path / "w", trials=3)
    assert np.isnan(result.out_of_fold[0]).all()
    assert "w" not in result.champion.columns
    grouped = describe(frame.drop(columns=["w", "when"]), "target", Task.BINARY, {"who": Role.GROUP})
    assert run(grouped, tmp_path / "g", trials=2).resampling.kind == "group"
    ordered = describe(
        frame.drop(columns=["w", "who"]),
        "target",
        Task.BINARY,
        {"when": Role.DATE},
        when="orders the rows in time, as you said",
    )
    result = run(ordered, tmp_path / "t", trials=2)
    assert result.resampling.kind == "time"
    assert np.isnan(result.out_of_fold[:100]).all()
    assert np.isfinite(result.out_of_fold[130:]).all()


@pytest.mark.parametrize("named", ["hist_gradient_boosting,ebm", "catboost,xgboost"])
@pytest.mark.parametrize("task", [Task.BINARY, Task.REGRESSION])
def test_families_that_are_named_are_searched_as_the_others_are(tmp_path, task, named):
    """Those that are no default: each has trials that end, stands on the leaderboard, and predicts."""
    wanted = [name for name in named.split(",") if not family(name).missing]
    if not wanted:
        pytest.skip(f"{named} are not installed")
    table = small(task)
    result = search(
        table, budget=Budget.unlimited(), events=Events(), folder=tmp_path, trials=4, workers=0, families=wanted
    )
    assert {one.family for one in result.leaderboard} >= {*wanted, "baseline"}
    assert {one.family for one in result.trials if one.state is TrialState.DONE} == {*wanted, "baseline"}
    assert result.against_baseline.low > 0
    assert result.explained.family in wanted
    assert len(result.champion.predict(table.frame)) == len(table.frame)
