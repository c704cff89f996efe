"""An explanation in plain sentences: figures from the model, association only, with their caveats."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.contracts import Lever
from workbench.explain.columns import number_text, read_column
from workbench.explain.dependence import binned
from workbench.explain.importance import direction
from workbench.explain.related import RelatedPair, related_pairs

TOLD = 4
"""Columns that get a sentence of their own."""
COMPARED = 10
"""Most important columns among which related pairs are looked for."""
CLEAR, SLIGHT = 0.6, 0.3
"""|rank correlation| from which a direction is called clear, and below which there is none."""
LEAST_ROWS = 5
"""Levels and bins with fewer rows are not named."""


def describe(
    values: np.ndarray,
    data: pd.DataFrame,
    importance: pd.DataFrame,
    *,
    outputs: Sequence[str],
    space: str,
    target: str,
    total_rows: int,
) -> tuple[str, ...]:
    """Sentences for people, most important first.

    Args:
        values: contributions, shape (rows, columns, outputs).
        data: raw values of the same rows.
        importance: as ``importance_table`` gives it.
    """
    rows = len(data)
    if not importance["importance"].gt(0).any():
        return (f"The model says the same for every row: no column contributes anything to {_quoted(target)}.",)
    sentences = [_leading(importance, space, rows, outputs)]
    told = importance[importance["importance"] > 0].head(TOLD)
    if len(outputs) == 1:
        what = _predicted(outputs[0], space, target)
        places = {name: place for place, name in enumerate(data.columns)}
        for name in map(str, told["column"]):
            place = places[name]
            sentences.append(_column(name, data.iloc[:, place], values[:, place, 0], what))
    sentences += _concentration(importance)
    sentences += _levers(importance)
    sentences += _order(importance)
    top = [str(name) for name in importance.loc[importance["importance"] > 0, "column"].head(COMPARED)]
    sentences += _shared_credit(related_pairs(data, top))
    if rows < total_rows:
        sentences.append(
            f"These figures rest on {rows:,} of {total_rows:,} rows, chosen so that low and high predictions are "
            "represented alike."
        )
    sentences.append(
        "All of this is association as the model sees it in these data; "
        "it does not say what would happen if a value were changed."
    )
    return tuple(sentences)


def _quoted(name: str) -> str:
    return f"'{name}'"


def _predicted(output: str, space: str, target: str) -> str:
    if space.startswith("units of"):
        return f"predicted {_quoted(target)}"
    return f"predicted {space} of {_quoted(target)} being {_quoted(output)}"


def _unit(space: str) -> str:
    return space if not space.startswith("units of ") else f"in {space}"


def _leading(importance: pd.DataFrame, space: str, rows: int, outputs: Sequence[str]) -> str:
    first = importance.iloc[0]
    interval = ""
    if np.isfinite(first["low"]):
        interval = f" (95 % interval {number_text(first['low'])} to {number_text(first['high'])})"
    over = f" and {len(outputs)} classes" if len(outputs) > 1 else ""
    counted = "For this row" if rows == 1 else f"Over {rows:,} rows{over}"
    return (
        f"{counted}, {_quoted(str(first['column']))} carries the largest part of the predictions: "
        f"{number_text(first['importance'])} on average{interval}, {_unit(space)}, "
        f"which is {first['share']:.0%} of everything attributed to columns."
    )


def _column(name: str, raw: pd.Series, contribution: np.ndarray, what: str) -> str:
    reading = read_column(raw)
    bins = binned(reading, contribution)
    bins = bins[bins["rows"] >= min(LEAST_ROWS, len(raw))]
    towards = direction(raw, contribution)
    if reading.ordered and np.isfinite(towards) and abs(towards) >= SLIGHT:
        strength = "" if abs(towards) >= CLEAR else " somewhat"
        side = "higher" if towards > 0 else "lower"
        higher = "Later dates" if reading.scale == "date" else "Higher values"
        return f"{higher} of {_quoted(name)} go with {side} {what}{strength} (rank correlation {towards:+.2f})."
    named = bins[bins["x"].notna()] if reading.ordered else bins
    if len(named) < 2:
        return f"{_quoted(name)} contributes {number_text(float(np.mean(contribution)), signed=True)} on average."
    means = named["contribution"].to_numpy()
    best, worst = named.iloc[int(means.argmax())], named.iloc[int(means.argmin())]
    lead = "does not work in one direction" if reading.ordered else "differs by level"
    return (
        f"{_quoted(name)} {lead}: {_quoted(best['label'])} goes with the highest {what} "
        f"({number_text(best['contribution'], signed=True)}, {int(best['rows']):,} rows), "
        f"{_quoted(worst['label'])} with the lowest "
        f"({number_text(worst['contribution'], signed=True)}, {int(worst['rows']):,} rows)."
    )


def _concentration(importance: pd.DataFrame) -> list[str]:
    shares = importance["share"].to_numpy()
    used = int((shares > 0).sum())
    silent = len(shares) - used
    needed = int(np.searchsorted(np.cumsum(shares), 0.8) + 1)
    parts = []
    if needed < used:
        some = "One column carries" if needed == 1 else f"{needed} columns carry"
        parts.append(f"{some} 80 % of everything attributed.")
    if silent:
        parts.append(f"{silent} of {len(shares)} columns contribute{'s' if silent == 1 else ''} nothing.")
    return [" ".join(parts)] if parts else []


def _levers(importance: pd.DataFrame) -> list[str]:
    levers = importance[importance["lever"].isin([Lever.CONTROLLABLE, Lever.PARTLY]) & importance["importance"].gt(0)]
    if levers.empty:
        return []
    named = ", ".join(f"{_quoted(str(row.column))} ({row.share:.0%})" for row in levers.head(3).itertuples())
    return [
        f"Of what the business can change at least in part, {named} carry the most; "
        "only a test shows what a change does."
    ]


def _order(importance: pd.DataFrame) -> list[str]:
    if len(importance) < 2 or not np.isfinite(importance["low"].iloc[0]):
        return []
    first, second = importance.iloc[0], importance.iloc[1]
    if second["importance"] > 0 and second["high"] >= first["low"]:
        a, b = _quoted(str(first["column"])), _quoted(str(second["column"]))
        return [f"Which of {a} and {b} matters more is not certain: their intervals overlap."]
    return []


def _shared_credit(pairs: Sequence[RelatedPair]) -> list[str]:
    """One sentence for each group of columns that hang together by strong pairs."""
    sentences = []
    for group in _groups(pairs):
        inside = [pair for pair in pairs if pair.first in group]
        strongest = max(abs(pair.strength) for pair in inside)
        names = [_quoted(name) for name in group]
        listed = f"{', '.join(names[:-1])} and {names[-1]}"
        sentences.append(
            f"{listed} go together (|r| up to {strongest:.2f}), so credit may be shared among them: read them together."
        )
    return sentences


def _groups(pairs: Sequence[RelatedPair]) -> list[list[str]]:
    groups: list[list[str]] = []
    for pair in pairs:
        touching = [group for group in groups if pair.first in group or pair.second in group]
        merged = [name for group in touching for name in group]
        merged += [name for name in (pair.first, pair.second) if name not in merged]
        groups = [group for group in groups if group not in touching] + [merged]
    return groups
