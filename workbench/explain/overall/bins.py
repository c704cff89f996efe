"""A column's values in bins, and what contributes in each; several values are never named by a single row's."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from workbench.explain.columns import Reading, Scale, cell_text, number_text
from workbench.explain.language import Field, Part, Said, say
from workbench.explain.language.terms import level_of

BINS = SHOWN_LEVELS = 20
TABLE = ["x", "label", "contribution", "low", "high", "rows", "name"]


def binned(reading: Reading, contribution: np.ndarray) -> pd.DataFrame:
    """Mean contribution by bin of the value.

    Up to 20 distinct numbers are their own bins; more are cut into 20 bins of about equally many rows, which are named
    by where the next one begins, half-way between two rows: their lowest and highest value would be those of single
    customers. Of the levels the 20 most frequent stand alone and the others together.

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
    names: list[Field]
    middles: list[float]


def text_of(name: Field) -> str:
    """A bin's name in English."""
    return name.told() if isinstance(name, Part) else str(name)


def _bin(middle: float, name: Field, members: np.ndarray) -> tuple[object, ...]:
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
    names: list[Field] = []
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
    edges = np.unique(np.quantile(values, np.linspace(0, 1, most + 1)[1:-1]))
    cut = np.searchsorted(edges, values, side="left")
    _, places[present] = np.unique(cut, return_inverse=True)  # a bin may be empty
    inside = [values[places[present] == place] for place in range(int(places.max()) + 1)]
    # means, as those of the contributions are: of a straight line they lie on it, however skewed the values
    return Bins(places, _ranges(reading.scale, inside), [float(np.mean(each)) for each in inside])


def _ranges(scale: Scale, inside: list[np.ndarray]) -> list[Field]:
    """Of each bin, from low to high: a value that all in it share, or the edges towards its neighbours."""
    between = np.array([(low.max() + high.min()) / 2 for low, high in pairwise(inside)])
    edges = _edge_texts(scale, between, whole=not any(np.mod(each, 1).any() for each in inside))
    dates = scale == "date"
    names: list[Field] = []
    for place, each in enumerate(inside):
        if each.min() == each.max():
            names.append(_value_text(scale, float(each[0])))
        elif place == 0:
            names.append(say("groups.until" if dates else "groups.up_to", top=edges[0]))
        elif place == len(inside) - 1:
            names.append(say("groups.after" if dates else "groups.over", low=edges[-1]))
        else:
            ends = {"low": edges[place - 1], "top": edges[place]}
            names.append(say("groups.after_to" if dates else "groups.over_to", **ends))
    return names


def _edge_texts(scale: Scale, edges: np.ndarray, *, whole: bool) -> list[str]:
    """Edges in as few digits as tell them apart; whole where the values are."""
    if scale == "date":
        start = pd.Timestamp("1970-01-01")
        return [cell_text((start + pd.Timedelta(days=float(edge))).normalize()) for edge in edges]
    if whole:
        return [cell_text(float(np.floor(edge))) for edge in edges]
    for digits in range(3, 12):
        texts = [number_text(float(edge)) if digits == 3 else f"{edge:.{digits}g}" for edge in edges]
        if all(one != other for one, other in pairwise(texts)):
            break
    return texts


def _value_text(scale: Scale, value: float) -> str:
    if scale == "date":
        return cell_text(pd.Timestamp("1970-01-01") + pd.Timedelta(days=value))
    return cell_text(value) if float(value).is_integer() else number_text(value)
