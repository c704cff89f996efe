"""Whole journey results from known numbers, without fitting anything: for each task, also with hostile text."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from report_parts import gap_report, segmentation, strategies
from sklearn.dummy import DummyRegressor
from sklearn.pipeline import Pipeline

from workbench.contracts import (
    Candidate,
    Check,
    Column,
    Explanation,
    ExplanationCheck,
    JourneyResult,
    Kind,
    Lever,
    Model,
    Resampling,
    Role,
    Score,
    SearchResult,
    SegmentationKind,
    Severity,
    Source,
    Table,
    Task,
    Trial,
    TrialState,
)
from workbench.explain import importance_table

ROWS = 240
NAMES = ("购买频率", "消费金额", "visits", "region", "note")
TARGET = "购买行为"
ID = "customer_id"

HOSTILE = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror="document.title=1">',
    "[bold red]text[/bold red] | =cmd|' /C calc'!A0",
    r"$\frac{a}{b}$ </style><style>*{display:none}",
    "[click](javascript:alert(1)) https://evil.example/x.png",
    "\x00\x07\x1b[31m\u202edetrever\u2028 {{ 7*7 }} -->",
    "x" * 10_000,
    "购买品类 😀 שלום",
)
METRICS = {Task.BINARY: "roc_auc", Task.MULTICLASS: "log_loss", Task.REGRESSION: "rmse"}
CLASSES = {Task.BINARY: ("no", "yes"), Task.MULTICLASS: ("gold", "silver", "wood"), Task.REGRESSION: ()}


def frame(names: tuple[str, ...] = NAMES, cell: str = "north") -> pd.DataFrame:
    """An id, two numbers, a count, a category with rare levels and a free text."""
    rng = np.random.default_rng(3)
    place = np.arange(ROWS)
    columns = {
        ID: [f"CUST-{number:05d}" for number in place],
        names[0]: rng.gamma(2.0, 3.0, ROWS),
        names[1]: rng.normal(100.0, 20.0, ROWS),
        names[2]: rng.integers(0, 30, ROWS),
        names[3]: [(cell, "south", f"lone-{number // 9}")[number % 3] for number in place],
        names[4]: [f"private words {number}" for number in place],
        TARGET: rng.normal(50.0, 9.0, ROWS),
    }  # fmt: skip
    return pd.DataFrame(columns)


def table(task: Task, names: tuple[str, ...] = NAMES, cell: str = "north", title: str = "customers.csv") -> Table:
    """The customer table with roles and checks."""
    rows = frame(names, cell)
    roles = [Role.ID, *[Role.FEATURE] * 4, Role.TEXT, Role.TARGET]
    kinds = [Kind.TEXT, Kind.NUMBER, Kind.NUMBER, Kind.INTEGER, Kind.CATEGORY, Kind.TEXT, Kind.NUMBER]
    columns = tuple(
        Column(name, kind, role, "by its values", 3, 20, lever=Lever.PARTLY)
        for name, kind, role in zip(rows.columns, kinds, roles, strict=True)
    )
    checks = (
        Check("mixed", Severity.INFO, ID, 1, f"'{ID}' holds a word in 1 row (such as 'CUST-00007').", "kept"),
        Check(
            "missing-values", Severity.WARNING, names[0], 3, f"'{names[0]}' is missing in 3 rows.", "kept as missing"
        ),
    )
    sources = (Source(title, f"/home/ann/{title}", "csv", ROWS, 7, "ab" * 32, {"encoding": "gb18030"}),)
    target = None if task is Task.SEGMENTS else TARGET
    return Table(title, rows, columns, sources, checks, task, target, "cd" * 32, pd.Timestamp("2024-05-01"), 63, TARGET,
                 "USD")  # fmt: skip


def search(task: Task, *, constant: bool = False, stopped: bool = False) -> SearchResult:
    """Two families and the baseline; with ``constant`` the baseline is the champion."""
    metric = METRICS[task]
    up = metric == "roc_auc"

    def score(value: float) -> Score:
        return Score(metric, value, value * 0.9, value * 1.1)

    base = Candidate("baseline", "baseline", None, score(0.5), (0.5, 0.5), 0.1, {})
    linear = Candidate("linear", "linear", 1, score(0.6 if up else 0.4), (0.6, 0.6), 1.0, {"alpha": 0.125})
    boosted = Candidate("lightgbm", "lightgbm", 2, score(0.8 if up else 0.2), (0.8, 0.8), 2.0, {"num_leaves": 31})
    trials = (
        Trial(1, "linear", TrialState.DONE, {}, 0.6, (0.6,), 1.0, "portfolio"),
        Trial(2, "lightgbm", TrialState.FAILED, {}, None, (), 1.0, "sampler", "singular <matrix>"),
    )
    best = base if constant else boosted
    classes = CLASSES[task]
    model = Model(Pipeline([("m", DummyRegressor())]), task, TARGET, NAMES, classes, best.family, best.params)
    gain = Score(metric, 0.0, -0.1, 0.1) if constant else Score(metric, 0.3, 0.2, 0.4)
    shape = (ROWS, len(classes)) if classes else (ROWS,)
    return SearchResult(
        task, metric, up, base, (base,) if constant else (boosted, linear, base), trials, model, best.score, gain,
        np.zeros(shape), Resampling("k-fold", 5, 1, "Five folds, by lot.", 1), ((1.0, 0.6), (2.0, 0.8)), 9.0, 1,
        decisions=("Kept all columns.",), stopped=stopped,
    )  # fmt: skip


def explanation(task: Task, names: tuple[str, ...] = NAMES, cell: str = "north", *, flat: bool = False) -> Explanation:
    """Contributions that add up; all zero with ``flat``."""
    outputs = CLASSES[task] if task is Task.MULTICLASS else (CLASSES[task][1],) if task is Task.BINARY else (TARGET,)
    data = frame(names, cell)[list(names)]
    rng = np.random.default_rng(5)
    values = rng.normal(size=(ROWS, len(names), len(outputs))) * np.array([5.0, 3.0, 2.0, 4.0, 1.0])[None, :, None]
    values = np.zeros_like(values) if flat else values
    base = np.full(len(outputs), 10.0)
    levers = dict.fromkeys(names, "partly")
    one = 0 if len(outputs) == 1 else None
    pairs = [(names[0], names[1], 1.5, 1.25, 1.75, 0.15), (names[2], names[3], 0.5, 0.25, 0.75, 0.05)]
    interactions = pd.DataFrame([] if flat else pairs, columns=["first", "second", "strength", "low", "high", "share"])
    return Explanation(
        values, base, base + values.sum(axis=1), names, outputs,
        "log-odds" if CLASSES[task] else f"units of {TARGET}", np.arange(ROWS), ROWS, data,
        importance_table(values, data, levers, output=one), "exact TreeSHAP",
        (ExplanationCheck("additivity", 1e-12, 1e-6, True, "contributions add up."),),
        (f"'{names[0]}' carries the largest part.", "All of this is association."), TARGET,
        interactions=interactions,
    )  # fmt: skip


@cache
def result(
    task: Task = Task.REGRESSION,
    *,
    names: tuple[str, ...] = NAMES,
    cell: str = "north",
    words: str = "",
    constant: bool = False,
    stopped: bool = False,
) -> JourneyResult:
    """A whole journey; ``words`` stands wherever a free text of users, playbooks or notices can stand."""
    rows = table(task, names, cell, words or "customers.csv")
    supervised = task is not Task.SEGMENTS
    divisions = tuple(segmentation(rows, kind, words) for kind in SegmentationKind)
    gaps = gap_report(rows, divisions[1], words)
    return JourneyResult(
        "demo-0001", "2024-05-02T10:00:00+00:00", rows,
        search(task, constant=constant, stopped=stopped) if supervised else None,
        explanation(task, names, cell, flat=constant) if supervised else None,
        divisions, 1, gaps, strategies(divisions[1], words), (f"Sampled 200 rows. {words}",), 7, 60.0, 42.5,
        {"search": 20.0}, {"python": "3.11.2"}, f"workbench run customers.csv --target {TARGET} {words}", "run1",
    )  # fmt: skip


@cache
def hostile_result(task: Task = Task.REGRESSION, shift: int = 0) -> JourneyResult:
    """Every hostile text as a column's name, one as a cell, one wherever free text stands."""
    texts = HOSTILE[shift:] + HOSTILE[:shift]
    return result(task, names=texts[:5], cell=texts[5], words=texts[6])
