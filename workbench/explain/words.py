"""An explanation in plain sentences: figures from the model, association only, with their caveats."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.contracts import Lever
from workbench.explain.columns import Reading, cell_text, number_text, read_column
from workbench.explain.overall.dependence import binned
from workbench.explain.overall.importance import direction
from workbench.explain.overall.related import RelatedPair, related_pairs

TOLD = 4
"""Columns that get a sentence of their own."""
COMPARED = 10
"""Most important columns among which related pairs are looked for."""
CLEAR, SLIGHT = 0.6, 0.3
"""|rank correlation| from which a direction is called clear, and below which there is none."""
CLOSING = (
    "All of this is association as the model sees it in these data; "
    "it does not say what would happen if a value were changed."
)
UNIQUE_SHARE = 0.5
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
    places = {name: place for place, name in enumerate(data.columns)}
    told = [str(name) for name in importance.loc[importance["importance"] > 0, "column"].head(TOLD)]
    if len(outputs) == 1:
        single = [(name, data.iloc[:, places[name]], values[:, places[name], 0]) for name in told]
        sentences += _columns(single, _predicted(outputs[0], space, target))
    else:
        for name in told:
            sentences += _classes(name, data.iloc[:, places[name]], values[:, places[name]], outputs)
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
    return (*sentences, CLOSING)


def describe_row(
    values: np.ndarray, raw: pd.Series, base: float, margin: float, *, output: str, space: str, target: str
) -> tuple[str, ...]:
    """Sentences for one row and one output.

    Args:
        values: contributions, shape (columns,).
        raw: the row's values, shape (columns,).
    """
    what = _predicted(output, space, target)
    unit = f" {space}" if space.startswith("units of") else ""
    first = (
        f"For this row the {what} is {number_text(margin)}{unit}: "
        f"{number_text(margin - base, signed=True)} against the average of {number_text(base)}."
    )
    order = [j for j in np.argsort(-np.abs(values), kind="stable") if values[j] != 0]
    if not order:
        return (first, "No column contributes anything to it.")
    parts = [
        f"{_quoted(str(raw.index[j]))} = {cell_text(raw.iloc[j])}: {number_text(values[j], signed=True)}"
        for j in order[:TOLD]
    ]
    others = order[TOLD:]
    if others:
        sum_text = number_text(float(values[others].sum()), signed=True)
        parts.append(f"{len(others)} other column{'s' * (len(others) > 1)}: {sum_text}")
    return (first, f"The difference is made up of {'; '.join(parts)}.", CLOSING)


def _quoted(name: str) -> str:
    return f"'{name}'"


def _predicted(output: str, space: str, target: str) -> str:
    if space.startswith("units of"):
        return f"predicted {_quoted(target)}"
    return f"predicted {space} of {_quoted(target)} being {_quoted(output)}"


def _leading(importance: pd.DataFrame, space: str, rows: int, outputs: Sequence[str]) -> str:
    first = importance.iloc[0]
    interval = ""
    if np.isfinite(first["low"]):
        interval = f" (95 % interval {number_text(first['low'])} to {number_text(first['high'])})"
    over = f" and {len(outputs)} classes" if len(outputs) > 1 else ""
    return (
        f"Over {rows:,} rows{over}, {_quoted(str(first['column']))} carries the largest part of the predictions: "
        f"{number_text(first['importance'])} on average{interval} in {space}, "
        f"which is {first['share']:.0%} of everything attributed to columns."
    )


def _columns(told: Sequence[tuple[str, pd.Series, np.ndarray]], what: str) -> list[str]:
    """A sentence for each column, one for all those that point the same way, in the order of their importance.

    Args:
        told: name, raw values and contributions of each.
    """
    alike: dict[str, list[tuple[str, float]]] = {}  # by the way in which they point, which stands where the first does
    sentences: list[str] = []
    for name, raw, contribution in told:
        reading = read_column(raw)
        towards = direction(raw, contribution)
        if not _unique(reading) and reading.ordered and np.isfinite(towards) and abs(towards) >= SLIGHT:
            strength = "" if abs(towards) >= CLEAR else "somewhat "
            higher = "Later dates" if reading.scale == "date" else "Higher values"
            way = f"{higher} of {{}} go with {strength}{'higher' if towards > 0 else 'lower'} {{}}"
            if way not in alike:
                sentences.append(way)
            alike.setdefault(way, []).append((name, towards))
        else:
            sentences.append(_without_direction(name, raw, contribution, reading, what))
    for place, sentence in enumerate(sentences):
        if group := alike.get(sentence):
            names, each = _listed([_quoted(name) for name, _ in group]), _listed([f"{one:+.2f}" for _, one in group])
            sentences[place] = f"{sentence.format(names, what)} (rank correlation {each})."
    return sentences


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


def _without_direction(name: str, raw: pd.Series, contribution: np.ndarray, reading: Reading, what: str) -> str:
    if _unique(reading):
        return _as_a_whole(name)
    bins = binned(reading, contribution)
    bins = bins[bins["rows"] >= min(LEAST_ROWS, len(raw))]
    named = bins[bins["x"].notna()] if reading.ordered else bins
    if len(named) < 2:
        return f"{_quoted(name)} contributes {number_text(float(np.mean(contribution)), signed=True)} on average."
    means = named["contribution"].to_numpy()
    best, worst = named.iloc[int(means.argmax())], named.iloc[int(means.argmin())]
    lead = "has no single direction" if reading.ordered else "differs by level"
    return (
        f"{_quoted(name)} {lead}: {_quoted(best['label'])} goes with the highest {what} "
        f"({number_text(best['contribution'], signed=True)}, {int(best['rows']):,} rows), "
        f"{_quoted(worst['label'])} with the lowest "
        f"({number_text(worst['contribution'], signed=True)}, {int(worst['rows']):,} rows)."
    )


def _unique(reading: Reading) -> bool:
    """Whether nearly every row has a level of its own, as texts do."""
    return len(reading.levels) > UNIQUE_SHARE * len(reading.values)


def _as_a_whole(name: str) -> str:
    return f"{_quoted(name)} differs in nearly every row: it counts as a whole, and no single value stands out."


def _classes(name: str, raw: pd.Series, own: np.ndarray, outputs: Sequence[str]) -> list[str]:
    """To which classes the values of one column point; ``own`` has shape (rows, outputs)."""
    reading = read_column(raw)
    if reading.ordered:
        towards = np.array([direction(raw, own[:, k]) for k in range(len(outputs))])
        if not np.isfinite(towards).any() or np.nanmax(np.abs(towards)) < SLIGHT:
            return []
        most, least = int(np.nanargmax(towards)), int(np.nanargmin(towards))
        parts = []
        if towards[most] >= SLIGHT:
            parts.append(f"point to {_quoted(outputs[most])} (rank correlation {towards[most]:+.2f})")
        if towards[least] <= -SLIGHT:
            parts.append(f"away from {_quoted(outputs[least])} ({towards[least]:+.2f})")
        lead = "point " if len(parts) == 1 and parts[0].startswith("away") else ""
        return [f"Higher values of {_quoted(name)} {lead}{' and '.join(parts)}."]
    if _unique(reading):
        return [_as_a_whole(name)]
    best: tuple[float, str, str] | None = None
    for k, output in enumerate(outputs):
        bins = binned(reading, own[:, k])
        bins = bins[bins["rows"] >= LEAST_ROWS]
        for label, mean in zip(bins["label"], bins["contribution"], strict=True):
            if best is None or mean > best[0]:
                best = (float(mean), str(label), output)
    if best is None:
        return []
    return [f"{_quoted(name)} differs by level: {_quoted(best[1])} points most to {_quoted(best[2])}."]


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
    verb = "carry" if len(levers) > 1 else "carries"
    return [
        f"Of what the business can change at least in part, {named} {verb} the most; "
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
        listed = _listed([_quoted(name) for name in group])
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
