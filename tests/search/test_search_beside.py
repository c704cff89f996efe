"""The fits on all rows at the end of a search, made beside each other where there are slots for it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from search_tables import apart

from workbench.budget import Budget
from workbench.events import Events
from workbench.search import search
from workbench.search.blend import ensemble
from workbench.search.champion.blending import Blender
from workbench.search.champion.choosing import Choosing
from workbench.search.champion.ending import Ending
from workbench.search.champion.leaderboard import best_by_family

SPACES = Path(__file__).parent / "spaces"


@pytest.fixture(autouse=True)
def always_blended(monkeypatch):
    """The line is nearly all there is, so that the best model is linear; a blend with forests is hardly better."""
    monkeypatch.setattr(ensemble, "_DOUBT", 1e9)


def run(folder, workers):
    return search(
        apart(slope=2.6),
        budget=Budget.unlimited(),
        events=Events(),
        folder=folder,
        trials=10,
        workers=workers,
        spaces=SPACES,
        families=["linear", "random_forest"],
    )


@pytest.fixture
def log(monkeypatch):
    """What happened in which order; the best single model takes until something happens beside it, or a second."""
    happened, fitted, single = [], threading.Event(), Ending._single
    fit = Blender.fit

    def slow(self, *arguments, **options):
        happened.append("single begins")
        fitted.wait(1.0)
        found = single(self, *arguments, **options)
        happened.append("single ends")
        return found

    def watched(self, choice, **options):
        fresh = [one.family for one, _ in choice.members if self.to_be_fitted(one)]
        done = fit(self, choice, **options)
        if fresh:
            happened.append(f"fitted {' '.join(fresh)}")
            fitted.set()
        return done

    monkeypatch.setattr(Ending, "_single", slow)
    monkeypatch.setattr(Blender, "fit", watched)
    return happened


def families(result):
    return {name.split("(")[1][:-1] for name in result.champion.params}


def test_a_forest_that_a_blend_needs_is_fitted_while_the_best_model_is(tmp_path, log):
    result = run(tmp_path, 2)
    assert families(result) == {"linear", "random_forest"} and result.single is not None
    assert log == ["single begins", "fitted random_forest", "single ends"]


@pytest.mark.parametrize("workers", [0, 1])
def test_it_is_fitted_afterwards_where_there_is_no_room_beside(tmp_path, log, workers):
    assert families(run(tmp_path, workers)) == {"linear", "random_forest"}
    assert log == ["single begins", "single ends", "fitted random_forest"]


def test_the_blend_is_chosen_anew_where_another_stands_in_for_the_best_trial(tmp_path, monkeypatch):
    single, choice, chosen = Ending._single, Choosing.choice, []

    def other(self, best, threads=None):
        (another,) = [one for one in best_by_family(self.engine.records) if one.family != best.family]
        return single(self, another, threads)

    def counted(self, blender):
        chosen.append(blender.coming)
        return choice(self, blender)

    monkeypatch.setattr(Ending, "_single", other)
    monkeypatch.setattr(Choosing, "choice", counted)
    result = run(tmp_path, 2)
    assert len(chosen) == 2 and chosen[-1] is None
    assert families(result) == {"linear", "random_forest"}
