"""What may stand behind `/`: words, and comparisons such as ``visits >= 3 and region = north``.

One grammar for every table of the program. A term that is no comparison with a known column is searched for as
text, so that nothing typed is ever an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_AND = re.compile(r"\s+(?:and|&&)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Term:
    """One condition.

    Attributes:
        column: the column compared, ``None`` to look for ``value`` in any text.
        operator: ``=``, ``!=``, ``<``, ``<=``, ``>``, ``>=`` or ``~`` (contains).
        value: as typed.
        number: the value as a number where it is one.
    """

    column: str | None
    operator: str
    value: str
    number: float | None


def parse(text: str, columns: Iterable[str], titles: Mapping[str, str] | None = None) -> tuple[Term, ...]:
    """The conditions in ``text``; all of them must hold. Columns are matched without regard to case.

    Args:
        titles: other words for columns, which may be typed for their names.
    """
    called = {**(titles or {}), **{name: name for name in columns}}
    known = {name.casefold(): column for name, column in called.items()}
    return tuple(_term(part.strip(), known) for part in _AND.split(text.strip()) if part.strip())


def _term(part: str, known: Mapping[str, str]) -> Term:
    # A column's name may hold any sign, so the longest known name that the part begins with is the column.
    folded = part.casefold()
    names = sorted((name for name in known if folded.startswith(name)), key=len, reverse=True)
    for name in names:
        match = re.match(r"\s*(<=|>=|!=|==|=|<|>|~)\s*(.*)$", part[len(name) :], re.DOTALL)
        if match:
            operator = "=" if match[1] == "==" else match[1]
            return Term(known[name], operator, match[2].strip(), _number(match[2]))
    return Term(None, "~", part, None)


def _number(text: str) -> float | None:
    try:
        return float(text.strip().replace(",", ""))
    except ValueError:
        return None


def matches(terms: Iterable[Term], row: Mapping[str, Any]) -> bool:
    """Whether a row of plain values fulfils all terms; a missing value fulfils only ``!=``."""
    return all(_fulfils(term, row) for term in terms)


def _fulfils(term: Term, row: Mapping[str, Any]) -> bool:
    if term.column is None:
        wanted = term.value.casefold()
        return any(wanted in str(value).casefold() for value in row.values() if value is not None)
    value = row.get(term.column)
    if value is None:
        return term.operator == "!="
    if term.operator == "~":
        return term.value.casefold() in str(value).casefold()
    if isinstance(value, int | float) and not isinstance(value, bool) and term.number is not None:
        return _compare(float(value), term.operator, term.number)
    return _compare(str(value).casefold(), term.operator, term.value.casefold())


def _compare(left: Any, operator: str, right: Any) -> bool:
    match operator:
        case "=":
            return bool(left == right)
        case "!=":
            return bool(left != right)
        case "<":
            return bool(left < right)
        case "<=":
            return bool(left <= right)
        case ">":
            return bool(left > right)
        case _:
            return bool(left >= right)
