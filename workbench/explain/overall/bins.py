"""A column's values in bins of round figures, and what contributes in each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.explain.columns import Reading, Scale, cell_text, number_text
from workbench.explain.language import Part, Said, say
from workbench.explain.language.terms import level_of

BINS = 20
TABLE = ["x", "label", "contribution", "low", "high", "rows", "name"]


def binned(reading: Reading, contribution: np.ndarray) -> pd.DataFrame:
    """Mean contribution by bin of the value.

    Up to 20 distinct numbers are their own bins; more are cut into 20 bins of about equally many rows at round figures:
    the lowest and highest value of a bin would be those of single customers. Of the levels the 20 most frequent stand
    alone and the others together.

    Returns:
        ``x`` (mean value of the bin, or the level's position; NaN for missing), ``label``, ``contribution`` (mean),
        ``low``, ``high`` (its 95 % interval; NaN with one row), ``rows``, ``name`` (the label before it is in a
        language); missing values are the last.
    """
    bins = bins_of(reading)
    rows = []
    for place, (name, middle) in enumerate(zip(bins.names, bins.middles, strict=True)):
        members = contribution[bins.places == place]
        if len(members):
            rows.append(_bin(middle, name, members))
    missing = contribution[~np.isfinite(reading.values)]
    if len(missing):
        rows.append(_bin(float("nan"), Said("grammar.missing"), missing))
    return pd.DataFrame(rows, columns=TABLE)


@dataclass(frozen=True, eq=False)
class Bins:
    """Rows by bin.

    Attributes:
        places: bin of each row, −1 for missing, shape (rows,).
        names: of each bin, before they are in a language.
        middles: mean of each bin, or the level's position.
    """

    places: np.ndarray
    names: list[str | Part]
    middles: list[float]


def text_of(name: str | Part) -> str:
    """A bin's name in English."""
    return name.told() if isinstance(name, Part) else name


def _bin(middle: float, name: str | Part, members: np.ndarray) -> tuple[object, ...]:
    mean = float(members.mean())
    half = 1.96 * float(members.std(ddof=1)) / np.sqrt(len(members)) if len(members) > 1 else float("nan")
    return middle, text_of(name), mean, mean - half, mean + half, len(members), name


def bins_of(reading: Reading, most: int = BINS) -> Bins:
    """At most ``most`` bins of numbers; of levels so many alone, and the others together in one more."""
    places = np.full(len(reading.values), -1)
    present = np.isfinite(reading.values)
    if not present.any():
        return Bins(places, [], [])
    values = reading.values[present]
    names: list[str | Part] = []
    if reading.scale == "category":
        if len(reading.levels) == most + 1:
            most += 1  # a single one needs no other name
        places[present] = np.minimum(values.astype(int), most)
        names = [level_of(reading, cell_text(level)) for level in reading.levels[:most]]
        if len(reading.levels) > most:
            names.append(say("overall.other_levels", count=len(reading.levels) - most))
        return Bins(places, names, [float(place) for place in range(len(names))])
    distinct = np.unique(values)
    if len(distinct) <= most:
        places[present] = np.searchsorted(distinct, values)
        return Bins(places, [_value_text(reading.scale, value) for value in distinct], distinct.tolist())
    edges, texts = _round_edges(reading.scale, values, most)
    cut = np.searchsorted(edges, values, side="left")
    full = np.flatnonzero(np.bincount(cut, minlength=len(edges) + 1))
    places[present] = np.searchsorted(full, cut)
    inside = [values[cut == each] for each in full]
    for each, members in zip(full, inside, strict=True):
        one = members.min() == members.max()
        names.append(_value_text(reading.scale, float(members[0])) if one else _range(reading.scale, texts, int(each)))
    # means, as those of the contributions are: of a straight line they lie on it, however skewed the values
    return Bins(places, names, [float(np.mean(members)) for members in inside])


def _round_edges(scale: Scale, values: np.ndarray, most: int) -> tuple[np.ndarray, list[str]]:
    """Where bins end, and as text: quantiles, each rounded as coarsely as its neighbours allow.

    A quantile is the value of one row, or lies between those of two: rounded it tells of nobody.
    """
    cuts = np.unique(np.quantile(values, np.linspace(0, 1, most + 1)[1:-1]))
    gaps = np.diff(np.concatenate(([-np.inf], cuts, [np.inf])))
    room = np.minimum(gaps[:-1], gaps[1:])
    room[~np.isfinite(room)] = max(float(np.ptp(values)), np.finfo(float).tiny)  # a single cut
    whole = scale == "date" or not np.mod(values, 1).any()
    found: dict[float, str] = {}
    for cut, free in zip(cuts, room, strict=True):
        step = 10.0 ** np.floor(np.log10(free / 4))
        step *= max(nice for nice in (1, 2, 5) if nice * step <= free / 4)
        step = max(step, 1.0) if whole else step
        edge = float(np.round(cut / step) * step) + 0.0  # no minus before a zero
        digits = max(0, -int(np.floor(np.log10(step))))
        found[edge] = _day(edge) if scale == "date" else f"{edge:.{digits}f}" if digits <= 6 else f"{edge:.3g}"
    edges = sorted(found)
    return np.array(edges), [found[edge] for edge in edges]


def _range(scale: Scale, edges: list[str], place: int) -> Part:
    """What the bin between two edges is called; the first and the last are open."""
    dates = scale == "date"
    if place == 0:
        return say("groups.until" if dates else "groups.up_to", top=edges[0])
    if place == len(edges):
        return say("groups.after" if dates else "groups.over", low=edges[-1])
    return say("groups.after_to" if dates else "groups.over_to", low=edges[place - 1], top=edges[place])


def _day(days: float) -> str:
    return cell_text(pd.Timestamp("1970-01-01") + pd.Timedelta(days=days))


def _value_text(scale: Scale, value: float) -> str:
    if scale == "date":
        return _day(value)
    return cell_text(value) if float(value).is_integer() else number_text(value)
