"""Feature blocks in a search: tried beside the first trial of a family, kept where they pay, and explained."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from search_tables import describe

from workbench.budget import Budget
from workbench.contracts import Role, Task, TrialState
from workbench.events import Events
from workbench.explain import explain
from workbench.pipelines import read_space
from workbench.problem.rows import problem_of
from workbench.search import search
from workbench.search.evaluation.metrics import METRICS
from workbench.search.scheduling.features import FeatureBlocks, _Trying
from workbench.search.trials.journal import Journal, identity_of
from workbench.search.trials.records import TIME_UP, Record
from workbench.search.trials.studies import FamilyStudy

SPACES = Path(__file__).parent / "spaces"
PAYS = "lowered the out-of-fold loss by"


def ratios(rows: int = 700, seed: int = 0):
    """What is spent is a share of income over age: no tree sees a ratio at once."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "income": rng.lognormal(3, 0.5, rows),
            "age": rng.uniform(18, 80, rows),
            "other": rng.normal(size=rows),
        }
    )
    frame["spent"] = 10 * frame.income / frame.age + rng.normal(0, 0.2, rows)
    return describe(frame, "spent", Task.REGRESSION)


def nothing(rows: int = 600, seed: int = 0):
    """Each column matters by itself."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({name: rng.normal(size=rows) for name in ("a", "b", "c")})
    frame["target"] = np.where(frame.a > 0, 3.0, 0.0) + rng.normal(0, 1, rows)
    return describe(frame, "target", Task.REGRESSION)


def run(table, folder, trials=16, **options):
    events = options.pop("events", Events())
    options = {"families": ["lightgbm"], "workers": 0, "seed": 0, "spaces": SPACES} | options
    return search(table, budget=Budget.unlimited(), events=events, folder=folder, trials=trials, **options)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return run(ratios(), tmp_path_factory.mktemp("found"))


def tried(result):
    return [trial for trial in result.trials if trial.origin == "features"]


def test_a_block_that_pays_is_kept(found):
    assert [trial.params["blocks"] for trial in tried(found)] == ["arithmetic"]
    assert any(sentence.startswith("lightgbm: arithmetic " + PAYS) for sentence in found.decisions)
    later = [trial for trial in found.trials if trial.number > tried(found)[0].number]
    assert later and all(trial.params["blocks"] == "arithmetic" for trial in later)


def test_its_columns_are_told_by_name(found):
    told = next(sentence for sentence in found.decisions if sentence.startswith("Columns that the search made"))
    assert "income ÷ age" in told


def test_the_trial_with_a_block_has_the_parameters_of_the_one_without(found):
    with_it = tried(found)[0]
    first = next(trial for trial in found.trials if trial.family == "lightgbm")
    assert {**first.params, "blocks": "arithmetic"} == with_it.params


def test_its_columns_are_explained_in_raw_columns(found):
    table = ratios()
    explanation = explain(
        found.single or found.champion, table, budget=Budget.unlimited(), events=Events(), max_rows=60
    )
    assert explanation.columns == ("income", "age", "other")
    assert all(check.passed for check in explanation.checks)
    assert set(explanation.importance["column"].head(2)) == {"income", "age"}


def test_the_champion_takes_raw_rows(found):
    table = ratios(300, seed=5)
    strange = table.frame.copy()
    strange.loc[3, "age"] = 0.0
    strange.loc[4, "income"] = None
    assert np.isfinite(np.asarray(found.champion.predict(strange), dtype=float)).all()


def test_the_same_trials_decide_the_same(found, tmp_path):
    again = run(ratios(), tmp_path)
    assert again.decisions == found.decisions
    assert [trial.fold_scores for trial in again.trials] == [trial.fold_scores for trial in found.trials]


def test_nothing_is_kept_where_nothing_pays(tmp_path):
    result = run(nothing(), tmp_path)
    assert len(tried(result)) == 1
    assert any("no feature block paid out of fold (arithmetic)" in sentence for sentence in result.decisions)
    assert all("blocks" not in trial.params for trial in result.trials if trial.origin != "features")


def test_few_trials_are_not_spent_on_blocks(tmp_path):
    assert not tried(run(ratios(300), tmp_path, trials=8))


def test_a_weak_family_tries_none(tmp_path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({name: rng.uniform(-2, 2, 800) for name in ("a", "b")})
    frame["target"] = 10 * (np.floor(3 * frame.a) % 2) + rng.normal(0, 0.1, 800)
    result = run(describe(frame, "target", Task.REGRESSION), tmp_path, families=["linear", "lightgbm"])
    assert {trial.family for trial in tried(result)} == {"lightgbm"}


@pytest.mark.parametrize("before", [2, 3, 5])
def test_resuming_decides_as_before(found, tmp_path, before):
    class StopAfter(Events):
        def __init__(self):
            self.ended = 0
            super().__init__(self.see)

        def see(self, event):
            if event.kind == "trial" and event.data["state"] not in ("running",) and event.data["number"]:
                self.ended += 1
                if self.ended == before:
                    self.request_stop()

    first = run(ratios(), tmp_path, events=StopAfter())
    assert sum(trial.state is TrialState.DONE for trial in first.trials) >= 2
    rest = run(ratios(), tmp_path, resume=True)
    assert [trial.params["blocks"] for trial in tried(rest)] == ["arithmetic"]
    last = rest.trials[-1]
    assert last.params["blocks"] == "arithmetic"


def reviews(rows: int = 500, telling: bool = True, seed: int = 0):
    """Whether something is recommended is in many words of its review, each of which says little; or in none."""
    rng = np.random.default_rng(seed)
    words = np.array([f"word{number}" for number in range(120)])
    leaning = rng.normal(size=words.size) * telling
    drawn = rng.integers(0, words.size, (rows, 20))
    frame = pd.DataFrame({"review": [" ".join(words[row]) for row in drawn], "age": rng.uniform(20, 70, rows)})
    chance = 1 / (1 + np.exp(-leaning[drawn].sum(axis=1)))
    frame["recommended"] = np.where(rng.uniform(size=rows) < chance, "yes", "no")
    return describe(frame, "recommended", Task.BINARY, {"review": Role.TEXT, "recommended": Role.TARGET})


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    return run(reviews(), tmp_path_factory.mktemp("read"), families=["linear", "lightgbm"])


def test_the_words_of_a_text_are_heard_from_the_first_trial(read):
    first = next(trial for trial in read.trials if trial.origin == "portfolio")
    assert first.params["blocks"] == "text leaning"
    without = tried(read)[0]
    assert "blocks" not in without.params and without.family == first.family
    assert without.fold_scores[0] < first.fold_scores[0]
    later = [trial for trial in read.trials if trial.origin == "sampler"]
    assert all(str(trial.params["blocks"]).startswith("text leaning") for trial in later)


def test_that_they_pay_is_told(read):
    assert any("text leaning lowered the out-of-fold loss by" in told or "was worse without" in told
               for told in read.decisions)  # fmt: skip


def test_words_that_say_nothing_are_dropped_for_all_families(tmp_path):
    result = run(reviews(telling=False), tmp_path, families=["linear", "lightgbm"])
    assert any("text leaning did not pay out of fold" in told for told in result.decisions)
    last = [trial for trial in result.trials if trial.origin == "sampler"][-4:]
    assert all("text leaning" not in str(trial.params.get("blocks", "")) for trial in last)


def test_a_champion_of_words_takes_raw_rows(read):
    table = reviews(200, seed=9)
    chance = read.champion.scores(table.frame)
    assert np.isfinite(np.asarray(chance, dtype=float)).all()
    explanation = explain(read.single or read.champion, table, budget=Budget.unlimited(), events=Events(), max_rows=40)
    assert explanation.importance["column"].iloc[0] == "review"
    assert all(check.passed for check in explanation.checks)


def levels(rows: int = 1_600, seed: int = 0):
    """A category with too many levels for an indicator or a split each."""
    rng = np.random.default_rng(seed)
    effects = rng.normal(0, 2, 150)
    shop = rng.integers(150, size=rows)
    frame = pd.DataFrame({"shop": [f"shop {one}" for one in shop], "age": rng.normal(size=rows)})
    frame["spent"] = effects[shop] + 0.5 * frame.age + rng.normal(0, 0.5, rows)
    return describe(frame, "spent", Task.REGRESSION)


def pairs(rows: int = 1_600, seed: int = 0):
    """What two categories say together, neither says alone."""
    rng = np.random.default_rng(seed)
    one, other = rng.integers(9, size=rows), rng.integers(9, size=rows)
    effects = rng.normal(0, 2, (9, 9))
    effects -= effects.mean(axis=0) + effects.mean(axis=1)[:, None] - effects.mean()
    frame = pd.DataFrame(
        {"plan": [f"p{x}" for x in one], "city": [f"c{x}" for x in other], "age": rng.normal(size=rows)}
    )
    frame["spent"] = effects[one, other] + rng.normal(0, 0.5, rows)
    return describe(frame, "spent", Task.REGRESSION)


def within(rows: int = 1_600, seed: int = 0):
    """What counts is how far somebody is from others in the same city."""
    rng = np.random.default_rng(seed)
    city = rng.integers(40, size=rows)
    income = rng.normal(0, 6, 40)[city] + rng.normal(size=rows)
    frame = pd.DataFrame({"city": [f"c{x}" for x in city], "income": income})
    frame["spent"] = income - pd.Series(income).groupby(city).transform("mean") + rng.normal(0, 0.2, rows)
    return describe(frame, "spent", Task.REGRESSION)


@pytest.mark.parametrize(
    ("made", "family", "block", "column"),
    [
        (levels, "linear", "target encoding", "shop"),
        (pairs, "linear", "crosses", "plan"),
        (within, "lightgbm", "group means", "income"),
    ],
)
def test_each_block_is_kept_where_it_pays(tmp_path, made, family, block, column):
    result = run(made(), tmp_path, trials=48, families=[family])
    kept = next(told for told in result.decisions if told.startswith(f"{family}: ") and PAYS in told)
    assert block in kept.partition(PAYS)[0]
    last = [trial for trial in result.trials if trial.origin == "sampler"][-1]
    assert block in str(last.params["blocks"])
    told = next(one for one in result.decisions if one.startswith("Columns that the search made"))
    assert column in told


def test_a_trial_without_a_given_block_that_was_lost_still_judges_it(tmp_path):
    table, options = reviews(telling=False), {"families": ["linear", "lightgbm"], "spaces": SPACES}
    events = Events()

    def see(event):
        if event.kind == "trial" and event.data["state"] == "running" and "blocks" not in event.data["params"]:
            events.request_stop()

    events.add_listener(see)
    first = run(table, tmp_path, events=events, workers=1, **options)
    assert not any("text leaning" in told and "pay" in told for told in first.decisions)
    rest = run(table, tmp_path, resume=True, **options)
    assert any("text leaning did not pay out of fold" in told for told in rest.decisions)


def test_a_block_that_the_end_cut_short_is_called_unjudged_and_tried_when_the_search_goes_on(tmp_path):
    """Its trial is on record as cut: nobody knows what it is worth."""
    first = run(ratios(), tmp_path, trials=3)
    assert not tried(first)
    journal = Journal(tmp_path, {k: v for k, v in identity_of(tmp_path).items() if k != "version"}, resume=True)
    study = FamilyStudy(journal.storage(), read_space("lightgbm", SPACES), Task.REGRESSION, 700, 0)
    study.restore()
    done = next(one for one in first.trials if one.family == "lightgbm" and one.state is TrialState.DONE)
    study.try_blocks(dict(done.params), "arithmetic", "with arithmetic")
    cut = study.ask(90)
    cut.state, cut.reason = TrialState.CUT, TIME_UP
    study.tell(cut)
    journal.close()
    rest = run(ratios(), tmp_path, resume=True)
    again = [one for one in tried(rest) if one.number != 90]
    assert [one.params["blocks"] for one in again] == ["arithmetic"] and again[0].state is TrialState.DONE
    told = [one for one in rest.decisions if "arithmetic" in one]
    assert any("lowered the out-of-fold loss" in one for one in told)


def test_what_was_cut_short_is_not_told_as_judged():
    """At the end of a search its blocks are decided on, with what there is."""
    said: list[str] = []
    announce = SimpleNamespace(decision=said.append)
    problem = problem_of(ratios())
    blocks = FeatureBlocks(
        {}, ("arithmetic",), problem.target, problem.facts, objective=METRICS["rmse"], baseline_loss=10.0,
        budget=Budget.unlimited(), width=1, trials=None, announce=announce, seed=0,
    )  # fmt: skip
    base = Record(1, "lightgbm", {}, "portfolio", state=TrialState.DONE, losses={0: 1.0})
    for state, words in (
        (TrialState.CUT, "no feature block was judged; not judged, as their trials didn't end: arithmetic"),
        (TrialState.PRUNED, "no feature block paid out of fold (arithmetic); none is used"),
    ):
        blocks._families["lightgbm"] = _Trying(base, {"arithmetic"})
        blocks.learn(Record(2, "lightgbm", {"blocks": "arithmetic"}, "features", state=state, reason=TIME_UP))
        assert words in said[-1]
