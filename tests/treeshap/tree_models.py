"""Small tree models of every kind that the kernel knows, on one table with gaps and codes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from workbench.treeshap import TreeEnsemble
from workbench.treeshap.histogram_boosting import in_codes, of_histogram_boosting
from workbench.treeshap.lightgbm_booster import of_booster
from workbench.treeshap.sklearn_forest import of_forest

COLUMNS = 6
CODES = 3
"""The column that holds category codes for models that know categories."""


def numbers(rows: int = 300, seed: int = 0, *, gaps: bool = True) -> np.ndarray:
    random = np.random.default_rng(seed)
    X = random.normal(size=(rows, COLUMNS))
    X[:, CODES] = random.integers(0, 40, size=rows)
    X[:, 4] = np.where(random.random(rows) < 0.4, 0.0, X[:, 4])
    if gaps:
        X[::7, 1] = np.nan
        X[::11, CODES] = np.nan
    return X


def answers(X: np.ndarray, kind: str) -> np.ndarray:
    known = np.nan_to_num(X)
    score = 3 * known[:, 0] - 2 * known[:, 1] * (known[:, CODES] % 3 > 1) + np.sin(known[:, 2]) + (known[:, 4] == 0)
    if kind == "regression":
        return 100 + 10 * score
    return np.digitize(score, [0.0] if kind == "binary" else [-2.0, 0.0, 2.0])


@dataclass(frozen=True)
class TreeCase:
    """A model, how it is read, and what it says itself."""

    name: str
    model: Any
    kind: str
    read: Callable[[Any], TreeEnsemble]
    says: Callable[[Any, np.ndarray], np.ndarray]
    sees: Callable[[Any, np.ndarray], np.ndarray] = lambda _, X: X

    def fit(self, X: np.ndarray) -> None:
        y = answers(X, self.kind)
        if isinstance(self.model, lightgbm.LGBMModel) and "codes" in self.name:
            self.model.fit(X, y, categorical_feature=[CODES])
        else:
            self.model.fit(X, y)


def _shares(model: Any, X: np.ndarray) -> np.ndarray:
    if not hasattr(model, "classes_"):
        return model.predict(X)[:, None]
    shares = model.predict_proba(X)
    return shares[:, 1:] if shares.shape[1] == 2 else shares


def _raw(model: Any, X: np.ndarray) -> np.ndarray:
    return np.asarray(model.booster_.predict(X, raw_score=True)).reshape(len(X), -1)


def _histogram_raw(model: Any, X: np.ndarray) -> np.ndarray:
    return (model.decision_function(X) if hasattr(model, "classes_") else model.predict(X)).reshape(len(X), -1)


def _forest(name: str, model: Any, kind: str) -> TreeCase:
    return TreeCase(name, model, kind, of_forest, _shares)


def _boosted(name: str, kind: str, **settings: Any) -> TreeCase:
    make = lightgbm.LGBMRegressor if kind == "regression" else lightgbm.LGBMClassifier
    model = make(n_estimators=8, num_leaves=12, min_child_samples=5, verbose=-1, n_jobs=1, **settings)
    return TreeCase(name, model, kind, lambda model: of_booster(model.booster_), _raw)


def _histograms(name: str, kind: str, **settings: Any) -> TreeCase:
    make = HistGradientBoostingRegressor if kind == "regression" else HistGradientBoostingClassifier
    model = make(max_iter=6, max_leaf_nodes=10, **settings)
    return TreeCase(name, model, kind, of_histogram_boosting, _histogram_raw, in_codes)


CASES = [
    _forest("tree", DecisionTreeRegressor(max_depth=5, random_state=0), "regression"),
    _forest("tree of classes", DecisionTreeClassifier(random_state=0), "binary"),
    _forest("stump", DecisionTreeRegressor(max_depth=1), "regression"),
    _forest("trees that do not split", RandomForestRegressor(3, min_samples_leaf=300), "regression"),
    _forest("forest", RandomForestRegressor(6, random_state=0), "regression"),
    _forest("forest of two", RandomForestClassifier(6, random_state=0), "binary"),
    _forest("forest of four", RandomForestClassifier(6, random_state=0), "multiclass"),
    _forest("weighted forest", RandomForestClassifier(6, class_weight="balanced", random_state=0), "binary"),
    _forest("extra trees", ExtraTreesRegressor(6, max_depth=9, random_state=0), "regression"),
    _forest("extra trees of two", ExtraTreesClassifier(6, random_state=0), "binary"),
    _forest("extra trees of four", ExtraTreesClassifier(6, max_features=None, random_state=0), "multiclass"),
    _boosted("lightgbm", "regression"),
    _boosted("lightgbm of two", "binary"),
    _boosted("lightgbm of four", "multiclass"),
    _boosted("lightgbm codes", "regression"),
    _boosted("lightgbm codes of four", "multiclass", max_cat_to_onehot=64),
    _boosted("lightgbm codes, wide groups", "binary", min_data_per_group=5, cat_smooth=1),
    _boosted("lightgbm, zero is no value", "regression", zero_as_missing=True),
    _boosted("lightgbm, no missing values", "regression", use_missing=False),
    _boosted("lightgbm in bags", "regression", subsample=0.6, subsample_freq=1, colsample_bytree=0.7),
    _boosted("lightgbm forest", "binary", boosting_type="rf", subsample=0.6, subsample_freq=1),
    _boosted("lightgbm dart", "regression", boosting_type="dart"),
    _boosted("lightgbm extra trees", "binary", extra_trees=True),
    _histograms("histograms", "regression"),
    _histograms("histograms of two", "binary"),
    _histograms("histograms of four", "multiclass"),
    _histograms("histograms, codes", "regression", categorical_features=[CODES]),
    _histograms("histograms, codes, of four", "multiclass", categorical_features=[CODES]),
]
