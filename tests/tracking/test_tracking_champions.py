"""Both champions are on record: the blend that predicts, the single model that explanations are of, and its price."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import tracking_samples as samples
from sklearn.linear_model import LogisticRegression

from workbench import contracts as c
from workbench.tracking import RunLogger, Store


@pytest.fixture
def both(store: Store) -> tuple[Store, str, c.Model, c.Model]:
    """A run whose champion is a blend, and the two models."""
    frame = samples.raw_frame()
    single = dataclasses.replace(samples.hand_made_model(frame), family="lightgbm", params={"num_leaves": 31})
    blend = dataclasses.replace(samples.hand_made_model(frame), family="ensemble", params={"trial 1 (lightgbm)": 0.6})
    last = blend.pipeline[-1]
    assert isinstance(last, LogisticRegression)
    last.coef_ = last.coef_ / 2
    found = samples.search_of(
        blend,
        len(frame),
        single=single,
        single_score=c.Score("roc_auc", 0.80, 0.73, 0.87),
        price=c.Score("roc_auc", 0.01, -0.002, 0.02),
    )
    result = samples.journey(search=found)
    logger = RunLogger(store)
    run_id = logger.begin(result.name, {"target": "buys", "task": "binary"}, {"table": result.table.name})
    logger.finish(result, blend, {})
    return store, run_id, blend, single


def test_both_models_are_logged_and_read_back(both: tuple[Store, str, c.Model, c.Model]) -> None:
    store, run_id, blend, single = both
    outputs = store.client().get_run(run_id).outputs.model_outputs
    names = {store.client().get_logged_model(one.model_id).name for one in outputs}
    assert names == {"model", "explainable"}
    frame = samples.raw_frame(20, seed=3)
    for told, explainable in ((blend, False), (single, True)):
        read = store.load_model(run_id, explainable=explainable)
        assert read.family == told.family
        assert np.allclose(read.scores(frame), told.scores(frame))
    assert not np.allclose(blend.scores(frame), single.scores(frame))


def test_the_price_of_explainability_is_a_figure_with_its_interval(both: tuple[Store, str, c.Model, c.Model]) -> None:
    store, run_id, _, _ = both
    details = store.details(run_id)
    price = [details.metrics[f"price_of_explainability{end}"] for end in ("", ".low", ".high")]
    assert price == [0.01, -0.002, 0.02]
    assert [details.metrics[f"explainable{end}"] for end in ("", ".low", ".high")] == [0.80, 0.73, 0.87]
    assert details.params["explainable"] == "lightgbm" and details.params["explainable.num_leaves"] == "31"


def test_the_result_is_read_back_with_both(both: tuple[Store, str, c.Model, c.Model]) -> None:
    store, run_id, _, single = both
    search = store.load_result(run_id).search
    assert search is not None and search.single is not None and search.price is not None
    assert search.single.family == single.family and search.price.value == 0.01
