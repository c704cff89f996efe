"""A small but whole journey, made by hand, with names and cells that are hard to carry."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder

from workbench import contracts as c
from workbench.tracking import Store

HOSTILE = ("购买频率", "a,b", "[bold]", '{"x"}', "🙂")


@dataclass(frozen=True)
class Recorded:
    """A journey in a store of its own."""

    store: Store
    run_id: str
    result: c.JourneyResult
    model: c.Model
    frame: pd.DataFrame


def to_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Raw cells as numbers; what is none is missing."""
    return frame.apply(lambda column: pd.to_numeric(column, errors="coerce")).astype(float)


def to_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Raw cells as text."""
    return frame.apply(lambda column: column.astype(object).where(column.notna(), "?").map(str))


def raw_frame(rows: int = 60, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({
        "id": [f"k{number:04d}" for number in range(rows)],
        "购买频率": rng.integers(0, 9, rows).astype(float),
        "a,b": rng.normal(size=rows).round(3),
        "[bold]": rng.choice(["x", "<b>y</b>", "=1+1"], rows),
        '{"x"}': rng.choice([True, False], rows),
        "🙂": rng.choice(["12", " 7 ", "many", ""], rows),
    })  # fmt: skip
    frame.loc[::7, "购买频率"] = np.nan
    frame.loc[::5, "[bold]"] = None
    frame["buys"] = np.where(frame["a,b"] + frame["购买频率"].fillna(0) / 5 > 0.7, "yes", "no")
    return frame


def hand_made_model(frame: pd.DataFrame, target: str = "buys") -> c.Model:
    regression = pd.api.types.is_numeric_dtype(frame[target])
    columns = [name for name in HOSTILE if name != target]
    numbers = [name for name in columns if name in ("购买频率", "a,b", "🙂")]
    words = [name for name in columns if name not in numbers]
    prepare = make_column_transformer(
        (make_pipeline(FunctionTransformer(to_numbers), SimpleImputer(keep_empty_features=True)), numbers),
        (
            make_pipeline(FunctionTransformer(to_words), OneHotEncoder(handle_unknown="ignore", sparse_output=False)),
            words,
        ),
    )
    pipeline = Pipeline([("prepare", prepare), ("model", LinearRegression() if regression else LogisticRegression())])
    pipeline.fit(frame[columns], frame[target])
    return c.Model(
        pipeline=pipeline,
        task=c.Task.REGRESSION if regression else c.Task.BINARY,
        target=target,
        columns=tuple(columns),
        classes=() if regression else tuple(pipeline.classes_.tolist()),
        family="linear",
        params={"C": 1.0, "penalty": None, "n": np.int64(3)},
    )


def trial(number: int, state: c.TrialState = c.TrialState.DONE, score: float | None = 0.7) -> c.Trial:
    return c.Trial(
        number=number,
        family="linear" if number % 2 else "lightgbm",
        state=state,
        params={"C": 10.0**-number, "penalty": "l2", "depth": number},
        score=score,
        fold_scores=(0.6, 0.8) if score is not None else (),
        seconds=0.5,
        origin="sampler",
        reason="" if score is not None else "it was late",
    )


def table_of(frame: pd.DataFrame, target: str | None = "buys") -> c.Table:
    roles = {"id": c.Role.ID, target: c.Role.TARGET}
    columns = tuple(
        c.Column(name, c.Kind.CATEGORY, roles.get(name, c.Role.FEATURE), "by test", int(frame[name].isna().sum()), 3)
        for name in frame.columns
    )
    return c.Table(
        name="cust/../omers [1]",
        frame=frame.reset_index(drop=True),
        columns=columns,
        sources=(c.Source("s", "postgresql://db/x", "csv", len(frame), 7, "ab" * 32, {"separator": ";"}),),
        checks=(c.Check("missing-values", c.Severity.WARNING, "🙂", 3, "Three are missing.", "kept"),),
        task=c.Task.BINARY if target else c.Task.SEGMENTS,
        target=target,
        fingerprint="cd" * 32,
        cut_off=pd.Timestamp("2017-12-31 12:00", tz="Europe/Paris"),
        horizon_days=63,
        currency="USD",
    )


def search_of(model: c.Model, rows: int, trials: int = 5, **changes: Any) -> c.SearchResult:
    score = c.Score("roc_auc", 0.81, 0.74, 0.88)
    baseline = c.Candidate("constant", "baseline", None, c.Score("roc_auc", 0.5, 0.5, 0.5), (0.5, 0.5), 0.0, {})
    best = c.Candidate("linear", "linear", 1, score, (0.8, 0.82), 0.5, dict(model.params))
    values: dict[str, Any] = {
        "task": model.task,
        "metric": "roc_auc",
        "greater_is_better": True,
        "baseline": baseline,
        "leaderboard": (best, baseline),
        "trials": tuple(trial(number) for number in range(trials)),
        "champion": model,
        "champion_score": score,
        "against_baseline": c.Score("roc_auc", 0.31, 0.24, 0.38),
        "out_of_fold": np.column_stack([np.full(rows, np.nan), np.linspace(0, 1, rows)]),
        "resampling": c.Resampling("stratified", 5, 1, "Two classes.", 0),
        "curve": ((1.0, 0.6), (2.0, float("inf"))),
        "seconds": 3.2,
        "seed": 0,
        "journal": Path("mlruns/journals/x"),
        "decisions": ("Five folds.", "Stopped early: nothing gained."),
    }
    return c.SearchResult(**{**values, **changes})


def segmentation_of(frame: pd.DataFrame) -> c.Segmentation:
    rule = c.Rule("购买频率 ≥ 3 and [bold] = '<b>'", 0.9, 0.8, 2.0, 20)
    profile = (c.ProfileRow("购买频率", 5.0, 2.0, 0.9, 0.001), c.ProfileRow("[bold]", 0.5, 0.1, 0.6, 0.02, "=1+1"))
    segments = tuple(
        c.Segment(number, f"Group {number}", 30, 0.5, rule, 0.8, profile, 1.0 + number, 0.5, 2.5) for number in (0, 1)
    )
    return c.Segmentation(
        kind=c.SegmentationKind.GOAL_GUIDED,
        method="tree",
        labels=pd.Series(np.arange(len(frame)) % 2, index=frame.index, name="segment"),
        segments=segments,
        quality={"outcome_eta2": 0.3, "silhouette": float("nan")},
        chosen_because="It was the best.",
        found=True,
        coordinates=pd.DataFrame({"x": np.arange(len(frame)) / 3, "y": 1.0}, index=frame.index),
        assigner=object(),
    )


def gaps_of(frame: pd.DataFrame) -> c.GapReport:
    empty = pd.DataFrame()
    return c.GapReport((
        c.Gap(
            kind=c.GapKind.POTENTIAL,
            available=True,
            unit="USD per 63 days",
            assumption="Like customers could spend alike.",
            per_customer=pd.DataFrame({"gap": np.linspace(0, 9, len(frame))}, index=frame.index),
            per_segment=pd.DataFrame({"segment": [0, 1], "customers": [30, 30], "gap_total": [1.5, np.nan]}),
            per_category=empty,
            backtest=pd.DataFrame({"origin": pd.to_datetime(["2017-06-01"]), "score": ["gap"]}),
            verdict="It predicts growth here.",
            holds=True,
            figures={"coverage": 0.8},
        ),
        c.Gap(c.GapKind.SUPPLY, False, "", "", empty, empty, empty, empty, "", False, {}, "needs stock levels"),
    ))  # fmt: skip


def strategy_of() -> c.Strategy:
    play = c.Play(
        "p1", "Call them", "call", ("visits",), "phone", 1.0, 2.0, 0.01, 0.02, 0.04, 0.3, 0.25, "once", ("no consent",),
        "spend", "holdout", "ecommerce",
    )  # fmt: skip
    value = c.ExpectedValue(
        120.0, -10.0, 300.0, 4.0, "USD", None, (c.Assumption("uptake", 0.02, 0.01, 0.04, "share", "book"),), 0.83
    )
    test = c.HoldoutTest("spend", 20, 10, 0.33, 3.0, 2.0, 0.8, 0.05, 63, False, "Too small; join segments.")
    return c.Strategy(
        0, "Group 0", 30, play, ("Because.",), (("visits", 0.4),), value, c.EvidenceGrade.PREDICTIVE, "no test",
        "test it",
        test,
    )  # fmt: skip


def explanation_of(frame: pd.DataFrame, model: c.Model) -> c.Explanation:
    rows = np.arange(0, len(frame), 2)
    count = len(model.columns)
    return c.Explanation(
        values=np.ones((len(rows), count, 1)),
        base=np.array([0.1]),
        margin=np.full((len(rows), 1), 0.1 + count),
        columns=model.columns,
        outputs=("yes",),
        output_space="log-odds",
        rows=rows,
        total_rows=len(frame),
        data=frame.loc[rows, list(model.columns)],
        importance=pd.DataFrame({"column": model.columns, "importance": 1.0, "lever": "unknown"}),
        method="exact",
        checks=(c.ExplanationCheck("additivity", 1e-9, 1e-6, True, "It adds up."),),
        words=("More of it goes with more of that.",),
        target=model.target,
    )


def journey(name: str = "customers-0001", trials: int = 5, **changes: Any) -> c.JourneyResult:
    frame = raw_frame()
    model = hand_made_model(frame)
    values: dict[str, Any] = {
        "name": name,
        "created": "2025-01-01T10:00:00+00:00",
        "table": table_of(frame),
        "search": search_of(model, len(frame), trials),
        "explanation": explanation_of(frame, model),
        "segmentations": (segmentation_of(frame),),
        "strategy_segmentation": 0,
        "gaps": gaps_of(frame),
        "strategies": (strategy_of(),),
        "notices": ("Sampled 30 of 60 rows.",),
        "seed": 0,
        "budget_seconds": None,
        "seconds": 12.5,
        "timings": {"search": 3.2, "explain": 1.0},
        "environment": {"python": "3.11"},
        "command": "workbench run customers.csv --target buys",
        "settings": {"kinds": (c.SegmentationKind.DESCRIPTIVE,), "families": None},
    }
    return c.JourneyResult(**{**values, **changes})
