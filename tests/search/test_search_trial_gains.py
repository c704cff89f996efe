"""Whether a trial is better than another one: the same losses say less where rows belong together."""

from __future__ import annotations

import numpy as np

from workbench.contracts import TrialState
from workbench.pipelines.row_facts import NO_FACTS, RowFacts
from workbench.search.evaluation.metrics import METRICS
from workbench.search.scheduling.trial_gains import TrialGains
from workbench.search.trials.records import Record


def trial(number: int, prediction: np.ndarray) -> Record:
    return Record(number, "linear", {}, "portfolio", state=TrialState.DONE, losses={0: 1.0}, prediction=prediction)


def test_a_gain_within_few_groups_is_less_certain_than_one_among_as_many_rows():
    """Each group of fifty rows is off by one and the same amount: twenty observations and not a thousand."""
    rng = np.random.default_rng(4)
    of = np.repeat(np.arange(20), 50)
    truth = np.zeros(1_000)
    one, other = (trial(number, rng.normal(1.0, 0.3, 20)[of]) for number in (1, 2))
    alone = TrialGains(truth, NO_FACTS, METRICS["rmse"], 0).of(one, other)
    together = TrialGains(truth, RowFacts(None, of), METRICS["rmse"], 0).of(one, other)
    assert together.error > 2 * alone.error
    none = TrialGains(truth, RowFacts(None, of), METRICS["rmse"], 0).of(one, trial(3, truth + np.nan))
    assert not none.certain


def test_three_groups_are_three_parts_and_one_is_none():
    rng = np.random.default_rng(5)
    truth = rng.normal(size=300)
    one, other = trial(1, truth + 0.1 * rng.normal(size=300)), trial(2, truth + rng.normal(size=300))
    for groups in (np.arange(300) % 3, np.zeros(300, dtype=int)):
        gain = TrialGains(truth, RowFacts(None, groups), METRICS["rmse"], 0).of(one, other)
        assert gain.certain and gain.mean > 0.5
