"""Two searches over the same families, spaces and folds: ours, and what a user of Optuna writes in an afternoon.

Each is measured in a process of its own. Times are in seconds from the call on, imports left out on both sides.
"""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

FAMILIES = ("linear", "random_forest", "lightgbm")
CORES = 2
_ROUNDS = (50, 1_000)
"""Boosting rounds that the plain search chooses from: ``cross_val_score`` has nothing to stop early on."""


@dataclass(frozen=True)
class Measured:
    """What one search did.

    Attributes:
        evaluated: trials with at least one fold judged.
        whole: trials with all folds judged.
        seconds: until it returned; for ours with the blend and the fit on all rows.
        curve: (seconds, best mean score over the folds so far) of single models, larger is better.
        busy: seconds that estimators were fitted, summed over processes; 0 where nobody counted.
        processor: seconds on processors of all processes together: on a machine with other work the fairer clock.
    """

    evaluated: int
    whole: int
    seconds: float
    curve: tuple[tuple[float, float], ...]
    busy: float = 0.0
    processor: float = 0.0

    @property
    def best(self) -> float:
        """The best score at the end."""
        return max((score for _, score in self.curve), default=-np.inf)

    def reached(self, score: float) -> float | None:
        """Seconds until a score, ``None`` when it never came."""
        return next((second for second, found in self.curve if found >= score), None)


def imports() -> None:
    """Import what both sides need, so that neither pays for it."""
    import lightgbm  # noqa: F401
    import optuna  # noqa: F401
    import sklearn.compose
    import sklearn.ensemble
    import sklearn.linear_model
    import sklearn.model_selection  # noqa: F401

    import workbench.search  # noqa: F401


def make_table(rows: int, columns: int, task: str) -> pd.DataFrame:
    """A mixed table whose target ``y`` depends on curves, products and categories; a fifth are categories."""
    rng = np.random.default_rng(rows + columns)
    categories = columns // 5
    numbers = rng.normal(size=(rows, columns - categories))
    frame = pd.DataFrame(numbers, columns=[f"x{place}" for place in range(columns - categories)])
    effects = np.zeros(rows)
    for place in range(categories):
        levels = 3 + 4 * place
        codes = rng.integers(levels, size=rows)
        effects += rng.normal(scale=0.4, size=levels)[codes]
        frame[f"c{place}"] = np.array([f"level {code}" for code in range(levels)])[codes]
    frame = frame.mask(rng.random(frame.shape) < 0.02)
    signal = numbers[:, 0] + np.sin(2 * numbers[:, 1]) + numbers[:, 2] * numbers[:, 3] + 0.5 * numbers[:, 4] ** 2
    noisy = signal + effects + rng.normal(size=rows)
    frame["y"] = np.where(noisy > np.median(noisy), "yes", "no") if task == "binary" else noisy
    return frame


def ours(rows: int, columns: int, task: str, seconds: float, seed: int, families: tuple[str, ...]) -> Measured:
    """Our search with its defaults."""
    from workbench.budget import Budget
    from workbench.contracts import TrialState
    from workbench.data.table import describe
    from workbench.events import Events
    from workbench.search import search

    table = describe(make_table(rows, columns, task), [], target="y", name="table")
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        result = search(
            table,
            budget=Budget.of(seconds),
            events=Events(),
            folder=Path(folder),
            families=families,
            seed=seed,
        )
    took = time.perf_counter() - began
    trials = [trial for trial in result.trials if trial.origin != "baseline"]
    sign = 1.0 if result.greater_is_better else -1.0
    return Measured(
        sum(bool(trial.fold_scores) for trial in trials),
        sum(trial.state is TrialState.DONE for trial in trials),
        took,
        tuple((second, sign * score) for second, score in result.curve),
        sum(trial.seconds for trial in trials),
    )


def plain(
    rows: int,
    columns: int,
    task: str,
    seconds: float,
    seed: int,
    families: tuple[str, ...],
    searched: bool,
    jobs: int,
    log: str,
) -> Measured:
    """``study.optimize`` over ``cross_val_score``: one study, the family a parameter like the others.

    Args:
        searched: boosting rounds are a parameter of ``_ROUNDS``; otherwise there are as many as our space allows.
        jobs: processes of ``cross_val_score``; estimators get the cores that are left.
        log: empty file that each finished trial is added to.
    """
    import optuna
    from sklearn.model_selection import cross_val_score

    from workbench.contracts import Task
    from workbench.data.table import describe
    from workbench.pipelines import read_space
    from workbench.pipelines.conditions import under
    from workbench.problem.folds import plan_folds
    from workbench.problem.rows import problem_of
    from workbench.search.evaluation.metrics import metric_for
    from workbench.search.trials.looks import conditions_of

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    frame = make_table(rows, columns, task)
    problem = problem_of(describe(frame, [], target="y", name="table"))
    folds = list(plan_folds(problem, seed=seed).folds)
    kind = Task(task)
    conditions = conditions_of(problem, metric_for(kind))
    spaces = {name: under(read_space(name), conditions) for name in families}
    features, target = frame.drop(columns="y"), frame["y"].to_numpy()
    scoring = "roc_auc" if kind is Task.BINARY else "neg_root_mean_squared_error"
    began = time.perf_counter()

    def objective(trial: optuna.Trial) -> float:
        name = trial.suggest_categorical("family", families)
        params = {
            **spaces[name].fixed(kind),
            **{one.name: _suggested(trial, name, one) for one in spaces[name].searched(kind)},
        }
        boosted = name == "lightgbm" and searched
        rounds = trial.suggest_int("lightgbm.rounds", *_ROUNDS, log=True) if boosted else None
        pipeline = _pipeline(name, params, kind, features, target, rounds=rounds, threads=CORES // jobs, seed=seed)
        score = float(
            cross_val_score(
                pipeline, features, target, cv=folds, scoring=scoring, n_jobs=jobs, error_score="raise"
            ).mean()
        )
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(f"{json.dumps([time.perf_counter() - began, score])}\n")
        return score

    sampler = optuna.samplers.TPESampler(seed=seed)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(objective, timeout=seconds)
    return finished(log, time.perf_counter() - began)


def finished(log: str, seconds: float) -> Measured:
    """What a plain search had finished after so many seconds, by its log."""
    curve = tuple((second, score) for second, score in map(json.loads, Path(log).read_text("utf-8").splitlines()))
    return Measured(len(curve), len(curve), seconds, curve)


def _suggested(trial: Any, family: str, one: Any) -> Any:
    name = f"{family}.{one.name}"
    if one.type == "float":
        return trial.suggest_float(name, one.low, one.high, log=one.log)
    if one.type == "int":
        return trial.suggest_int(name, int(one.low), int(one.high), log=one.log)
    return trial.suggest_categorical(name, one.choices)


def _pipeline(
    name: str,
    params: dict[str, Any],
    task: Any,
    features: pd.DataFrame,
    target: np.ndarray,
    *,
    rounds: int | None,
    threads: int,
    seed: int,
) -> Any:
    """The family's own estimator behind scikit-learn's usual preparation."""
    from sklearn.compose import make_column_selector, make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import ElasticNet
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import (
        FunctionTransformer,
        OneHotEncoder,
        OrdinalEncoder,
        QuantileTransformer,
        SplineTransformer,
        StandardScaler,
    )

    from workbench.pipelines import family

    estimator = family(name).estimator(task, params, (), seed=seed, threads=threads, rounds=rounds)
    numeric, other = make_column_selector(dtype_include="number"), make_column_selector(dtype_exclude="number")
    if name == "lightgbm":
        return make_pipeline(FunctionTransformer(_with_categories, kw_args={"levels": _levels(features)}), estimator)
    if name == "random_forest":
        codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-1)
        return make_pipeline(
            make_column_transformer((SimpleImputer(strategy="median"), numeric), (codes, other)), estimator
        )
    shapes = {
        "standard": [StandardScaler()],
        "quantile": [QuantileTransformer(output_distribution="normal")],
        "spline": [SplineTransformer(n_knots=6), StandardScaler()],
    }
    if isinstance(estimator, ElasticNet):
        estimator.set_params(alpha=estimator.alpha * float(np.std(target)) / len(target))
    numbers = make_pipeline(SimpleImputer(strategy="median"), *shapes[params["shape"]])
    indicators = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    return make_pipeline(make_column_transformer((numbers, numeric), (indicators, other)), estimator)


def _levels(features: pd.DataFrame) -> dict[str, list[str]]:
    others = features.select_dtypes(exclude="number")
    return {name: sorted(others[name].dropna().unique()) for name in others.columns}


def _with_categories(frame: pd.DataFrame, levels: dict[str, list[str]]) -> pd.DataFrame:
    return frame.assign(**{name: pd.Categorical(frame[name], categories=known) for name, known in levels.items()})
