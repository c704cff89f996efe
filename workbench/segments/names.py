"""Names for segments from their two largest differences and what they are worth: "Frequent · small baskets"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from workbench.contracts import ProfileRow
from workbench.segments.figures import shown

LEAST_EFFECT = 0.25
SIGNIFICANT = 0.05
PARTS = 2
_LONGEST = 28

_WORDS: tuple[tuple[str, str, str], ...] = (
    (r"recency|days_since|since_last|inactive|最近", "long absent", "recent"),
    (r"basket|客单", "large baskets", "small baskets"),
    (r"frequen|频率|频次", "frequent", "infrequent"),
    (r"visits|trips|orders|transactions|trx|次数", "many {}", "few {}"),
    (r"^age$|年龄", "older", "younger"),
    (r"tenure|months_on|customer_since", "long-standing", "new"),
    (r"trend|growth", "growing {}", "falling {}"),
)
"""Concepts in column names with a word for more and a word for less; ``{}`` stands for the column."""


def name_all(
    profiles: Sequence[Sequence[ProfileRow]],
    tiers: Sequence[str],
    groups: Mapping[str, int],
    sizes: Sequence[int],
) -> tuple[str, ...]:
    """A different name for every segment, the same for the same input.

    Args:
        profiles: by segment, largest effects first.
        tiers: by segment, such as "high spend"; empty when the outcome is not clearly off the average.
        groups: by column, the number of its group: columns that say much the same get one word between them.
        sizes: customers by segment; larger segments choose first.
    """
    chosen: dict[int, str] = {}
    taken: set[str] = set()
    for segment in sorted(range(len(profiles)), key=lambda one: (-sizes[one], one)):
        parts = _parts(profiles[segment], groups)
        name = _first_free(parts, tiers[segment], taken)
        chosen[segment] = name
        taken.add(name.casefold())
    return tuple(chosen[segment] for segment in range(len(profiles)))


def _parts(profile: Sequence[ProfileRow], groups: Mapping[str, int]) -> list[str]:
    """Words for the clear differences, largest first, one per group of columns."""
    used: set[int] = set()
    words: list[str] = []
    for row in profile:
        if row.q_value > SIGNIFICANT or abs(row.effect) < LEAST_EFFECT:
            continue
        group = groups.get(row.feature, -1)
        if group in used:
            continue
        used.add(group)
        word = phrase(row)
        if word not in words:
            words.append(word)
    return words


def _first_free(parts: list[str], tier: str, taken: set[str]) -> str:
    """Two differences and the tier; more differences, then a number, until nobody has that name."""
    tail = [tier] if tier else []
    for count in range(PARTS, max(PARTS, len(parts)) + 1):
        words = [*parts[:count], *[word for word in tail if word not in parts[:count]]]
        name = _capital(" · ".join(words or ["Close to average"]))
        if name.casefold() not in taken:
            return name
    number = 2
    base = _capital(" · ".join([*parts[:PARTS], *tail] or ["Close to average"]))
    while f"{base} ({number})".casefold() in taken:
        number += 1
    return f"{base} ({number})"


def phrase(row: ProfileRow) -> str:
    """One difference in a few words."""
    column = readable(row.feature)
    if row.level:
        level = shown(row.level, _LONGEST)
        word = f"{column} {level}"
        return word if row.effect > 0 else f"seldom {word}"
    for pattern, more, less in _WORDS:
        if re.search(pattern, row.feature, re.IGNORECASE):
            return (more if row.effect > 0 else less).format(column)
    return f"{'high' if row.effect > 0 else 'low'} {column}"


def readable(column: str) -> str:
    """A column's name as words: underscores and humps become blanks, capitals of one word become small."""
    flat = shown(column.replace("_", " ").strip() or column, 200)
    flat = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", flat)
    words = [
        word if not word.isascii() or (word.isupper() and len(word) <= 3) else word.lower() for word in flat.split()
    ]
    return shown(" ".join(words), _LONGEST)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
