"""Figures of a model by the groups of a declared column, and the groups against the largest of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from workbench.contracts import Task
from workbench.errors import InputError
from workbench.explain.fairness import binary, multiclass, regression
from workbench.explain.fairness._base import COMPARISONS, FIGURES, LEAST_CASES, MINIMUM, GroupMetrics
from workbench.explain.fairness.estimates import Comparison, Drawn, Estimate, Share
from workbench.explain.fairness.groups import Groups, read_groups
from workbench.explain.fairness.named import metric_name
from workbench.explain.fairness.outcomes import Outcomes, position_of, read_outcomes
from workbench.explain.language import Listed, Name, Said, say
from workbench.explain.sampling.resampling import LEVEL

_STREAM = 7_919
"""Keeps these draws apart from others of the same seed."""
Measured = list[dict[str, Estimate]]


def group_metrics(
    group: pd.Series,
    truth: np.ndarray,
    prediction: pd.DataFrame,
    task: Task,
    *,
    positive: object | None = None,
    threshold: float = 0.5,
    emphasis: Sequence[float] | None = None,
    seed: int = 0,
    minimum: int = MINIMUM,
) -> GroupMetrics:
    """How a model does in each group of ``group``.

    Predictions must be of rows that the model did not learn from: out of fold or held out, such as
    ``pd.DataFrame(result.out_of_fold, columns=[str(label) for label in model.classes])`` of a ``SearchResult``. On rows
    that it has learnt from, a model is right more often than it will be, and not equally so in every group.

    All intervals are for this model and other rows like these; rows count alike, whatever their weights.

    Args:
        group: any column of the table, shape (rows,); taken by position. See ``read_groups`` for numbers, missing
            values and small groups.
        truth: target as it stands in the table, shape (rows,).
        prediction: a column per class, named as the class (as text), or one column ``prediction``; shape
            (rows, columns). Rows with NaN are left out and counted.
        positive: class whose selection is looked at, for two classes; the second column by default.
        threshold: share of ``positive`` from which a row is selected.
        emphasis: what shares are multiplied by before the highest is the answer, for more classes; as ``Model``'s.
        seed: of the bootstrap.
        minimum: rows below which a group gets no figures.

    Raises:
        InputError: lengths differ, columns are not those of the task, or a class has no column.
    """
    if len(group) != len(prediction):
        raise InputError(
            f"The group column has {len(group):,} rows but there are {len(prediction):,} predictions; "
            "both need a row for each row of the table."
        )
    if minimum < LEAST_CASES:
        raise InputError(f"Groups of {minimum} rows are too small for figures; the least is {LEAST_CASES}.")
    if emphasis is not None and len(emphasis) != prediction.shape[1]:
        raise InputError(f"There are {len(emphasis)} factors for {prediction.shape[1]} classes; give one for each.")
    outcomes = read_outcomes(np.asarray(truth), prediction, task)
    groups = read_groups(group.iloc[outcomes.rows], minimum)
    place = position_of(positive, outcomes.names) if task is Task.BINARY else 0
    factors = np.ones(outcomes.said.shape[1]) if emphasis is None else np.asarray(emphasis, dtype=np.float64)
    measured = [
        _measured(task, outcomes, groups.codes == code, place, threshold, factors, [seed, _STREAM, code])
        for code in range(len(groups.labels))
    ]
    comparisons, compared = _compared(task, groups, measured)
    left_out = len(prediction) - len(outcomes.rows)
    return GroupMetrics(
        column=groups.name,
        task=task,
        positive=outcomes.names[place] if task is Task.BINARY else "",
        threshold=threshold if task is Task.BINARY else None,
        reference=groups.labels[groups.reference] if groups.labels else "",
        groups=_sizes(groups),
        figures=_figures(groups, measured),
        comparisons=comparisons,
        compared=compared,
        left_out=left_out,
        minimum=minimum,
        said=(*_left_out(left_out), *groups.notes, *_few_cases(groups, measured)),
        labels=groups.said,
    )


def _measured(
    task: Task,
    outcomes: Outcomes,
    inside: np.ndarray,
    place: int,
    threshold: float,
    factors: np.ndarray,
    stream: list[int],
) -> dict[str, Estimate]:
    random = np.random.default_rng(stream)
    truth, said = outcomes.truth[inside], outcomes.said[inside]
    if task is Task.REGRESSION:
        return regression.figures(truth, said[:, 0], random)
    if task is Task.BINARY:
        return binary.figures(truth == place, said[:, place], threshold, random)
    return multiclass.figures(truth, said, outcomes.names, factors, random)


_COMPARING: dict[Task, Callable[[Mapping[str, Estimate], Mapping[str, Estimate]], dict[str, Comparison]]] = {
    Task.BINARY: binary.comparisons,
    Task.MULTICLASS: multiclass.comparisons,
    Task.REGRESSION: regression.comparisons,
}


def _compared(task: Task, groups: Groups, measured: Measured) -> tuple[pd.DataFrame, int]:
    """All groups against the reference, by measure, and how many comparisons there are."""
    others = [code for code in range(len(groups.labels)) if code != groups.reference]
    found = {code: _COMPARING[task](measured[code], measured[groups.reference]) for code in others}
    counted = sum(
        one.counted and bool(np.isfinite(one.interval()).all()) for each in found.values() for one in each.values()
    )
    adjusted = 1 - (1 - LEVEL) / max(1, counted)
    rows = []
    for measure in found[others[0]] if others else ():
        for code in others:
            one = found[code][measure]
            low, high = one.interval()
            wide_low, wide_high = one.interval(adjusted)
            clear = wide_low > one.nothing or wide_high < one.nothing
            names = groups.labels[code], groups.labels[groups.reference]
            rows.append((measure, *names, one.value, low, high, wide_low, wide_high, clear, one.counted))
    frame = pd.DataFrame(rows, columns=COMPARISONS)
    return frame.astype({"clear": bool, "counted": bool}), counted


def _sizes(groups: Groups) -> pd.DataFrame:
    total = max(1, int(groups.sizes.sum()))
    return pd.DataFrame(
        {
            "group": pd.Series(list(groups.labels), dtype=object),
            "rows": groups.sizes,
            "share": groups.sizes / total,
        }
    )


def _figures(groups: Groups, measured: Measured) -> pd.DataFrame:
    rows = []
    for label, figures in zip(groups.labels, measured, strict=True):
        for metric, one in figures.items():
            # how few rows there were is as much a figure of a few people as the rate among them
            known = bool(np.isfinite(one.value))
            rows.append((label, metric, one.value, *one.interval(), one.rows if known else np.nan))
    frame = pd.DataFrame(rows, columns=FIGURES)
    return frame.astype(dict.fromkeys(("value", "low", "high", "rows"), float))


def _left_out(rows: int) -> tuple[Said, ...]:
    return (say("fairness.left_out", rows=rows),) if rows else ()


def _few_cases(groups: Groups, measured: Measured) -> tuple[Said, ...]:
    """One sentence for each group that some figures have too few cases in."""
    lacking: dict[str, list[str]] = {}
    for label, figures in zip(groups.labels, measured, strict=True):
        for metric, one in figures.items():
            if isinstance(one, Share | Drawn) and not np.isfinite(one.value):
                lacking.setdefault(label, []).append(metric)
    return tuple(
        say(
            "fairness.few_cases",
            group=Name(groups.said.get(label, label)),
            metrics=Listed(tuple(metric_name(metric) for metric in metrics)),
            least=LEAST_CASES,
            count=len(metrics),
        )
        for label, metrics in lacking.items()
    )
