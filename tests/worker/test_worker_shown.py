"""Another run is looked at while one is still being asked about: nothing of the one gets into the other."""

from __future__ import annotations

import threading
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from blended_run import ended, looking_at, reopened

from workbench.errors import InputError, StoreError
from workbench.tracking.decisions import name_tag
from workbench.worker import growing
from workbench.worker.dispatch import answer, failure
from workbench.worker.services import effects, fairness, results, runs, segments, trust
from workbench.worker.services.models import explain_model
from workbench.worker.services.results import view
from workbench.worker.session import ElsewhereError
from workbench.worker.shown import Shown


@pytest.fixture
def session(blended, tmp_path, monkeypatch):
    monkeypatch.setattr(growing, "REST", 0.0)
    session = looking_at(reopened(blended), tmp_path)
    yield session
    session.close()


@pytest.fixture
def empty():
    """A look at nothing in particular."""
    return Shown(SimpleNamespace(), None, SimpleNamespace())


def explanation(rows):
    return SimpleNamespace(rows=np.arange(rows))


def test_a_question_about_a_run_that_is_not_looked_at_now_is_told_so(session):
    assert segments.gaps(session.shown()) == []
    before = view(session.shown())["shown"]
    assert answer(session, "explain.model", {"run": before})["run"] == "both"
    session.show(session.shown().result)
    for method, params in (("explain.overview", {}), ("probe.effect", {"column": "age"}), ("segments.gaps", {})):
        with pytest.raises(InputError) as raised:
            answer(session, method, {"run": before, **params})
        told = failure(1, raised.value)
        assert (told.kind, told.message) == ("elsewhere", "Another run is looked at now.")
    assert answer(session, "explain.model", {"run": session.shown().key})["run"] == "both"
    assert answer(session, "explain.overview", {})["run"] == "both"  # whichever is looked at


def test_what_is_computed_of_one_run_is_neither_kept_with_nor_answered_for_another(session, monkeypatch):
    first, begun, gate = session.shown(), threading.Event(), threading.Event()
    explain_model(first)
    ended(first, "explanation", "explained")
    real, asked, told = effects.effect_for, [], []

    def slow(explanation, *args, **kwargs):
        asked.append(explanation)
        begun.set()
        assert gate.wait(30)
        return real(explanation, *args, **kwargs)

    monkeypatch.setattr(effects, "effect_for", slow)
    question = {"column": "visits", "run": first.key}
    thread = threading.Thread(target=lambda: told.append(answer(session, "probe.effect", question)))
    thread.start()
    assert begun.wait(30)
    second = session.show(first.result)
    gate.set()
    thread.join(60)
    explain_model(second)
    answer(session, "probe.effect", {"column": "visits", "run": second.key})
    assert told[0]["column"] == "visits" and len(asked) == 2  # the second run was asked itself
    assert asked[0] is first.explanation("explained") and asked[1] is not asked[0]


def test_work_on_a_run_that_is_left_is_told_as_stopped_and_keeps_nothing_elsewhere(session, monkeypatch):
    begun = threading.Event()

    def endless(*_, events, **__):
        begun.set()
        while True:
            events.check_stop()
            threading.Event().wait(0.002)

    monkeypatch.setattr(trust, "look_into", endless)
    first = session.shown()
    answer(session, "explain.trust_start", {"run": first.key})
    assert begun.wait(30) and [told["state"] for told in session.news.take()] == ["running"]
    second = session.show(first.result)
    last = session.news.take()
    assert [(told["run"], told["kind"], told["state"]) for told in last] == [(first.key, "trust", "stopped")]
    assert answer(session, "explain.trust", {})["work"] is None and second.trust is None
    first.background.start("trust", "explained", first.key, lambda events: pytest.fail("it must not begin"))
    assert [told["state"] for told in session.news.take()] == ["stopped"]


def test_a_deleted_run_is_looked_at_no_more(session, monkeypatch):
    monkeypatch.setattr(runs, "delete_run", lambda store, run_id: None)
    shown = session.shown()
    gate = threading.Event()
    shown.background.start("trust", "explained", shown.key, lambda events: gate.wait(30))
    runs.delete(session, "another")
    assert session.shown() is shown
    runs.delete(session, shown.result.run_id)
    assert shown.background.view("trust", "explained")["state"] == "stopped"
    gate.set()
    assert answer(session, "explain.current", {}) is None
    with pytest.raises(ElsewhereError):  # what grew for it must not end in an error
        answer(session, "explain.overview", {"run": shown.key})
    with pytest.raises(InputError, match="No result yet"):
        answer(session, "explain.overview", {})


def test_an_answer_is_of_its_explanation_and_the_largest_one_stays(empty):
    small, large = explanation(200), explanation(2_000)
    assert empty.answer("x", small, lambda: "of 200") == "of 200"
    assert empty.answer("x", small, lambda: "again") == "of 200"
    assert empty.answer("x", large, lambda: "of 2,000") == "of 2,000"
    assert empty.answer("x", small, lambda: "late") == "late"
    assert empty.answer("x", large, lambda: "again") == "of 2,000"
    assert empty.answer("y", large, lambda: "another question") == "another question"


def test_an_explanation_gives_way_to_larger_ones_only(empty):
    small, large = explanation(200), explanation(600)
    empty.take_explanation("champion", large)
    empty.take_explanation("champion", small)
    assert empty.explanation("champion") is large and empty.explanation("explained") is None


def test_answers_grow_with_the_explanation(session):
    """What was answered of the first 200 rows is not what is answered of all."""
    shown, gate, begin = session.shown(), threading.Event(), session.shown().background.start
    shown.background.start = lambda kind, model, run, work: begin(
        kind, model, run, lambda events: (gate.wait(30), work(events))
    )
    explain_model(shown)
    first = fairness.fairness(shown, "age")
    assert fairness.fairness(shown, "age") is first
    assert len(shown.explanation("explained").rows) <= 200
    gate.set()
    assert ended(shown, "explanation", "explained")["state"] == "done"
    again = fairness.fairness(shown, "age")
    assert again is not first and again is fairness.fairness(shown, "age")


def test_a_decision_on_the_run_that_was_left_is_kept_with_it_and_only_there(session, monkeypatch):
    kept = []
    monkeypatch.setattr(segments.Store, "tag", lambda store, *told: kept.append(told))
    first = session.shown()
    session.show(replace(first.result, run_id=""))
    which = {"index": 0, "segment": 0, "name": "东 [b]"}
    answer(session, "segments.rename", {"run": first.key, **which})
    assert [told[:2] for told in kept] == [(first.result.run_id, "segment.0.0")]
    assert session.shown().result.segmentations[0].segments[0].name == "[b]a"
    assert session.left.result.table.frame.empty  # what is large is not kept with it
    with pytest.raises(ElsewhereError):
        answer(session, "segments.view", {"run": first.key})
    session.leave(first.result.run_id)
    with pytest.raises(ElsewhereError):
        answer(session, "segments.rename", {"run": first.key, **which})
    assert len(kept) == 1


def test_groups_are_compared_once_for_all_classes_and_rows(session, monkeypatch):
    shown, real, made = session.shown(), fairness.compared_groups, []
    monkeypatch.setattr(fairness, "compared_groups", lambda *a, **k: (made.append(1), real(*a, **k))[1])
    explain_model(shown)
    fairness.fairness(shown, "age")
    assert ended(shown, "explanation", "explained")["state"] == "done"
    fairness.fairness(shown, "age")
    assert made == [1]


def test_earlier_decisions_are_in_the_result_as_soon_as_it_is_shown(session, tmp_path, monkeypatch):
    """Also where the store could not be read at first: who asks next tries again."""
    result = session.shown().result
    name, value = name_tag(result, 0, 0, "renamed")
    broken = [StoreError("The store is away.")]

    def details(store, run_id):
        if broken:
            raise broken.pop()
        return SimpleNamespace(row=SimpleNamespace(tags={name: value}))

    monkeypatch.setattr(segments.Store, "details", details)
    session.finished = tmp_path / "result"
    session.finished.write_bytes(b"x")
    monkeypatch.setattr(results.pickle, "load", lambda file: result)
    answer(session, "explain.latest", {})
    assert session.shown().result.segmentations[0].segments[0].name == "[b]a"
    answer(session, "explain.latest", {})
    assert session.shown().result.segmentations[0].segments[0].name == "renamed"
    session.show(result)
    broken.append(StoreError("The store is away."))
    with pytest.raises(StoreError):
        answer(session, "segments.view", {})
    assert answer(session, "segments.view", {})["segments"][0]["name"] == "renamed"
