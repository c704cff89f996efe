"""How a segment differs from all other customers: effect sizes, and p-values that know how many were looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr
from scipy.stats import chi2_contingency, false_discovery_control, rankdata

from workbench.contracts import ProfileRow
from workbench.segments.names import affirmative
from workbench.segments.reading import MISSING, Floats, Integers, LevelColumn, Reading, View

LEAST_KNOWN = 0.3
"""Share of a segment, and of the rest, that must have a value of a column for it to be in the profile."""


@dataclass(frozen=True)
class _Found:
    segment: int
    row: ProfileRow
    known: float
    known_rest: float


def profiles(view: View, reading: Reading, labels: Integers, segments: int) -> tuple[tuple[ProfileRow, ...], ...]:
    """A profile per segment, largest absolute effects first.

    Numbers: means, Cohen's d (pooled deviation) and the Mann-Whitney test (normal approximation, corrected for ties).
    Categories: the level whose share differs most by Cohen's h = 2·asin√p₁ − 2·asin√p₂, and the χ² test over all
    levels. Rows without a value are left out of a column's comparison, and a column that less than 30 % of the
    segment or of the rest have a value of is left out of the profile: it would speak of a few. All p-values of all
    segments are adjusted together after Benjamini & Hochberg (1995).
    """
    found: list[_Found] = []
    for column in view.columns:
        if isinstance(column, LevelColumn):
            found.extend(_levels(column, reading.codes[column.name], labels, segments))
        else:
            found.extend(_numbers(column.name, reading.numbers[column.name], labels, segments))
    sizes = np.bincount(labels, minlength=segments)
    found = [one for one in found if _spoken_of(one, sizes)]
    if not found:
        return tuple(() for _ in range(segments))
    q_values = false_discovery_control(np.clip([one.row.q_value for one in found], 0.0, 1.0))
    by_segment: list[list[ProfileRow]] = [[] for _ in range(segments)]
    for one, q_value in zip(found, q_values, strict=True):
        by_segment[one.segment].append(replace(one.row, q_value=float(q_value)))
    return tuple(tuple(sorted(rows, key=lambda row: -abs(row.effect))) for rows in by_segment)


def _spoken_of(one: _Found, sizes: Integers) -> bool:
    """Whether enough of both sides have a value."""
    here = float(sizes[one.segment])
    return one.known >= LEAST_KNOWN * here and one.known_rest >= LEAST_KNOWN * (float(sizes.sum()) - here)


def number_rows(name: str, values: Floats, labels: Integers, segments: int) -> dict[int, ProfileRow]:
    """Comparisons of one number by segment; ``q_value`` still holds the plain p-value."""
    return {one.segment: one.row for one in _numbers(name, values, labels, segments)}


def level_rows(column: LevelColumn, codes: Integers, labels: Integers, segments: int) -> dict[int, list[ProfileRow]]:
    """Comparisons of every level of one category by segment; ``q_value`` still holds the plain p-value."""
    rows: dict[int, list[ProfileRow]] = {segment: [] for segment in range(segments)}
    for segment, here, rest, p_value in _tables(column, codes, labels, segments):
        for code, level in enumerate(column.levels):
            share, other = float(here[code] / here.sum()), float(rest[code] / rest.sum())
            rows[segment].append(ProfileRow(column.name, share, other, _cohens_h(share, other), p_value, level))
    return rows


def _numbers(name: str, values: Floats, labels: Integers, segments: int) -> list[_Found]:
    known = ~np.isnan(values)
    y, segment = values[known], labels[known]
    rows = len(y)
    if rows < 2:
        return []
    ranks = rankdata(y)
    counts = np.bincount(segment, minlength=segments).astype(np.float64)
    sums = np.bincount(segment, y, segments)
    middle = y.mean()
    squares = np.bincount(segment, (y - middle) ** 2, segments)
    rank_sums = np.bincount(segment, ranks, segments)
    ties = np.unique(y, return_counts=True)[1].astype(np.float64)
    tie_share = float(np.sum(ties**3 - ties)) / (rows * (rows - 1.0)) if rows > 1 else 0.0
    found: list[_Found] = []
    for one in range(segments):
        here, rest = counts[one], rows - counts[one]
        if here < 1 or rest < 1:
            continue
        mean, other = sums[one] / here, (sums.sum() - sums[one]) / rest
        within = squares[one] - here * (mean - middle) ** 2
        without = squares.sum() - squares[one] - rest * (other - middle) ** 2
        pooled = np.sqrt(max(0.0, within + without) / max(1.0, rows - 2))
        effect = (mean - other) / pooled if pooled > 1e-12 * max(1.0, abs(middle)) else 0.0
        spread = here * rest / 12.0 * (rows + 1.0 - tie_share)
        shift = rank_sums[one] - here * (rows + 1.0) / 2.0
        z = (abs(shift) - 0.5) / np.sqrt(spread) if spread > 0 else 0.0
        p_value = float(min(1.0, 2.0 * ndtr(-max(0.0, z))))
        row = ProfileRow(name, float(mean), float(other), float(effect), p_value)
        found.append(_Found(one, row, float(here), float(rest)))
    return found


def _levels(column: LevelColumn, codes: Integers, labels: Integers, segments: int) -> list[_Found]:
    found: list[_Found] = []
    for segment, here, rest, p_value in _tables(column, codes, labels, segments):
        shares, others = here / here.sum(), rest / rest.sum()
        effects = [_cohens_h(share, other) for share, other in zip(shares, others, strict=True)]
        named = effects[: len(column.levels)]
        # Of two levels that differ equally, as yes and no do, the affirmative one reads better.
        place = max(
            range(len(named)),
            key=lambda at: (round(abs(named[at]), 9), affirmative(column.levels[at]), named[at], -at),
        )
        row = ProfileRow(
            column.name, float(shares[place]), float(others[place]), named[place], p_value, column.levels[place]
        )
        found.append(_Found(segment, row, float(here.sum()), float(rest.sum())))
    return found


def _tables(
    column: LevelColumn, codes: Integers, labels: Integers, segments: int
) -> list[tuple[int, Floats, Floats, float]]:
    """(segment, level counts in it, level counts in the rest, p-value of χ²), where neither side is empty."""
    known = codes != MISSING
    table = np.zeros((segments, column.other + 1))
    np.add.at(table, (labels[known], codes[known]), 1.0)
    total = table.sum(axis=0)
    found: list[tuple[int, Floats, Floats, float]] = []
    for segment in range(segments):
        here, rest = table[segment], total - table[segment]
        if here.sum() < 1 or rest.sum() < 1:
            continue
        seen = total > 0
        p_value = (
            float(chi2_contingency(np.stack([here[seen], rest[seen]]), correction=False)[1]) if seen.sum() > 1 else 1.0
        )
        found.append((segment, here, rest, p_value))
    return found


def _cohens_h(share: float, other: float) -> float:
    return float(2 * np.arcsin(np.sqrt(share)) - 2 * np.arcsin(np.sqrt(other)))
