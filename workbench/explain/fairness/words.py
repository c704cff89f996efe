"""Figures by group in plain sentences: what differs and how surely, and what the figures can't settle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.contracts import Task
from workbench.explain.columns import number_text
from workbench.explain.fairness import binary, multiclass, regression
from workbench.explain.fairness._base import GroupMetrics

TOLD = 4
"""Comparisons, and proxies, that get a sentence of their own."""
FOUR_FIFTHS = 0.8
CLOSING = (
    "All of this is association in these data: the figures do not say why groups differ, "
    "nor whether a difference is justified."
)
_MEASURED_BY = {
    binary.PARITY: binary.SELECTED,
    binary.OPPORTUNITY: binary.RIGHT,
    binary.WRONG_DIFFERENCE: binary.WRONG,
    binary.PRECISION_DIFFERENCE: binary.PRECISION,
    binary.GAP_DIFFERENCE: binary.GAP,
    binary.AUC_DIFFERENCE: binary.AUC,
}
_GLOSSES = {
    binary.GAP: " (mean predicted minus observed share)",
    binary.RIGHT: " (selected among those of the positive class)",
    binary.WRONG: " (selected among those of the other class)",
    regression.ERROR: " (predicted minus observed)",
}
_PLAIN = (binary.AUC, binary.GAP, multiclass.LOSS, regression.PREDICTED, regression.ERROR, regression.RMSE)
"""Figures that are not told in percent."""


def words(
    metrics: GroupMetrics, *, proxies: pd.DataFrame | None = None, features: Sequence[str] = ()
) -> tuple[str, ...]:
    """Sentences for people, most important first.

    Args:
        metrics: as ``group_metrics`` gives it.
        proxies: as ``proxy_columns`` gives it for the same column.
        features: columns that the model uses, such as ``model.columns``.
    """
    sentences = [_leading(metrics)]
    if metrics.column in features:
        sentences.append(f"'{metrics.column}' is itself a column that the model uses.")
    if not metrics.comparisons.empty:
        sentences += _differences(metrics)
        if metrics.task is Task.BINARY:
            sentences += [*_four_fifths(metrics), _together(metrics)]
    if proxies is not None:
        sentences += _proxies(metrics, proxies)
    return (*sentences, *metrics.notes, CLOSING)


def _leading(metrics: GroupMetrics) -> str:
    sizes = metrics.groups
    if sizes.empty:
        return f"No group of '{metrics.column}' has {metrics.minimum} rows that were held out, so nothing is compared."
    named = [f"'{row.group}' ({row.rows:,} rows)" for row in sizes.head(TOLD).itertuples()]
    more = f" and {len(sizes) - TOLD} more" if len(sizes) > TOLD else ""
    if len(sizes) == 1:
        return f"'{metrics.column}' has one group that is large enough, {named[0]}, so there is nothing to compare."
    selected = (
        f", where a row is selected from a share of '{metrics.positive}' of {number_text(float(metrics.threshold))} on"
        if metrics.threshold is not None
        else ""
    )
    return (
        f"Held-out rows by '{metrics.column}': {', '.join(named)}{more}; each group is compared with the largest, "
        f"'{metrics.reference}'{selected}."
    )


def _differences(metrics: GroupMetrics) -> list[str]:
    # how often the target itself comes is a fact about the data, told with what follows from it
    own = metrics.comparisons[
        metrics.comparisons["counted"] & (metrics.comparisons["measure"] != binary.BASE_DIFFERENCE)
    ]
    told = own[own["clear"]]
    if told.empty:
        return [_no_difference(metrics, own)]
    sentences = [_difference(metrics, row) for _, row in told.head(TOLD).iterrows()]
    if len(told) > TOLD:
        sentences.append(f"{len(told) - TOLD} more differences are told from chance; see the table.")
    others = int(own["low"].notna().sum()) - len(told)
    if others:
        sentences.append(f"{others} other comparisons can't be told from chance in these data.")
    if metrics.compared > 1:
        sentences.append(
            f"With {metrics.compared} comparisons some differ by chance alone, so the intervals told here are widened "
            "(Bonferroni): all of them hold together in 95 of 100 cases."
        )
    return sentences


def _difference(metrics: GroupMetrics, row: pd.Series) -> str:
    metric = _metric(str(row["measure"]))
    own, other = metrics.figure(metric, row["group"]), metrics.figure(metric, row["against"])
    more = "higher" if row["value"] > 0 else "lower"
    size = abs(float(row["value"]))
    ends = sorted((abs(float(row["adjusted_low"])), abs(float(row["adjusted_high"]))))
    return (
        f"The {metric}{_GLOSSES.get(metric, '')} is {more} for '{row['group']}' than for '{row['against']}': "
        f"{_text(metric, own)} against {_text(metric, other)}, a difference of {_size(metric, size)} "
        f"(interval {_size(metric, ends[0], bare=True)} to {_size(metric, ends[1])})."
    )


def _no_difference(metrics: GroupMetrics, own: pd.DataFrame) -> str:
    known = own[own["low"].notna()]
    if known.empty:
        return "No figure could be compared: too few rows stand behind each."
    # the first measure is what the model says, whoever is right: the one to ask about first
    first = known[known["measure"] == known["measure"].iloc[0]]
    reach = np.maximum(first["adjusted_low"].abs(), first["adjusted_high"].abs()).to_numpy(dtype=float)
    widest, metric = first.iloc[int(reach.argmax())], _metric(str(first["measure"].iloc[0]))
    count = f"after adjusting for {metrics.compared} comparisons" if metrics.compared > 1 else "in one comparison"
    return (
        f"No difference can be told from chance in these data, {count}. "
        "That is no proof that groups are treated alike: "
        f"a difference of up to {_size(metric, float(reach.max()))} in the {metric} of '{widest['group']}' "
        "is compatible with these data."
    )


def _four_fifths(metrics: GroupMetrics) -> list[str]:
    ratios = metrics.comparisons[metrics.comparisons["measure"] == binary.PARITY_RATIO]
    ratios = ratios[ratios["value"].notna()]
    if ratios.empty:
        return []
    # seen from the group that is selected more often, as the convention looks at it
    value = ratios["value"].to_numpy(dtype=float)
    seen = np.minimum(value, 1 / np.maximum(value, 1e-12))
    worst = ratios.iloc[int(seen.argmin())]
    low, high = number_text(float(worst["low"])), number_text(float(worst["high"]))
    where = "outside" if seen.min() < FOUR_FIFTHS else "inside"
    return [
        f"The selection rate of '{worst['group']}' is {number_text(float(worst['value']))} times that of "
        f"'{worst['against']}' (95 % interval {low} to {high}), the ratio furthest from 1; it lies {where} 0.8 to "
        "1.25. To look at four fifths is a convention of US employment law (EEOC 1978) and not a verdict."
    ]


def _together(metrics: GroupMetrics) -> str:
    base = metrics.comparisons[metrics.comparisons["measure"] == binary.BASE_DIFFERENCE]
    differs = base[base["clear"]]
    if differs.empty:
        lead = "Where base rates differ"
    else:
        first = differs.iloc[int(differs["value"].abs().to_numpy().argmax())]
        own, other = (metrics.figure(binary.BASE, str(first[side])) for side in ("group", "against"))
        lead = (
            f"'{metrics.positive}' is not equally frequent ({own:.0%} for '{first['group']}', {other:.0%} for "
            f"'{first['against']}'), and where base rates differ"
        )
    return (
        f"{lead}, calibration within groups and equal rates of both kinds of error can't all hold unless predictions "
        "are perfect (Kleinberg et al. 2017): which of them to ask for is a choice that no figure makes."
    )


def _proxies(metrics: GroupMetrics, proxies: pd.DataFrame) -> list[str]:
    named = proxies[proxies["proxy"] | proxies["itself"]]
    if proxies.empty:
        return []
    if not proxies["proxy"].any():
        none = f"No other column both tells groups of '{metrics.column}' apart and clearly carries a difference."
        return [*named["words"].head(1), none]
    leading = named.iloc[np.argsort(-named["difference"].abs().to_numpy(), kind="stable")]
    return [str(sentence) for sentence in leading["words"].head(TOLD)]


def _metric(measure: str) -> str:
    if measure in _MEASURED_BY:
        return _MEASURED_BY[measure]
    return measure.removesuffix(" difference").removesuffix(", difference")


def _text(metric: str, value: float) -> str:
    return number_text(value) if metric in _PLAIN else f"{100 * value:.1f} %"


def _size(metric: str, size: float, *, bare: bool = False) -> str:
    if metric in _PLAIN:
        return number_text(size)
    return f"{100 * size:.1f}" if bare else f"{100 * size:.1f} points"
