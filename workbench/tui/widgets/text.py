"""Making text from anywhere safe and fitting for a terminal: one line, no control signs, a known width."""

from __future__ import annotations

import re
import textwrap

from rich.cells import cell_len, set_cell_size

LONGEST = 2000
"""Signs of a cell that are looked at for drawing one line."""

_FILLER = "\0"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def clean(value: object, longest: int = LONGEST) -> str:
    """One line of plain text: control signs, line ends and direction switches become a space."""
    text = value if isinstance(value, str) else "" if value is None else str(value)
    return _CONTROL.sub(" ", text[:longest])


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most ``width`` cells; Chinese signs take two each."""
    # a filler before each wide sign makes signs count what they take; where a line ends between the two, the next one
    # is a cell wider than it counts
    counted = "".join(f"{_FILLER}{sign}" if cell_len(sign) > 1 else sign for sign in text)
    lines = textwrap.wrap(counted, width - (_FILLER in counted), break_on_hyphens=False)
    return [line.replace(_FILLER, "") for line in lines]


def fit(value: object, width: int, *, right: bool = False) -> str:
    """The text in exactly ``width`` cells; what does not fit ends in an ellipsis."""
    if width <= 0:
        return ""
    text = clean(value, width * 4 + 8)
    taken = cell_len(text)
    if taken > width:
        return set_cell_size(text, width - 1) + "…"
    return " " * (width - taken) + text if right else text + " " * (width - taken)


def number(value: float | int | None, digits: int = 4) -> str:
    """A figure for people: thousands separated, ``digits`` significant ones; a dash for a missing one."""
    if value is None:
        return "-"
    if abs(value) >= 1e15:
        return f"{value:.3e}"
    if isinstance(value, int) or (abs(value) >= 10**digits and float(value).is_integer()):
        return f"{value:,.0f}"
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        return f"{value:,.{max(0, digits - 4)}f}"
    if abs(value) < 10**-digits:
        return f"{value:.2e}"
    places = max(0, digits - 1 - _exponent(abs(value)))
    return f"{value:.{places}f}"


def _exponent(value: float) -> int:
    return int(f"{value:e}".partition("e")[2])


def some_of(rows: int, total: int) -> str:
    """How many of how many."""
    return f"all {total:,}" if rows >= total else f"{rows:,} of {total:,}"


def percent(share: float | None) -> str:
    """A share as a percentage."""
    return "-" if share is None else f"{100 * share:.1f}%"


def duration(seconds: float | None) -> str:
    """Seconds as minutes and seconds, with hours where there are any."""
    if seconds is None:
        return "-"
    whole = int(seconds)
    hours, minutes = whole // 3600, whole % 3600 // 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def bar(share: float, width: int) -> str:
    """A bar of ``share`` of ``width`` cells, in eighths of a cell."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    return "█" * (eighths // 8) + ("▏▎▍▌▋▊▉"[eighths % 8 - 1] if eighths % 8 else "")
