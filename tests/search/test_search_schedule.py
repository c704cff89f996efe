"""What is begun next: what finds time by learning faster, what is left alone, and what starts take over."""

from __future__ import annotations

import warnings

import numpy as np
import optuna
import pytest

from workbench.budget import Budget
from workbench.contracts import Task, TrialState
from workbench.pipelines import family, read_space
from workbench.pipelines.conditions import under
from workbench.search.blend.standing import Standing
from workbench.search.evaluation.metrics import METRICS
from workbench.search.scheduling.row_steps import RowSteps
from workbench.search.scheduling.schedule import Schedule
from workbench.search.trials.records import Record, Running
from workbench.search.trials.studies import FamilyStudy

ROWS, COLUMNS = 20_000, 20


class Told:
    """Keeps the sentences."""

    def __init__(self) -> None:
        self.decisions: list[str] = []

    def decision(self, sentence: str) -> None:
        self.decisions.append(sentence)

    notice = decision


def study(name: str, conditions: set[str] = frozenset()) -> FamilyStudy:
    space = under(read_space(name), conditions)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return FamilyStudy(optuna.storages.InMemoryStorage(), space, Task.REGRESSION, ROWS, 0)


def portfolio(name: str) -> int:
    return len(under(read_space(name), frozenset()).portfolio(Task.REGRESSION, ROWS))


def schedule(names: tuple[str, ...], seconds: float) -> tuple[Schedule, Told]:
    told, rng = Told(), np.random.default_rng(0)
    made = Schedule(
        studies={name: study(name) for name in names},
        work=lambda name, params: family(name).work(Task.REGRESSION, params, ROWS, COLUMNS, 0),
        folds=5,
        steps=RowSteps(),
        width=1,
        records=[],
        running=[],
        budget=Budget.of(60.0),
        time_left=lambda fit: seconds,
        standing=Standing(rng.normal(size=100), None, METRICS["rmse"], 10.0, 0),
        announce=told,
        seed=0,
        repeatable=False,
    )
    return made, told


def ended(made: Schedule, record: Record, loss: float, state: TrialState = TrialState.DONE) -> None:
    record.state, record.losses, record.seconds = state, {0: loss}, 0.1
    made.records.append(record)
    made.studies[record.family].tell(record)
    made.learn(record)


def test_a_start_without_time_learns_faster():
    made, told = schedule(("lightgbm",), seconds=100.0)
    first = made.propose(1)
    ended(made, first, 1.0)
    following = made.studies["lightgbm"].peek()
    needed = made._expected("lightgbm", made._peeked("lightgbm"))
    made.time_left = lambda fit: needed / 1.3
    record = made.propose(2)
    assert record.start == following.start
    factor = record.params["learning_rate"] / following.params["learning_rate"]
    assert 1.5 <= factor <= 3.0
    assert any(f"'{record.start}' learns {factor:g} times faster" in sentence for sentence in told.decisions)
    assert made._expected("lightgbm", record.work) <= needed / 1.3


def test_what_would_need_more_than_that_is_not_begun():
    made, told = schedule(("lightgbm",), seconds=100.0)
    ended(made, made.propose(1), 1.0)
    made.time_left = lambda fit: 1e-3
    starts = portfolio("lightgbm")
    assert made.propose(2) is None
    assert sum("was not begun" in sentence for sentence in told.decisions) == starts - 1
    assert not any("faster" in sentence for sentence in told.decisions)


def test_a_rate_beyond_its_space_is_not_taken():
    one = study("lightgbm")
    before = dict(one.peek().params)
    assert not one.hasten(1_000.0)
    assert one.peek().params == before


def test_a_family_far_behind_is_left_alone_when_its_starts_are_done():
    made, told = schedule(("linear", "lightgbm"), seconds=1e6)
    made.budget = Budget.of(1e6)
    for number in range(1, 200):
        record = made.propose(number)
        ended(made, record, 9.0 if record.family == "linear" else 1.0 + number / 1_000)
    linear = [record for record in made.records if record.family == "linear"]
    assert len(linear) == max(portfolio("linear"), 8)
    assert sum("the time goes to the other families" in sentence for sentence in told.decisions) == 1


def test_a_family_near_enough_to_be_blended_is_not():
    made, told = schedule(("linear", "lightgbm"), seconds=1e6)
    made.budget = Budget.of(1e6)
    for number in range(1, 120):
        record = made.propose(number)
        ended(made, record, 2.0 if record.family == "linear" else 1.0 + number / 1_000)
    assert sum(record.family == "linear" for record in made.records[60:]) > 0
    assert not any("the time goes to the other families" in sentence for sentence in told.decisions)


@pytest.mark.parametrize("state", [TrialState.DONE, TrialState.PRUNED])
def test_starts_take_over_what_they_leave_open_from_the_best_trial(state):
    one = study("lightgbm", {"amounts", "squared"})
    records = [one.ask(number) for number in (1, 2)]
    assert [record.start for record in records] == ["first", "logarithm of the mean"]
    for record, loss in zip(records, (2.0, 1.0), strict=True):
        record.state, record.losses = TrialState.DONE if record.start == "first" else state, {0: loss}
        one.tell(record)
    rest = []
    while one.peek().origin == "portfolio":
        rest.append(one.ask(3 + len(rest)))
    objectives = {record.start: record.params["objective"] for record in rest}
    assert objectives["larger trees"] == ("poisson" if state is TrialState.DONE else "regression")
    # a start that names one of these parameters means what it says
    named = under(read_space("lightgbm"), {"amounts", "squared"}).starts
    assert all(objectives.get(start.name, "") in ("", start.params["objective"]) for start in named if not start.open)


def test_feature_blocks_of_the_leading_family_come_first_and_those_of_others_when_their_family_has_its_turn():
    made, _ = schedule(("linear", "lightgbm"), seconds=1e6)
    made.budget = Budget.of(1e6)
    for number in (1, 2):
        record = made.propose(number)
        ended(made, record, 9.0 if record.family == "linear" else 1.0)
    for one in made.studies.values():
        one.try_blocks(one.peek().params, "arithmetic", "with arithmetic")
    assert made._candidates()[0] == "lightgbm"
    third = made.propose(3)
    assert (third.family, third.origin) == ("lightgbm", "features")
    ended(made, third, 1.0)
    # a family that has cost much and added nothing waits
    for _ in range(3):
        made._chooser.learn(made.records[0], 1e4, 0.0)
    assert [made._candidates()[0] for _ in range(20)].count("lightgbm") > 10


def test_a_family_whose_trials_add_to_the_blend_comes_more_often_than_one_whose_do_not():
    """From a trial's end to the draw: the seconds that it took and what the blend gained by it."""
    made, _ = schedule(("linear", "lightgbm"), seconds=1e6)
    rng = np.random.default_rng(3)
    truth = np.random.default_rng(0).normal(size=100)
    drawn = []
    for number in range(1, 80):
        record = made.propose(number)
        # each boosted trial errs in its own way, so that it adds; the linear ones all say the same
        noise = rng.normal(size=truth.size) if record.family == "lightgbm" else np.ones(truth.size)
        record.prediction = truth + noise
        ended(made, record, float(np.sqrt(np.mean(noise**2))))
        if record.origin == "sampler":
            drawn.append(record.family)
    # later on the twentieth of its kind adds hardly anything, either
    assert drawn[:16].count("lightgbm") > 2 * drawn[:16].count("linear")


def test_a_family_whose_trials_all_fail_is_left():
    made, told = schedule(("linear", "lightgbm"), seconds=1e6)
    for number in range(1, 40):
        record = made.propose(number)
        failed = record.family == "linear"
        ended(made, record, np.inf if failed else 1.0, TrialState.FAILED if failed else TrialState.DONE)
    assert sum(record.family == "linear" for record in made.records) == 3
    assert any("linear: 3 trials failed" in sentence for sentence in told.decisions)


def test_what_is_too_much_for_the_time_left_is_not_drawn_again_at_once():
    made, _ = schedule(("linear",), 1e-6)
    now = [0.0]
    made.budget = Budget.of(60.0, clock=lambda: now[0])
    first = made.studies["linear"].ask(1)
    ended(made, first, 1.0)
    while made.studies["linear"].peek().origin != "sampler":
        made.studies["linear"].drop()
    made.running.append(Running(made.studies["linear"].ask(2), [1]))

    def drawn() -> int:
        return len(made.studies["linear"]._study.trials)

    before = drawn()
    assert made.propose(3) is None
    once = drawn()
    assert made.propose(3) is None and drawn() == once > before
    made.look_again()  # a fit has ended
    assert made.propose(3) is None and drawn() > once
    twice = drawn()
    now[0] = 2.0
    assert made.propose(3) is None and drawn() > twice
