"""Which parameters mattered: those that did are found, and noise is called noise."""

from __future__ import annotations

import numpy as np
import optuna
import pytest
from search_tables import small
from test_search_run import run

from workbench.budget import Budget
from workbench.contracts import Influence, Task
from workbench.search.insight.influence import influence, influence_in
from workbench.search.insight.influence_text import influence_sentence


@pytest.fixture(autouse=True)
def quiet():
    optuna.logging.set_verbosity(optuna.logging.WARNING)


def trials(number, loss, seed=0):
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=seed))
    generator = np.random.default_rng(seed)
    for _ in range(number):
        trial = study.ask()
        x, y = trial.suggest_float("x", 0, 1), trial.suggest_float("y", 1e-4, 1, log=True)
        trial.suggest_int("k", 2, 50)
        trial.suggest_categorical("c", ["a", "b"])
        study.tell(trial, loss(x, y, generator))
    return study.trials


def bowl(x, _y, generator):
    return (x - 0.7) ** 2 + 0.02 * generator.normal()


def noise(_x, _y, generator):
    return generator.normal()


def test_the_parameter_that_decides_is_found():
    found = [influence({"f": trials(40, bowl, seed)}, Budget.of(60), seed)[0] for seed in range(8)]
    assert sum(one.shares[0][0] == "x" and one.shares[0][2] for one in found) >= 7
    assert all(sum(share for _, share, _ in one.shares) == pytest.approx(1) for one in found)
    assert influence_sentence(found[0]).startswith("f (40 trials): x ")


def test_noise_is_called_noise():
    found = [influence({"f": trials(20, noise, seed)}, Budget.of(60), seed)[0] for seed in range(20)]
    certain = [certain for one in found for _, _, certain in one.shares]
    assert np.mean(certain) < 0.12, "5 % of 80 are meant"


def test_what_cannot_be_said_is_said_why():
    def why(made, budget=60.0):
        (one,) = influence({"f": made}, Budget.of(budget), 0)
        assert one.shares == ()
        return one.reason

    assert why(trials(9, bowl)) == "only 9 trials were finished and 10 are needed"
    assert why(trials(12, lambda *_: 1.0)) == "all its trials were equally good"
    assert why(trials(12, bowl), 0.001) == "no time was left to find out"
    assert influence_sentence(Influence("f", 1, (), "none of its parameters varied")) == (
        "f: which parameters matter can't be said, none of its parameters varied."
    )


def test_a_journal_tells_and_is_left_as_it_is(tmp_path):
    result = run(small(Task.BINARY, 120), tmp_path, trials=14, families=["linear"])
    before = result.journal.read_bytes()
    (one,) = influence_in(result.journal, Budget.of(60), 0)
    assert one.family == "linear" and one.trials >= 10 and one.shares
    assert influence_in(result.journal, Budget.of(60), 0) == (one,)
    assert result.journal.read_bytes() == before
    assert influence_in(result.journal, Budget.of(0.1), 0) == ()
    assert [path.name for path in tmp_path.glob("studies*")] == ["studies.journal"], "nothing is left beside it"
