"""Figures as a reader expects them."""

from __future__ import annotations

import math


def figure(value: float | None, digits: int = 3) -> str:
    """About ``digits`` significant digits, thousands separated; a dash for nothing."""
    if value is None or not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    if abs(value) >= 10**digits:
        return f"{value:,.0f}"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return f"{value:,.{min(decimals, 8)}f}"


def span(low: float | None, high: float | None, digits: int = 3) -> str:
    """An interval."""
    return f"{figure(low, digits)} to {figure(high, digits)}"


def percent(value: float | None, digits: int = 1) -> str:
    """A share as a percentage."""
    return "–" if value is None or not math.isfinite(value) else f"{100 * value:.{digits}f} %"


def count(value: float) -> str:
    """A whole number, thousands separated."""
    return f"{value:,.0f}"


def money(value: float | None, currency: str) -> str:
    """An amount in its currency."""
    return f"{figure(value)} {currency}".strip()


def short(text: str, longest: int = 120) -> str:
    """Cell text cut to a length that a table can hold, control characters replaced."""
    clean = "".join(sign if sign.isprintable() else " " for sign in text)
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"
