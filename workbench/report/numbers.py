"""Figures as a reader expects them."""

from __future__ import annotations

import math

NARROW = "\u00a0"
"""A blank at which no line breaks."""
FEWEST = 10
"""Groups of fewer customers are not shown: a report is mailed, and a small group is a person."""


def figure(value: float | None, digits: int = 3) -> str:
    """About ``digits`` significant digits, thousands separated; a dash for nothing."""
    if value is None or not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 10**digits:
        return f"{value:,.0f}" if size < 1e15 else f"{value:.{digits - 1}e}"
    if size < 1e-6:
        return f"{value:.{digits - 1}e}"
    decimals = max(0, digits - 1 - math.floor(math.log10(size)))
    return f"{value:,.{decimals}f}"


def signed(value: float | None, digits: int = 3) -> str:
    """The same with a plus before what is above zero, for differences."""
    text = figure(value, digits)
    return f"+{text}" if value is not None and math.isfinite(value) and value > 0 else text


def span(low: float | None, high: float | None, digits: int = 3) -> str:
    """An interval; a dash where it is not known."""
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return "–"
    return f"{figure(low, digits)} to {figure(high, digits)}"


def percent(value: float | None, digits: int = 1) -> str:
    """A share as a percentage."""
    return "–" if value is None or not math.isfinite(value) else f"{100 * value:.{digits}f}{NARROW}%"


def count(value: float) -> str:
    """A whole number, thousands separated."""
    return f"{value:,.0f}" if math.isfinite(value) else "–"


def customers(value: float) -> str:
    """A number of customers that singles nobody out."""
    return f"under {FEWEST}" if 0 < value < FEWEST else count(value)


def share_of(share: float, size: int) -> str:
    """A share of a group, unless it stands for a few people only."""
    return f"under {percent(FEWEST / size, 0)}" if 0 < share * size < FEWEST - 0.5 else percent(share)


def money(value: float | None, currency: str) -> str:
    """An amount in its currency, small ones in hundredths."""
    small = value is not None and math.isfinite(value) and 0.005 <= abs(value) < 10
    return f"{value:.2f} {currency}".strip() if small and currency else f"{figure(value)} {currency}".strip()


def counted(number: int, one: str, many: str = "") -> str:
    """``1 trial``, ``2 trials``."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"
