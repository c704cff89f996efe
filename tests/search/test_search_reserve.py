"""What the end of a search will take: by metric, by trial, and never less for more to do."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from workbench.contracts import TrialState
from workbench.search.champion.reserve import Reserve
from workbench.search.evaluation import scoring
from workbench.search.evaluation.metrics import METRICS
from workbench.search.trials.records import Record


def trial(number: int, family: str, seconds: float, **params: object) -> Record:
    record = Record(number, family, params, "sampler")
    record.state, record.losses, record.seconds = TrialState.DONE, dict.fromkeys(range(5), 1.0), 5 * seconds
    return record


def reserve(*done: Record, expanding: dict[str, float] | None = None) -> Reserve:
    return Reserve(SimpleNamespace(grown=1.25), SimpleNamespace(done=list(done), expanding=expanding or {}))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", METRICS)
def test_figures_take_longer_with_more_rows_draws_and_figures(name):
    metric = METRICS[name]
    few = scoring.forecast_seconds(1_000, 60, {metric: 5}, 3)
    assert few < scoring.forecast_seconds(20_000, 60, {metric: 5}, 3)
    assert few < scoring.forecast_seconds(1_000, 400, {metric: 5}, 3)
    assert few < scoring.forecast_seconds(1_000, 60, {metric: 20}, 3)


def test_rankings_take_longer_than_means_and_once_more_for_each_of_several_classes():
    mean, ranking = METRICS["log_loss"], METRICS["roc_auc"]
    assert ranking.seconds(1_000_000, 2) > mean.seconds(1_000_000, 2)
    assert ranking.seconds(1_000_000, 5) == pytest.approx(5 * ranking.seconds(1_000_000, 2))
    assert mean.seconds(1_000_000, 5) == mean.seconds(1_000_000, 2)


@pytest.mark.parametrize("family", ["random_forest", "lightgbm"])
def test_a_fit_of_trees_is_forecast_by_its_own_trial(family):
    small, large = trial(1, family, 0.5), trial(2, family, 20.0)
    assert reserve(small, large).refit_seconds(small) == reserve(small).refit_seconds(small) < 2.0
    assert reserve(small, large).refit_seconds(large) > 20.0
    assert reserve(small).refit_seconds(trial(3, family, 0.5, blocks="crosses")) > reserve(small).refit_seconds(small)


def test_a_linear_fit_is_forecast_by_the_slowest_of_its_family_whose_encoding_was_not_there_yet():
    first, later = trial(1, "linear", 3.0), trial(2, "linear", 0.1)
    assert reserve(first, later).refit_seconds(later) == reserve(first).refit_seconds(first) > 3.0


def test_feature_blocks_take_on_all_rows_what_they_took_on_a_fold():
    with_texts = trial(1, "lightgbm", 0.5, blocks="text leaning")
    plain = reserve().refit_seconds(trial(2, "lightgbm", 0.5))
    known = reserve(expanding={"text leaning": 8.0, "crosses": 99.0})
    assert known.refit_seconds(with_texts) == pytest.approx(plain + 1.25 * 8.0)
    assert plain < reserve(expanding={"crosses": 99.0}).refit_seconds(with_texts) < plain + 2.0
