"""One of each thing that makes sentences, as a function of the language: what all tests of languages go through."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
from change_models import by_formula, lever_table, yes

from workbench.budget import Budget
from workbench.contracts import Explanation, Lever, Model, Table, Task
from workbench.explain import (
    Aim,
    agreement,
    counterfactual,
    effect_of,
    fairness_words,
    group_metrics,
    importance_stability,
    neighbours,
    noise_floor,
    permutation_importance,
    proxy_columns,
    segment_drivers,
)
from workbench.explain.checks import additivity, check_words, finite
from workbench.explain.language import Language
from workbench.explain.overall.importance import importance_table
from workbench.explain.overall.permutation import permutation_words
from workbench.explain.overall.related import RelatedPair
from workbench.explain.overall.stability import stability_words
from workbench.explain.segment.surrogate import fit_surrogate
from workbench.explain.words import explanation_words

Told = Callable[[Language], tuple[str, ...]]
ROWS = 200


def customers(rows: int = ROWS, seed: int = 0) -> pd.DataFrame:
    """Numbers, a copy of one, levels, dates, booleans, gaps, texts; names that could be taken for phrases."""
    random = np.random.default_rng(seed)
    visits = random.poisson(6, rows).astype(float)
    frame = pd.DataFrame(
        {
            "visits {0}": visits,
            "消费额 %s": visits * 3 + random.normal(0, 0.2, rows),
            "地区": random.choice(["north", "南", "[bold]west"], rows),
            "joined": pd.Timestamp("2023-01-01") + pd.to_timedelta(random.integers(0, 400, rows), unit="D"),
            "vip": random.random(rows) < 0.5,
            "{columns}": random.normal(size=rows),
            "text": [f"review {place}" for place in range(rows)],
            "silent": 1.0,
        }
    )
    frame.loc[::9, "地区"] = None
    return frame


def explanation(
    frame: pd.DataFrame,
    outputs: tuple[str, ...] = ("yes",),
    space: str = "log-odds",
    *,
    total_rows: int = 0,
    lever: bool = True,
    seed: int = 0,
) -> Explanation:
    """Contributions that go with the values in known ways."""
    random = np.random.default_rng(seed)
    rows = len(frame)
    parts = {
        "visits {0}": 0.5 * (frame["visits {0}"] - 6),
        "消费额 %s": 0.1 * (frame["消费额 %s"] - 18),
        "地区": frame["地区"].map({"north": -0.6, "南": 0.7, "[bold]west": 0.0}).fillna(0.1),
        "joined": -0.002 * (frame["joined"] - frame["joined"].min()).dt.days,
        "vip": np.where(frame["vip"], 0.2, -0.1),
        "{columns}": 0.1 * frame["{columns}"] ** 2,
        "text": random.normal(0, 0.05, rows),
    }
    one = np.column_stack([parts.get(name, np.zeros(rows)) for name in frame.columns])
    turned = (1.0,) if len(outputs) == 1 else np.linspace(-1, 1.5, len(outputs))
    values = np.stack([one * factor for factor in turned], axis=2)
    base = np.full(len(outputs), 0.25)
    first = str(frame.columns[0])
    return Explanation(
        values=values,
        base=base,
        margin=base + values.sum(axis=1),
        columns=tuple(frame.columns),
        outputs=outputs,
        output_space=space,
        rows=np.arange(rows),
        total_rows=max(total_rows, rows),
        data=frame,
        importance=importance_table(values, frame, {first: Lever.CONTROLLABLE.value} if lever else {}),
        method="made up",
        checks=(),
        words=(),
        target="目标",
    )


def pairs(share: float = 0.07) -> pd.DataFrame:
    """Two pairs of columns that work together."""
    return pd.DataFrame(
        {
            "first": ["visits {0}", "vip"],
            "second": ["地区", "joined"],
            "strength": [0.123, 0.02],
            "low": [0.11, 0.01],
            "high": [0.14, 0.03],
            "share": [share, 0.01],
            "rows": [500, 500],
        }
    )


def explanations() -> Iterator[tuple[str, Told]]:
    """Explanations of many rows and of one, of classes and numbers."""
    frame = customers()
    made = {
        "binary": explanation(frame),
        "several classes": explanation(frame, ("0", "1", "{1}")),
        "regression": explanation(frame, ("目标",), "units of 目标"),
        "sample": explanation(frame, total_rows=5_000, lever=False),
        "few rows": explanation(frame.head(4)),
        "one row": explanation(frame.head(1)),
        "one row of several classes": explanation(frame.head(1), ("0", "1", "{1}"), "probability"),
        "one row of numbers": explanation(frame.head(1), ("目标",), "units of 目标"),
        "pairs": replace(explanation(frame), interactions=pairs()),
    }
    for name, each in made.items():
        yield name, partial(explanation_words, each)
    yield "no contribution", partial(explanation_words, silent(made["binary"]))
    yield "one row without contribution", partial(explanation_words, silent(made["one row"]))


def silent(found: Explanation) -> Explanation:
    """The same rows, of which the model says nothing."""
    values = np.zeros_like(found.values)
    margin = found.base + values.sum(axis=1)
    return replace(found, values=values, margin=margin, importance=importance_table(values, found.data, {}))


def fairness(task: Task, rows: int = 400, seed: int = 0, spread: float = 0.3) -> Told:
    """Figures by a column with levels, gaps and groups that are too small; two of them differ."""
    random = np.random.default_rng(seed)
    group = pd.Series(random.choice(["甲 {0}", "乙 %s", "[b]丙"], rows), name="群体 {x}", dtype=object)
    group[:30], group[30:60], group[60:85] = None, "small", [f"g{place // 10}" for place in range(25)]
    share = np.clip(random.random(rows) * 0.5 + spread * (group == "乙 %s"), 0.01, 0.99)
    if task is Task.REGRESSION:
        prediction, truth = pd.DataFrame({"prediction": share}), share + random.normal(0, 0.1, rows)
    elif task is Task.BINARY:
        prediction = pd.DataFrame({"no": 1 - share, "yes": share})
        truth = np.where(random.random(rows) < share, "yes", "no")
    else:
        prediction = pd.DataFrame({"0": 0.9 - share / 2, "1": share / 2, "{2} 'x'": 0.1})
        truth = random.choice(["0", "1", "{2} 'x'"], rows)
    prediction.iloc[::50] = np.nan
    metrics = group_metrics(group, truth, prediction, task)
    found = explanation(customers(rows, seed))
    carried = np.where(group == "乙 %s", 2.0, 0.0) + random.normal(0, 0.3, rows)
    found.data["visits {0}"] = carried
    found.values[:, 0, 0] = carried
    proxies = proxy_columns(found, group)
    return partial(fairness_words, metrics, proxies=proxies, features=("群体 {x}",))


def groups() -> Iterator[tuple[str, Told]]:
    """Figures by group, and a group column that is one of the model."""
    for task in (Task.BINARY, Task.MULTICLASS, Task.REGRESSION):
        yield f"fairness of {task}", partial(_in, fairness(task))
        yield f"no difference of {task}", partial(_in, fairness(task, 300, 1, 0.0))
    frame = customers()
    random = np.random.default_rng(0)
    said, truth = pd.DataFrame({"prediction": random.random(ROWS)}), random.random(ROWS)
    for column in ("visits {0}", "消费额 %s", "joined", "vip"):
        metrics = group_metrics(frame[column], truth, said, Task.REGRESSION)
        proxies = proxy_columns(explanation(frame), frame[column])
        yield f"groups of {column}", partial(_in, partial(fairness_words, metrics, proxies=proxies))
    one = group_metrics(pd.Series(["a"] * ROWS), truth, said, Task.REGRESSION)
    yield "one group", partial(_in, partial(fairness_words, one))
    none = group_metrics(pd.Series(["a"] * 5), truth[:5], said.head(5), Task.REGRESSION)
    yield "no group", partial(_in, partial(fairness_words, none))


def segments() -> Iterator[tuple[str, Told]]:
    """Drivers of a segment, and models of segments."""
    frame = customers()
    inside = (frame["地区"] == "南").to_numpy()
    for name, found in {
        "drivers": explanation(frame),
        "drivers of numbers": explanation(frame, ("目标",), "units of 目标"),
        "drivers of nothing": silent(explanation(frame)),
    }.items():
        yield name, segment_drivers(found, inside, top=4).words_in
    for rows in (0, 5, ROWS - 5, ROWS):
        yield f"{rows} members", segment_drivers(explanation(frame), np.arange(ROWS) < rows).words_in
    table = lever_table(frame.drop(columns=["text"]).assign(y=1.0), [], Task.REGRESSION)
    labels = np.where(inside, "南 {0}", "rest").astype(object)
    labels[:4] = "small"
    yield "surrogate", fit_surrogate(table, labels, max_rows=190).told
    faithful = fit_surrogate(table, np.where(frame["visits {0}"] > 6, "high {0}", "low"))
    yield "faithful surrogate", faithful.told
    random = fit_surrogate(table, np.random.default_rng(0).integers(0, 3, ROWS))
    yield "unfaithful surrogate", random.told
    yield "no drivers", random.drivers(None, np.zeros(ROWS), 1).words_in
    yield "one segment", fit_surrogate(table, np.zeros(ROWS)).told
    bare = lever_table(pd.DataFrame({"constant": [1.0] * ROWS, "y": 1.0}), [], Task.REGRESSION)
    yield "no values", fit_surrogate(bare, np.arange(ROWS) % 2).told
    yield "no features", fit_surrogate(lever_table(frame[[]].assign(y=1.0)), np.arange(ROWS) % 2).told


def measures() -> Iterator[tuple[str, Told]]:
    """What is said of importance: permutation, agreement, stability, chance."""
    random = np.random.default_rng(0)
    names = [f"列{place} {{x}}" for place in range(8)]
    shap = pd.DataFrame({"column": names, "importance": np.arange(8.0, 0, -1), "increase": np.arange(8.0, 0, -1)})
    for noise in (0.0, 2.0, 9.0):
        other = shap.assign(increase=shap["increase"] + random.normal(0, noise, 8) if noise else shap["increase"])
        for pairs_ in ([], [RelatedPair(names[0], names[1], -0.93), RelatedPair(names[6], names[7], 0.9)]):
            yield f"agreement {noise} {len(pairs_)}", partial(_one, agreement(shap, other, pairs_).told)
    yield "no agreement", partial(_one, agreement(shap.head(2), shap.head(2)).told)
    for noise in (0.0, 4.0, 30.0):
        tables = [
            pd.DataFrame({"column": names, "share": each / each.sum(), "direction": np.where(each > 4, 1.0, sign)})
            for sign in (1.0, -1.0)
            for each in [np.abs(np.arange(1.0, 9) + random.normal(0, noise, 8))]
        ]
        yield f"stability {noise}", partial(_one, partial(stability_words, importance_stability(tables)))
    few = importance_stability([each.head(2) for each in tables])
    yield "no stability", partial(_one, partial(stability_words, few))
    for planted in (names[:1], names[5:6], names[2:4]):
        yield f"floor {planted}", partial(_one, noise_floor(shap, planted).told)
    model, table = written(Task.REGRESSION)
    spent = Budget.of(0.0)
    for held_out, budget in ((True, None), (False, spent)):
        found = permutation_importance(model, table, held_out=held_out, budget=budget, rows=60)
        yield f"permutation {held_out}", partial(_one, partial(permutation_words, found))
    own = permutation_importance(model, table, metric=_own_loss, rows=60)
    yield "a loss of the caller's", partial(_one, partial(permutation_words, own))
    for column in model.columns:
        close = [RelatedPair("a {0}", "b", 0.9)]
        effect = effect_of(model, table, column, close, rows=60)
        yield f"effect of {column}", partial(_one, effect.told)
    for check in (
        additivity("additivity", "as the model sees its columns", 1.2e-7, 1.0),
        additivity("additivity in source columns", "in the source columns", 0.3, 1.0),
        finite(np.ones(3)),
        finite(np.array([np.nan, 1.0])),
    ):
        yield f"check {check.name} {check.passed}", partial(_one, partial(check_words, check, 20))


def single_rows() -> Iterator[tuple[str, Told]]:
    """Neighbours and changes of one row."""
    for task in (Task.BINARY, Task.REGRESSION):
        model, table = written(task)
        yield f"neighbours {task}", neighbours(model, table, 0, count=2).told
        yield f"neighbours by importance {task}", neighbours(model, table, 0, explanation=weighing(model, table)).told
        yield f"neighbours of a row {task}", neighbours(model, table, table.frame.iloc[1]).told
        far = None if task is Task.BINARY else 1e6
        alone = table if far else replace(table, frame=table.frame.head(1))
        yield f"no neighbours {task}", neighbours(model, alone, 0, apart=far).told
    model, table = written(Task.BINARY)
    for aim in (None, Aim("yes"), Aim("no"), Aim("yes", at_least=0.95), Aim("yes", at_least=0.2, at_most=0.4)):
        yield f"changes to {aim}", counterfactual(model, table, 0, aim).told
    yield "nothing named", counterfactual(model, table, 0, columns=[]).told
    yield "texts", counterfactual(model, table, 0, columns=["text"]).told
    model, table = written(Task.REGRESSION)
    for aim in (Aim(at_least=100), Aim(at_most=-5), Aim(at_least=1e4)):
        yield f"changes to {aim}", counterfactual(model, table, 0, aim).told


def written(task: Task, rows: int = 300) -> tuple[Model, Table]:
    """A model by formula over columns with odd names."""
    random = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "a {0}": random.integers(0, 60, rows),
            "b": random.integers(0, 60, rows),
            "级别 %s": random.choice(["u", "{v}", "[b]"], rows),
            "vip": random.random(rows) < 0.5,
            "text": [f"text {place}" for place in range(rows)],
            "constant": 1,
        }
    )
    frame.loc[5:20, "级别 %s"] = None
    frame.loc[0, ["a {0}", "b"]] = 5, 50
    high = frame["a {0}"] >= 45
    frame["y"] = np.where(high, "yes", "no") if task is Task.BINARY else frame["a {0}"] * 1.5
    table = lever_table(frame, ["a {0}", "b", "级别 %s"], task, texts=["text"])
    if task is Task.BINARY:
        return by_formula(table, lambda X: yes((X["a {0}"] >= 45) & (X["b"] >= 20)), ["no", "yes"]), table
    return by_formula(table, lambda X: X["a {0}"] * 1.5 + X["b"] + X["vip"]), table


def weighing(model: Model, table: Table) -> Explanation:
    """An explanation of which neighbours look at the importance alone."""
    data = table.frame.loc[:, list(model.columns)]
    values = np.ones((len(data), len(model.columns), 1))
    return replace(silent(explanation(customers())), importance=importance_table(values, data, {}))


PARTS = (explanations, groups, segments, measures, single_rows)


def _in(told: Callable[..., tuple[str, ...]], language: Language) -> tuple[str, ...]:
    return told(language=language)


def _one(told: Callable[..., str], language: Language) -> tuple[str, ...]:
    return (told(language=language),)


def _own_loss(truth: np.ndarray, predicted: pd.DataFrame) -> float:
    return float(np.abs(truth - predicted["prediction"].to_numpy()).max())


_CAUSAL = {
    "en": r"\b(because|caus\w+|due to|leads? to|led to|effects? of|impacts?|drives?|driven|influenc\w+|results? in)\b",
    "zh": "导致|使得|影响|造成|引起|促使|致使|引发|推动|驱动|决定了|归功|拉动|作用于",
}


def causal(text: str, language: Language) -> bool:
    """Whether it says that something does something to somebody."""
    return re.search(_CAUSAL[language], text.lower()) is not None


def figures(text: str) -> list[str]:
    """All numbers in a text, in ascending order: languages put them in orders of their own."""
    return sorted(re.findall(r"[+-]?\d+(?:[.,]\d+)*(?:e[+-]\d+)?", text))
