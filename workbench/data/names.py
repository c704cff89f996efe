"""Column names that every part can live with: unique, never empty, one line, nothing invisible."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from workbench.contracts import Check
from workbench.data.findings import info
from workbench.data.oneline import clean_name


def repair_names(names: Sequence[str]) -> tuple[list[str], list[Check]]:
    """Unique, non-empty names in the same order, and a check for each that had to be changed.

    Empty names become ``column 3`` (counted from 1), repeated ones ``a (2)``. A name that was fine as it stood is
    never changed in favour of a repaired one.
    """
    cleaned = [clean_name(name) for name in names]
    taken = {name for name in cleaned if name}
    result: list[str] = []
    checks: list[Check] = []
    used: set[str] = set()
    aliases = _names_in_pandas(names)
    for position, (found, name) in enumerate(zip(names, cleaned, strict=True), start=1):
        repaired, why = name, "control characters or blanks were removed"
        if not name:
            repaired, why = f"column {position}", "it had no name"
        if repaired in used or (not name and repaired in taken):
            base, number = repaired, 2
            while (repaired := f"{base} ({number})") in used or repaired in taken:
                number += 1
            why = "the name was there already" if name else why
        used.add(repaired)
        result.append(repaired)
        if repaired != found:
            renamed = info(
                "column-renamed",
                repaired,
                0,
                f"Column {position}, found as {_quoted(found)}, is called '{repaired}': {why}.",
                "renamed",
            )
            checks.append(dataclasses.replace(renamed, alias=aliases[position - 1]))
    return result, checks


def _names_in_pandas(names: Sequence[str]) -> list[str]:
    """The names as pandas reads them: as they stand, with a number where there is none or not the first."""
    seen: dict[str, int] = {}
    given = []
    for position, found in enumerate(names):
        name = found or f"Unnamed: {position}"
        number = seen.get(name, 0)
        seen[name] = number + 1
        given.append(f"{name}.{number}" if number else name)
    return given


def _quoted(name: str) -> str:
    shown = name.encode("unicode_escape").decode("ascii") if not name.isprintable() else name
    return f"'{shown[:60]}…'" if len(shown) > 60 else f"'{shown}'"
