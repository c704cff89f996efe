"""Numbers and cell text as people read them: round cut points, plain figures, short one-line text."""

from __future__ import annotations

import math
import unicodedata

_STEPS = (5.0, 2.0, 1.0)
_LONGEST = 40


def roundest(low: float, high: float, near: float) -> float:
    """The number with the fewest digits in (low, high]; of equally round ones the nearest to ``near``.

    Cut points such as 21 or 0.25 are remembered, 20.6137 is not.

    Args:
        low: not allowed itself.
        high: allowed; returned when no rounder number lies between.
        near: where the cut was found.
    """
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return high
    if low < 0.0 <= high:
        return 0.0
    top = math.floor(math.log10(max(abs(low), abs(high)))) + 1
    for exponent in range(top, top - 16, -1):
        for factor in _STEPS:
            found = _multiple(low, high, near, factor, exponent)
            if found is not None:
                return found
    return high


def _multiple(low: float, high: float, near: float, factor: float, exponent: int) -> float | None:
    step = factor * 10.0**exponent
    if step <= 0.0:  # the numbers are smaller than floats can divide
        return None
    first = math.floor(low / step) + 1
    last = math.floor(high / step)
    if last < first:
        return None
    chosen = min(max(round(near / step), first), last)
    value = round(chosen * step, max(0, -exponent))
    return value if low < value <= high else None


def plain(value: float) -> str:
    """A number without exponent and needless zeros: ``12,500``, ``0.25``, ``-3``."""
    if not math.isfinite(value):
        return str(value)
    if value == 0:
        return "0"
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}" if abs(value) >= 10_000 else str(int(value))
    digits = min(15, max(0, 5 - math.floor(math.log10(abs(value)))))
    text = f"{value:,.{digits}f}" if abs(value) >= 10_000 else f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if float(text.replace(",", "")) == value else repr(value)


def shown(text: str, longest: int = _LONGEST) -> str:
    """Cell text or a column name on one line, without control characters, cut to ``longest`` signs."""
    flat = " ".join("".join(" " if unicodedata.category(sign)[0] == "C" else sign for sign in text).split())
    return flat if len(flat) <= longest else flat[: longest - 1].rstrip() + "…"
