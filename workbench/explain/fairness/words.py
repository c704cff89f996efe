"""Figures by group in plain sentences: what differs and how surely, and what the figures can't settle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.contracts import Task
from workbench.explain.columns import number_text
from workbench.explain.fairness import binary
from workbench.explain.fairness._base import GroupMetrics
from workbench.explain.fairness.named import gloss, measured_by, metric_name, size_text, value_text
from workbench.explain.fairness.proxies import words_column
from workbench.explain.language import Language, Listed, Name, Said, say

TOLD = 4
"""Comparisons, and proxies, that get a sentence of their own."""
FOUR_FIFTHS = 0.8


def words(
    metrics: GroupMetrics,
    *,
    proxies: pd.DataFrame | None = None,
    features: Sequence[str] = (),
    language: Language = "en",
) -> tuple[str, ...]:
    """Sentences for people, most important first.

    Args:
        metrics: as ``group_metrics`` gives it.
        proxies: as ``proxy_columns`` gives it for the same column.
        features: columns that the model uses, such as ``model.columns``.
    """
    said = [_leading(metrics)]
    if metrics.column in features:
        said.append(say("fairness.feature", column=Name(metrics.column)))
    if not metrics.comparisons.empty:
        said += _differences(metrics)
        if metrics.task is Task.BINARY:
            said += [*_four_fifths(metrics), _together(metrics)]
    sentences = [sentence.told(language) for sentence in said]
    if proxies is not None:
        sentences += _proxies(metrics, proxies, language)
    return (*sentences, *metrics.told(language), say("fairness.closing").told(language))


def _leading(metrics: GroupMetrics) -> Said:
    sizes, column = metrics.groups, Name(metrics.column)
    if sizes.empty:
        return say("fairness.none", column=column, minimum=metrics.minimum)
    named = tuple(
        say("fairness.group", group=metrics.name(row["group"]), rows=int(row["rows"]))
        for _, row in sizes.head(TOLD).iterrows()
    )
    if len(sizes) == 1:
        return say("fairness.single", column=column, group=named[0])
    threshold = metrics.threshold
    return say(
        "fairness.leading",
        column=column,
        named=Listed(named),
        more=say("fairness.more", count=len(sizes) - TOLD) if len(sizes) > TOLD else "",
        reference=metrics.name(metrics.reference),
        selected=say("fairness.selected", positive=Name(metrics.positive), threshold=number_text(float(threshold)))
        if threshold is not None
        else "",
    )


def _differences(metrics: GroupMetrics) -> list[Said]:
    # how often the target itself comes is a fact about the data, told with what follows from it
    own = metrics.comparisons[
        metrics.comparisons["counted"] & (metrics.comparisons["measure"] != binary.BASE_DIFFERENCE)
    ]
    told = own[own["clear"]]
    if told.empty:
        return [_no_difference(metrics, own)]
    sentences = [_difference(metrics, row) for _, row in told.head(TOLD).iterrows()]
    if len(told) > TOLD:
        sentences.append(say("fairness.more_differences", count=len(told) - TOLD))
    others = int(own["low"].notna().sum()) - len(told)
    if others:
        sentences.append(say("fairness.chance", count=others))
    if metrics.compared > 1:
        sentences.append(say("fairness.widened", compared=metrics.compared))
    return sentences


def _difference(metrics: GroupMetrics, row: pd.Series) -> Said:
    metric = measured_by(str(row["measure"]))
    own, other = metrics.figure(metric, row["group"]), metrics.figure(metric, row["against"])
    ends = sorted((abs(float(row["adjusted_low"])), abs(float(row["adjusted_high"]))))
    return say(
        "fairness.higher" if row["value"] > 0 else "fairness.lower",
        metric=metric_name(metric),
        gloss=gloss(metric),
        group=metrics.name(row["group"]),
        against=metrics.name(row["against"]),
        own=value_text(metric, own),
        other=value_text(metric, other),
        size=size_text(metric, abs(float(row["value"]))),
        low=size_text(metric, ends[0], bare=True),
        high=size_text(metric, ends[1]),
    )


def _no_difference(metrics: GroupMetrics, own: pd.DataFrame) -> Said:
    known = own[own["low"].notna()]
    if known.empty:
        return say("fairness.too_few")
    # the first measure is what the model says, whoever is right: the one to ask about first
    first = known[known["measure"] == known["measure"].iloc[0]]
    reach = np.maximum(first["adjusted_low"].abs(), first["adjusted_high"].abs()).to_numpy(dtype=float)
    widest, metric = first.iloc[int(reach.argmax())], measured_by(str(first["measure"].iloc[0]))
    adjusted = metrics.compared > 1
    return say(
        "fairness.no_difference",
        how=say("fairness.adjusted", compared=metrics.compared) if adjusted else say("fairness.not_adjusted"),
        size=size_text(metric, float(reach.max())),
        metric=metric_name(metric),
        group=metrics.name(widest["group"]),
    )


def _four_fifths(metrics: GroupMetrics) -> list[Said]:
    ratios = metrics.comparisons[metrics.comparisons["measure"] == binary.PARITY_RATIO]
    ratios = ratios[ratios["value"].notna()]
    if ratios.empty:
        return []
    # seen from the group that is selected more often, as the convention looks at it
    value = ratios["value"].to_numpy(dtype=float)
    seen = np.minimum(value, 1 / np.maximum(value, 1e-12))
    worst = ratios.iloc[int(seen.argmin())]
    return [
        say(
            "fairness.ratio_outside" if seen.min() < FOUR_FIFTHS else "fairness.ratio_inside",
            group=metrics.name(worst["group"]),
            ratio=number_text(float(worst["value"])),
            against=metrics.name(worst["against"]),
            low=number_text(float(worst["adjusted_low"])),
            high=number_text(float(worst["adjusted_high"])),
        )
    ]


def _together(metrics: GroupMetrics) -> Said:
    base = metrics.comparisons[metrics.comparisons["measure"] == binary.BASE_DIFFERENCE]
    differs = base[base["clear"]]
    if differs.empty:
        return say("fairness.together")
    first = differs.iloc[int(differs["value"].abs().to_numpy().argmax())]
    own, other = (metrics.figure(binary.BASE, str(first[side])) for side in ("group", "against"))
    return say(
        "fairness.together_as_here",
        positive=Name(metrics.positive),
        own=f"{own:.0%}",
        group=metrics.name(first["group"]),
        other=f"{other:.0%}",
        against=metrics.name(first["against"]),
    )


def _proxies(metrics: GroupMetrics, proxies: pd.DataFrame, language: Language) -> list[str]:
    named, told = proxies[proxies["proxy"] | proxies["itself"]], words_column(language)
    if proxies.empty:
        return []
    if not proxies["proxy"].any():
        none = say("fairness.no_proxy", column=Name(metrics.column)).told(language)
        return [*named[told].head(1), none]
    leading = named.iloc[np.argsort(-named["difference"].abs().to_numpy(), kind="stable")]
    return [str(sentence) for sentence in leading[told].head(TOLD)]
