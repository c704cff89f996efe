"""A run that was resumed has one model, and goes away whole."""

from __future__ import annotations

import tracking_samples as samples

from workbench.tracking import RunLogger, Store


def test_the_model_of_a_resumed_run_replaces_the_one_before_and_is_deleted_with_the_run(store: Store) -> None:
    result = samples.journey("x-0001", trials=1)
    assert result.search is not None
    run_id = None
    for _ in range(3):
        logger = RunLogger(store)
        run_id = logger.begin("x-0001", {}, {}, run_id=run_id)
        logger.finish(result, result.search.champion, {})
        assert len(list(store.home.rglob("model.pkl"))) == 1
    assert store.load_model("x-0001").family == "linear"
    store.delete("x-0001")
    assert [path.name for path in store.home.rglob("*") if path.is_file()] == ["mlflow.db"]
    assert store.runs() == []
