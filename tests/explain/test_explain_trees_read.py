"""A model's trees are read once, whoever asks, until it is another model."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest


@pytest.mark.parametrize("kind", ["forest", "boosting", "histograms"])
def test_a_model_is_read_once_until_it_is_fitted_anew(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each question about a customer is an explainer of its own; the trees are the same."""
    import lightgbm
    from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor

    from workbench.explain.explainers.dispatch import explainer_kind

    made: dict[str, Any] = {
        "forest": RandomForestRegressor(5, random_state=0),
        "boosting": lightgbm.LGBMRegressor(n_estimators=40, verbose=-1),
        "histograms": HistGradientBoostingRegressor(max_iter=5),
    }
    X = np.random.default_rng(0).normal(size=(200, 4))
    estimator = made[kind].fit(X, X[:, 0])
    explainer = explainer_kind(estimator)
    reads, plain = [], explainer.read  # type: ignore[attr-defined]
    monkeypatch.setattr(explainer, "read", lambda self: reads.append(1) or plain(self))

    def margin() -> np.ndarray:
        found = explainer(estimator, np.arange(4)).contributions(X)
        return np.asarray(found.base + found.values.sum(axis=1)).ravel()

    for _ in range(3):
        np.testing.assert_allclose(margin(), estimator.predict(X), atol=1e-9)
    assert len(reads) == 1
    if kind != "boosting":  # which grows a booster of its own each time
        estimator.set_params(warm_start=True, **{{"forest": "n_estimators", "histograms": "max_iter"}[kind]: 9})
        estimator.fit(X, X[:, 0])
        np.testing.assert_allclose(margin(), estimator.predict(X), atol=1e-9)
        assert len(reads) == 2
        estimator.set_params(warm_start=False)
        reads.pop()
    estimator.fit(X, 100 * X[:, 1])
    np.testing.assert_allclose(margin(), estimator.predict(X), atol=1e-7)
    assert len(reads) == 2


def test_trees_are_read_from_several_threads_at_once() -> None:
    from concurrent.futures import ThreadPoolExecutor

    from sklearn.tree import DecisionTreeRegressor

    from workbench.explain.explainers.forest import ForestExplainer

    X = np.random.default_rng(0).normal(size=(50, 2))
    trees = [DecisionTreeRegressor(max_depth=2).fit(X, X[:, 0] * place) for place in range(60)]

    def leaves(tree: Any) -> int:
        return sum(len(ForestExplainer(tree, np.arange(2)).ensemble.leaves) for _ in range(20))

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(4) as pool:
            assert all(found >= 20 for found in pool.map(leaves, trees))
    finally:
        sys.setswitchinterval(before)
