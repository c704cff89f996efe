"""Checks in few words: ``info("code", column, rows, message, repair)`` and its louder siblings."""

from __future__ import annotations

from workbench.contracts import Check, Severity
from workbench.data.oneline import clean_name


def rows_of(count: int, what: str = "row") -> str:
    """``1 row``, ``1,204 rows``."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def shown(value: object) -> str:
    """A cell in quotes, on one line and short: data for a sentence."""
    text = clean_name(str(value))
    return f"'{text[:40]}…'" if len(text) > 41 else f"'{text}'"


def info(code: str, column: str | None, rows: int, message: str, repair: str = "") -> Check:
    """Worth knowing."""
    return Check(code, Severity.INFO, column, rows, message, repair)


def warning(code: str, column: str | None, rows: int, message: str, repair: str = "") -> Check:
    """May change what the figures mean."""
    return Check(code, Severity.WARNING, column, rows, message, repair)


def alarm(code: str, column: str | None, rows: int, message: str, repair: str = "") -> Check:
    """Makes the figures worthless unless it is explained."""
    return Check(code, Severity.ALARM, column, rows, message, repair)
