"""How the values of single columns go with the prediction: which way, by which level, or towards which class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.explain.columns import Reading, number_text, read_column
from workbench.explain.language import Listed, Name, Said, names, say
from workbench.explain.overall.bins import binned
from workbench.explain.overall.importance import direction

CLEAR, SLIGHT = 0.6, 0.3
"""|rank correlation| from which a direction is called clear, and below which there is none."""
UNIQUE_SHARE = 0.5
LEAST_ROWS = 5
"""Levels and bins with fewer rows are not named."""


def columns_said(told: Sequence[tuple[str, pd.Series, np.ndarray]], what: Said) -> list[Said]:
    """A sentence for each column, one for all those that point the same way, in the order of their importance.

    Args:
        told: name, raw values and contributions of each.
        what: is predicted.
    """
    alike: dict[str, list[tuple[str, float]]] = {}  # by the way in which they point, which stands where the first does
    sentences: list[Said | str] = []
    for name, raw, contribution in told:
        reading = read_column(raw)
        towards = direction(raw, contribution)
        if not _unique(reading) and reading.ordered and np.isfinite(towards) and abs(towards) >= SLIGHT:
            way = _way(reading, towards)
            if way not in alike:
                sentences.append(way)
            alike.setdefault(way, []).append((name, towards))
        else:
            sentences.append(_without_direction(name, raw, contribution, reading, what))
    return [_same_way(each, alike[each], what) if isinstance(each, str) else each for each in sentences]


def classes_said(name: str, raw: pd.Series, own: np.ndarray, outputs: Sequence[str]) -> list[Said]:
    """To which classes the values of one column point; ``own`` has shape (rows, outputs)."""
    reading = read_column(raw)
    if reading.ordered:
        return _ordered_classes(name, np.array([direction(raw, own[:, k]) for k in range(len(outputs))]), outputs)
    if _unique(reading):
        return [_as_a_whole(name)]
    best: tuple[float, Name, str] | None = None
    for k, output in enumerate(outputs):
        bins = binned(reading, own[:, k])
        for _, each in bins[bins["rows"] >= LEAST_ROWS].iterrows():
            if best is None or each["contribution"] > best[0]:
                best = float(each["contribution"]), Name(each["name"]), output
    if best is None:
        return []
    return [say("overall.points_to", column=Name(name), level=best[1], output=Name(best[2]))]


def _way(reading: Reading, towards: float) -> str:
    later = "later_" if reading.scale == "date" else ""
    somewhat = "" if abs(towards) >= CLEAR else "somewhat_"
    return f"overall.{later}{somewhat}{'higher' if towards > 0 else 'lower'}"


def _same_way(way: str, group: Sequence[tuple[str, float]], what: Said) -> Said:
    each = Listed(tuple(f"{towards:+.2f}" for _, towards in group), last="and")
    return say(way, columns=names(name for name, _ in group), what=what, each=each, count=len(group))


def _without_direction(name: str, raw: pd.Series, contribution: np.ndarray, reading: Reading, what: Said) -> Said:
    if _unique(reading):
        return _as_a_whole(name)
    bins = binned(reading, contribution)
    bins = bins[bins["rows"] >= LEAST_ROWS]
    named = bins[bins["x"].notna()] if reading.ordered else bins
    if len(named) < 2:
        return say("overall.on_average", column=Name(name), size=number_text(float(np.mean(contribution)), signed=True))
    means = named["contribution"].to_numpy()
    best, worst = named.iloc[int(means.argmax())], named.iloc[int(means.argmin())]
    return say(
        "overall.no_direction" if reading.ordered else "overall.by_level",
        column=Name(name),
        what=what,
        best=Name(best["name"]),
        high=number_text(best["contribution"], signed=True),
        high_rows=int(best["rows"]),
        worst=Name(worst["name"]),
        low=number_text(worst["contribution"], signed=True),
        low_rows=int(worst["rows"]),
    )


def _ordered_classes(name: str, towards: np.ndarray, outputs: Sequence[str]) -> list[Said]:
    if not np.isfinite(towards).any() or np.nanmax(np.abs(towards)) < SLIGHT:
        return []
    most, least = int(np.nanargmax(towards)), int(np.nanargmin(towards))
    column, first, last = Name(name), Name(outputs[most]), Name(outputs[least])
    up, down = f"{towards[most]:+.2f}", f"{towards[least]:+.2f}"
    if towards[most] < SLIGHT:
        return [say("overall.away", column=column, least=last, away=down)]
    if towards[least] > -SLIGHT:
        return [say("overall.towards", column=column, most=first, towards=up)]
    return [say("overall.towards_and_away", column=column, most=first, towards=up, least=last, away=down)]


def _unique(reading: Reading) -> bool:
    """Whether nearly every row has a level of its own, as texts do."""
    return len(reading.levels) > UNIQUE_SHARE * len(reading.values)


def _as_a_whole(name: str) -> Said:
    return say("overall.as_a_whole", column=Name(name))
