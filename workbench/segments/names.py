"""Names for segments from their two largest differences and what they are worth: "Frequent · small baskets"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from workbench.contracts import ProfileRow
from workbench.segments.figures import shown

LEAST_EFFECT = 0.25
SIGNIFICANT = 0.05
PARTS = 2
_LONGEST = 28

_YES = frozenset({"yes", "true", "y", "1", "是", "有"})

_WORDS: tuple[tuple[str, str, str], ...] = (
    (r"^(customer )?age$|^年龄$", "older", "younger"),
    (r"recency|days since (the )?last|last (visit|purchase|order) days|inactive days|最近", "long absent", "recent"),
    (
        r"(mean|average|avg|median) basket|basket (size|value|spend|mean)|^baskets? value$|客单",
        "large baskets",
        "small baskets",
    ),
    (r"^days since (the )?(last )?(?!.*\bfirst\b)", "long without {rest}", "recent {rest}"),
    (r"频率|频次", "frequent {rest}", "infrequent {rest}"),
    (r"\bfrequency\b", "frequent {rest}", "infrequent {rest}"),
    (r"\btrend\b|\bgrowth\b", "rising {rest}", "falling {rest}"),
    (r"^tenure( (days|weeks|months|years))?$|days since (the )?first", "long-standing", "new"),
    (r"^(visits|trips|orders|baskets|purchases|transactions)$", "many {column}", "few {column}"),
)
"""Concepts in readable column names with a word for more and a word for less; ``{rest}`` is the name without them."""
_WINDOW = re.compile(r"\s*\b(in the )?(next|coming) \d+ (days|weeks|months)\b", re.IGNORECASE)
_PAST = re.compile(r"^(.*\S) (in the )?last \d+ (days|weeks|months)$", re.IGNORECASE)


def name_all(
    profiles: Sequence[Sequence[ProfileRow]],
    tiers: Sequence[str],
    alike: Callable[[str, str], bool],
    sizes: Sequence[int],
    opposites: Mapping[str, tuple[str, ...]],
) -> tuple[str, ...]:
    """A different name for every segment, the same for the same input.

    Args:
        profiles: by segment, largest effects first.
        tiers: by segment, such as "high spend"; empty when the outcome is not clearly off the average.
        alike: whether two columns say much the same: then they get one word between them.
        sizes: customers by segment; larger segments choose first.
        opposites: see ``phrase``.
    """
    chosen: dict[int, str] = {}
    taken: set[str] = set()
    for segment in sorted(range(len(profiles)), key=lambda one: (-sizes[one], one)):
        parts = _parts(profiles[segment], alike, opposites)
        name = _first_free(parts, tiers[segment], taken)
        chosen[segment] = name
        taken.add(name.casefold())
    return tuple(chosen[segment] for segment in range(len(profiles)))


def _parts(
    profile: Sequence[ProfileRow], alike: Callable[[str, str], bool], opposites: Mapping[str, tuple[str, ...]]
) -> list[str]:
    """Words for the clear differences, largest first; those that repeat an earlier one in other words come last."""
    chosen: list[ProfileRow] = []
    words: list[str] = []
    repeated: list[str] = []
    for row in profile:
        if row.q_value > SIGNIFICANT or abs(row.effect) < LEAST_EFFECT:
            continue
        word = phrase(row, opposites)
        if word in words or any(_same(row.feature, other.feature, alike) for other in chosen):
            repeated.append(word)
        else:
            chosen.append(row)
            words.append(word)
    return list(dict.fromkeys([*words, *repeated]))


def _same(one: str, other: str, alike: Callable[[str, str], bool]) -> bool:
    """Whether two columns are akin in their values or in half of the words of their names."""
    first, second = (set(readable(name).casefold().split()) for name in (one, other))
    return alike(one, other) or 2 * len(first & second) > min(len(first), len(second))


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


def phrase(row: ProfileRow, opposites: Mapping[str, tuple[str, ...]]) -> str:
    """One difference in a few words.

    Args:
        opposites: the two levels of each column that has just two: less of one is more of the other.
    """
    column = readable(row.feature)
    if row.level:
        return _level_phrase(row, column, opposites.get(row.feature, ()))
    for pattern, more, less in _WORDS:
        if re.search(pattern, column, re.IGNORECASE):
            rest = " ".join(re.sub(pattern, " ", column, flags=re.IGNORECASE).split())
            return (more if row.effect > 0 else less).format(column=column, rest=rest).strip()
    return f"{'high' if row.effect > 0 else 'low'} {column}"


def _level_phrase(row: ProfileRow, column: str, pair: tuple[str, ...]) -> str:
    level = row.level
    if row.effect < 0 and level in pair:
        level = next(other for other in pair if other != level)
    elif row.effect < 0:
        return f"{column}: not {shown(level, _LONGEST)}"
    return f"{column}: {'yes' if affirmative(level) else shown(level, _LONGEST)}"


def affirmative(level: str) -> bool:
    """Whether a level says yes."""
    return level.strip().lower() in _YES


def readable(column: str) -> str:
    """A column's name as words: underscores and humps become blanks, capitals of one word become small."""
    flat = shown(column.replace("_", " ").strip() or column, 200)
    flat = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", flat)
    flat = _PAST.sub(r"recent \1", _WINDOW.sub("", flat) or flat)
    words = [
        word if not word.isascii() or (word.isupper() and len(word) <= 3) else word.lower() for word in flat.split()
    ]
    return shown(" ".join(words), _LONGEST)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
