"""Heavy members of a blend: the fitted champion is used as it is, and held to fewer trees where it is too large."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from search_tables import small

from workbench.budget import Budget
from workbench.contracts import Task
from workbench.pipelines import Preparer
from workbench.pipelines.row_facts import NO_FACTS
from workbench.problem.rows import problem_of
from workbench.search.champion import blending, ending
from workbench.search.champion.blending import as_member, member_params, use_seconds
from workbench.search.champion.ending import Ending
from workbench.search.champion.refit import refit
from workbench.search.champion.reserve import Reserve
from workbench.search.trials.records import Record

PARAMS = {"kind": "random", "trees": 60, "max_features": 0.5, "min_samples_leaf": 2, "max_depth": 20}


@pytest.fixture(params=[Task.REGRESSION, Task.BINARY, Task.MULTICLASS])
def fitted(request):
    problem = problem_of(small(request.param, 200))
    preparer = Preparer(problem.columns).fit(problem.frame)
    prepared = preparer.transform(problem.frame)
    record = Record(1, "random_forest", PARAMS, "portfolio")
    model, _ = refit(problem, preparer, prepared, record, budget=None, seed=0)
    return problem, prepared, model, record


def said(model, problem):
    frame = problem.frame
    return model.pipeline.predict_proba(frame) if problem.classes else model.pipeline.predict(frame)


BOOSTED = {"learning_rate": 0.1, "num_leaves": 7, "min_data_in_leaf": 5, "rounds": 30}


@pytest.mark.parametrize("boosted", [False, True])
def test_the_champion_is_a_member_as_it_is(fitted, boosted):
    problem, prepared, model, record = fitted
    if boosted:
        # where trials are judged on one hold-out there are no models of folds
        record = Record(1, "lightgbm", BOOSTED, "portfolio", rounds=[20])
        preparer = Preparer(problem.columns).fit(problem.frame)
        model, _ = refit(problem, preparer, prepared, record, budget=None, seed=0)
    before = said(model, problem)
    member = as_member(problem, model, record)
    np.testing.assert_allclose(member.predict(prepared), before)
    # and it says its own labels still
    np.testing.assert_array_equal(said(model, problem), before)
    if problem.classes:
        assert list(model.pipeline.classes_) == list(problem.classes)


@pytest.mark.parametrize(
    ("left", "use", "members"),
    [(7.0, 0.0, [1, 2, 3]), (5.5, 0.0, [1, 2, 3]), (4.5, 0.0, [1, 2]), (2.0, 0.0, [1]), (5.5, 2.0, [1])],
)
def test_no_more_members_are_chosen_than_can_be_fitted_and_used_in_time(monkeypatch, left, use, members):
    records = [Record(number, "lightgbm", {}, "sampler") for number in (1, 2, 3)]

    def choose(records, *_args, usable, **_options):
        return SimpleNamespace(members=[(one, 1.0) for one in records if usable(one)])

    monkeypatch.setattr(ending, "choose", choose)
    monkeypatch.setattr(Reserve, "refit_seconds", lambda self, record: 3.0)
    monkeypatch.setattr(Reserve, "after_fits", lambda self: 1.0)
    setting = SimpleNamespace(
        budget=Budget.of(left + 1.0, clock=lambda: 0.0),
        problem=SimpleNamespace(target=None, facts=NO_FACTS, classes=()),
        held_out=100,
        objective=None,
        baseline=SimpleNamespace(loss=1.0),
        seed=0,
        plan=SimpleNamespace(folds=(None,)),
    )
    engine = SimpleNamespace(records=records, stopped=False, slots=SimpleNamespace(width=1))
    monkeypatch.setattr(Reserve, "choice_seconds", lambda self, candidates: 0.5)
    blender = SimpleNamespace(
        usable=lambda record, seconds, spare: record.number == 1 or seconds < spare,
        to_be_fitted=lambda record: record.number != 1,
        use_seconds=lambda record: use,
    )
    choice = Ending(setting, engine, None)._choice(blender, records[0])
    assert [one.number for one, _ in choice.members] == members


def test_none_are_chosen_without_time_to_choose(monkeypatch):
    monkeypatch.setattr(ending, "choose", lambda *_args, **_options: pytest.fail("there was no time"))
    monkeypatch.setattr(Reserve, "choice_seconds", lambda self, candidates: 6.0)
    monkeypatch.setattr(Reserve, "after_fits", lambda self: 1.0)
    told = []
    setting = SimpleNamespace(budget=Budget.of(3.5, clock=lambda: 0.0), announce=SimpleNamespace(decision=told.append))
    engine = SimpleNamespace(records=[], stopped=False)
    assert Ending(setting, engine, None)._choice(None, None) is None
    assert "no time to choose" in told[0]


def test_a_member_of_many_trees_takes_time_to_keep_and_to_ask():
    problem = problem_of(small(Task.REGRESSION, 200))
    few, many = (Record(1, "lightgbm", BOOSTED, "portfolio", rounds=[rounds]) for rounds in (30, 3_000))
    assert 50 * use_seconds(problem, few, 5) < use_seconds(problem, many, 5)
    assert use_seconds(problem, many, 5) == pytest.approx(5 * use_seconds(problem, many, 1))
    larger = problem_of(small(Task.REGRESSION, 20_000))
    assert use_seconds(larger, many, 5) > use_seconds(problem, many, 5)
    assert use_seconds(problem, Record(2, "linear", {}, "portfolio"), 5) == 0


def test_a_large_one_keeps_its_first_trees(fitted, monkeypatch):
    problem, prepared, model, record = fitted
    whole = blending.family("random_forest").size(PARAMS, len(problem), len(problem.classes))
    monkeypatch.setattr(blending, "LARGEST_MEMBER", 0.9 * whole)
    member = as_member(problem, model, record)
    assert len(member.estimator.estimators_) == 54 and len(model.pipeline[-1].estimators_) == 60
    assert member_params(problem, record)["trees"] == 54
    assert np.isfinite(member.predict(prepared)).all()


def test_one_that_would_have_too_few_trees_is_none(fitted, monkeypatch):
    problem, _, model, record = fitted
    monkeypatch.setattr(blending, "LARGEST_MEMBER", 10.0)
    assert as_member(problem, model, record) is None
    assert member_params(problem, record) is None
