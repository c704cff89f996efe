"""What is worth saying of an explanation of many rows, most important first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.contracts import Lever
from workbench.explain.columns import number_text
from workbench.explain.language import Language, Listed, Name, Part, Said, joined, names, say
from workbench.explain.language.terms import interval, predicted, space_of
from workbench.explain.overall.related import RelatedPair, related_pairs
from workbench.explain.words.values import classes_said, columns_said

TOLD = 4
"""Columns that get a sentence of their own."""
COMPARED = 10
"""Most important columns among which related pairs are looked for."""
TOGETHER = 0.05
"""Share of everything attributed from which a pair that works together is told."""
MOST = 0.8
"""Share that the most important columns are counted up to; the phrase says it as well."""
LEVERS = 3
CLOSING = say("overall.closing")


def describe(
    values: np.ndarray,
    data: pd.DataFrame,
    importance: pd.DataFrame,
    *,
    outputs: Sequence[str],
    space: str,
    target: str,
    total_rows: int,
    interactions: pd.DataFrame | None = None,
    language: Language = "en",
) -> tuple[str, ...]:
    """Sentences for people, most important first.

    Args:
        values: contributions, shape (rows, columns, outputs).
        data: raw values of the same rows.
        importance: as ``importance_table`` gives it.
        interactions: as ``top_interactions`` gives them.
    """
    if not importance["importance"].gt(0).any():
        return (say("overall.nothing", target=Name(target)).told(language),)
    sentences: list[Part] = [_leading(importance, space, len(data), outputs)]
    used = [str(name) for name in importance.loc[importance["importance"] > 0, "column"]]
    sentences += _by_column(values, data, used[:TOLD], outputs, predicted(outputs[0], space, target))
    sentences += _interaction(interactions, len(data))
    sentences += _concentration(importance)
    sentences += _levers(importance)
    sentences += _order(importance)
    sentences += _shared_credit(related_pairs(data, used[:COMPARED]))
    if len(data) < total_rows:
        sentences.append(say("overall.sample", rows=len(data), total=total_rows))
    return tuple(sentence.told(language) for sentence in (*sentences, CLOSING))


def _by_column(
    values: np.ndarray, data: pd.DataFrame, told: Sequence[str], outputs: Sequence[str], what: Said
) -> list[Said]:
    places = {name: place for place, name in enumerate(data.columns)}
    own = [(name, data.iloc[:, places[name]], values[:, places[name]]) for name in told]
    if len(outputs) == 1:
        return columns_said([(name, raw, each[:, 0]) for name, raw, each in own], what)
    return [said for name, raw, each in own for said in classes_said(name, raw, each, outputs)]


def _leading(importance: pd.DataFrame, space: str, rows: int, outputs: Sequence[str]) -> Said:
    first = importance.iloc[0]
    return say(
        "overall.leading",
        rows=rows,
        over=say("overall.classes", classes=len(outputs)) if len(outputs) > 1 else "",
        column=Name(str(first["column"])),
        size=number_text(first["importance"]),
        interval=interval(first["low"], first["high"]),
        space=space_of(space),
        share=f"{first['share']:.0%}",
    )


def _interaction(pairs: pd.DataFrame | None, rows: int) -> list[Said]:
    """The pair that works together most, where it is worth a sentence."""
    if pairs is None or not pairs["share"].ge(TOGETHER).any():
        return []
    top = pairs.iloc[int(np.nanargmax(pairs["share"].to_numpy(dtype=float)))]
    ends = [number_text(float(top[end])) for end in ("low", "high") if np.isfinite(top[end])]
    looked = int(top.get("rows", rows))  # runs of earlier versions do not know
    return [
        say(
            "overall.interaction",
            first=Name(str(top["first"])),
            second=Name(str(top["second"])),
            size=number_text(float(top["strength"])),
            share=f"{top['share']:.0%}",
            interval=say("overall.interaction_interval", low=ends[0], high=ends[1]) if len(ends) == 2 else "",
            looked=say("overall.interaction_rows", rows=looked) if looked < rows else "",
        )
    ]


def _concentration(importance: pd.DataFrame) -> list[Part]:
    shares = importance["share"].to_numpy()
    used = int((shares > 0).sum())
    silent = len(shares) - used
    needed = int(np.searchsorted(np.cumsum(shares), MOST) + 1)
    parts = []
    if needed < used:
        parts.append(say("overall.few", count=needed))
    if silent:
        parts.append(say("overall.silent", count=silent, total=len(shares)))
    return [joined(parts)] if parts else []


def _levers(importance: pd.DataFrame) -> list[Said]:
    levers = importance[importance["lever"].isin([Lever.CONTROLLABLE, Lever.PARTLY]) & importance["importance"].gt(0)]
    if levers.empty:
        return []
    named = Listed(
        tuple(
            say("overall.with_share", column=Name(str(row["column"])), share=f"{row['share']:.0%}")
            for _, row in levers.head(LEVERS).iterrows()
        )
    )
    return [say("overall.levers", named=named, count=len(levers))]


def _order(importance: pd.DataFrame) -> list[Said]:
    if len(importance) < 2 or not np.isfinite(importance["low"].iloc[0]):
        return []
    first, second = importance.iloc[0], importance.iloc[1]
    if second["importance"] > 0 and second["high"] >= first["low"]:
        return [say("overall.order", first=Name(str(first["column"])), second=Name(str(second["column"])))]
    return []


def _shared_credit(pairs: Sequence[RelatedPair]) -> list[Said]:
    """One sentence for each group of columns that hang together by strong pairs."""
    sentences = []
    for group in _groups(pairs):
        strongest = max(abs(pair.strength) for pair in pairs if pair.first in group)
        sentences.append(say("overall.shared", columns=names(group), strength=f"{strongest:.2f}"))
    return sentences


def _groups(pairs: Sequence[RelatedPair]) -> list[list[str]]:
    groups: list[list[str]] = []
    for pair in pairs:
        touching = [group for group in groups if pair.first in group or pair.second in group]
        merged = [name for group in touching for name in group]
        merged += [name for name in (pair.first, pair.second) if name not in merged]
        groups = [group for group in groups if group not in touching] + [merged]
    return groups
