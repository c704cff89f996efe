"""The table and the models of ``explain_speed``: one made table, four models that are explained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np

COLUMNS = 30
LEVELS = (5, 10, 20, 30, 40)
"""Levels of the last columns, which hold codes: categories for one model, numbers for the others."""
BACKGROUND = 100
SEED = 0


@dataclass(frozen=True)
class Size:
    """How large everything is.

    Attributes:
        rows: that models are fitted on.
        explained: rows of the table at least.
        trees: of a forest, and rounds of boosting.
        leaves: of a boosted tree.
    """

    rows: int = 20_000
    explained: int = 20_000
    trees: int = 300
    leaves: int = 63


def made_rows(size: Size) -> tuple[np.ndarray, np.ndarray]:
    """Numbers that lean on one another, skewed ones, codes; two classes by curves, products, levels and much noise."""
    rng = np.random.default_rng(SEED)
    rows, numbers = max(size.rows, size.explained), COLUMNS - len(LEVELS)
    common = rng.normal(size=(rows, 4))
    columns = common @ rng.normal(size=(4, numbers)) * 0.5 + rng.normal(size=(rows, numbers))
    columns[:, 5:10] = np.exp(columns[:, 5:10] / 2)
    columns[:, 10:13] = np.round(2 * columns[:, 10:13])
    score = columns[:, 0] + np.sin(2 * columns[:, 1]) + columns[:, 2] * columns[:, 3] + 0.5 * np.log(columns[:, 5])
    score += 0.8 * (columns[:, 10] > 1) * columns[:, 4] - 0.3 * columns[:, 11]
    codes = []
    for levels in LEVELS:
        code = np.minimum(rng.geometric(3 / levels, size=rows), levels) - 1
        score += rng.normal(scale=0.7, size=levels)[code]
        codes.append(code)
    score += rng.normal(scale=1.5, size=rows)
    return np.column_stack([columns, *codes]), (score > np.median(score)).astype(int)


def _forest(size: Size, depth: int | None) -> Any:
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(size.trees, max_depth=depth, n_jobs=-1, random_state=SEED)


def _boosted(size: Size) -> Any:
    from lightgbm import LGBMClassifier

    return LGBMClassifier(
        n_estimators=size.trees, num_leaves=size.leaves, learning_rate=0.05, random_state=SEED, verbose=-1
    )


CASES: dict[str, tuple[str, Callable[[Size], Any]]] = {
    "forest_deep": ("random forest without a limit of depth", lambda size: _forest(size, None)),
    "forest_8": ("random forest of depth 8", lambda size: _forest(size, 8)),
    "lightgbm": ("LightGBM on numbers", _boosted),
    "lightgbm_categories": (f"LightGBM, {len(LEVELS)} columns of {LEVELS[0]} to {LEVELS[-1]} categories", _boosted),
}
"""What each is, and the estimator before it is fitted."""


def prepare(case: str, size: Size, folder: Path) -> str:
    """Fit the model and leave it with its rows where the processes that explain find them. Returns what it is."""
    rows, target = made_rows(size)
    said, make = CASES[case]
    model, options = make(size), {}
    if case == "lightgbm_categories":
        options["categorical_feature"] = list(range(COLUMNS - len(LEVELS), COLUMNS))
    model.fit(rows[: size.rows], target[: size.rows], **options)
    joblib.dump(model, folder / "model.joblib")
    np.save(folder / "rows.npy", rows)
    np.save(folder / "background.npy", rows[np.random.default_rng(SEED + 1).choice(size.rows, BACKGROUND, False)])
    return f"{said}: {_told(model)}, fitted on {size.rows:,} rows x {COLUMNS} columns"


def _told(model: Any) -> str:
    if hasattr(model, "estimators_"):
        leaves = [int(tree.tree_.n_leaves) for tree in model.estimators_]
        depth = [int(tree.tree_.max_depth) for tree in model.estimators_]
    else:
        trees = model.booster_.trees_to_dataframe()
        depth = (trees.groupby("tree_index")["node_depth"].max() - 1).tolist()
        leaves = trees[trees["split_feature"].isna()].groupby("tree_index").size().tolist()
    return f"{len(leaves)} trees of up to {max(depth)} levels, {sum(leaves):,} leaves"


def margin(model: Any, rows: np.ndarray) -> np.ndarray:
    """What the values of a row add up to, less a constant: the second class's probability, or its raw score."""
    if hasattr(model, "estimators_"):
        return np.asarray(model.predict_proba(rows)[:, 1])
    return np.asarray(model.predict(rows, raw_score=True))
