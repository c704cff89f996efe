"""What a prediction should become, as it is typed: a class, a share of a class, or an interval of a number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbench.contracts import Model, Task
from workbench.errors import InputError
from workbench.explain import Aim

_NUMBER = r"([+-]?(?:\d+(?:[.,]\d+)*[.,]?|[.,]\d+)(?:[eE][+-]?\d+)?)\s*(%?)"
_BOUND = re.compile(rf"^(.*?)\s*(>=|<=|≥|≤|=>|=<|>|<)\s*{_NUMBER}$")
_INTERVAL = re.compile(rf"^(?:(.*?=)\s*|(.*?)\s+|){_NUMBER}\s*(?:to|\.\.|…|–|—|-)\s*{_NUMBER}$")
"""A class stands apart from the figures, so that a sign before the first one is its own."""
_POINT = re.compile(r"\d*\.?\d*(e[+-]?\d+)?")
_GROUPS = re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.\d*)?(e[+-]?\d+)?")
"""1,234.5"""


def read_aim(text: str, model: Model) -> Aim | None:
    """``yes``, ``yes >= 60%``, ``>= 60%``, ``<= 120`` or ``100 to 120``; nothing for another class.

    Returns:
        ``None`` where nothing is typed and the model predicts a number: there is no other answer of a number.

    Raises:
        InputError: it is none of these.
    """
    wanted = text.strip().replace("−", "-")
    numbers = model.task is Task.REGRESSION
    labels = {str(label) for label in model.classes}
    if not wanted:
        return None if numbers else Aim()
    if wanted in labels:
        return Aim(outcome=wanted)
    if (bound := _BOUND.match(wanted)) is not None:
        name, sign, figure, percent = bound.groups()
        _no_share_of_a_number(wanted, percent, model)
        end = _figure(figure, percent, shares=not numbers)
        at_least = ">" in sign or sign == "≥"
        return Aim(_label(name, labels), end if at_least else None, None if at_least else end)
    if (interval := _INTERVAL.match(wanted)) is not None:
        before, apart, low, low_percent, high, high_percent = interval.groups()
        percent = low_percent or high_percent
        _no_share_of_a_number(wanted, percent, model)
        ends = [_figure(figure, percent, shares=not numbers) for figure in (low, high)]
        return Aim(_label(before or apart or "", labels), ends[0], ends[1])
    if numbers:
        raise InputError(f"'{wanted}' is no bound: write >= 300, <= 120 or 100 to 120.")
    some = ", ".join(f"'{label}'" for label in sorted(labels)[:5])
    raise InputError(f"'{wanted}' is no class and no share: write one of {some}, or a share such as >= 60%.")


def read_columns(text: str, known: Sequence[str]) -> list[str] | None:
    """Names between commas, which a name may hold itself; ``None`` for nothing typed.

    Raises:
        InputError: a name is not among ``known``.
    """
    left = text.strip()
    found: list[str] = []
    while left:
        fitting = [name for name in known if left == name or re.match(rf"{re.escape(name)}\s*,", left)]
        if not fitting:
            unknown = left.partition(",")[0].strip()
            raise InputError(f"The model uses no column '{unknown}', so a change of it changes nothing.")
        name = max(fitting, key=len)
        found.append(name)
        left = left[len(name) :].lstrip().removeprefix(",").strip()
    return found or None


def _label(name: str, labels: set[str]) -> str | None:
    name = name.strip().removesuffix("=").strip() if name.strip() not in labels else name.strip()
    return name or None


def _no_share_of_a_number(wanted: str, percent: str, model: Model) -> None:
    """Five percent of what? A target in percent has its figures in percent as they are."""
    if percent and model.task is Task.REGRESSION:
        raise InputError(f"'{wanted}' is a share, and '{model.target}' is a number: write its bound without a %.")


def _figure(text: str, percent: str, *, shares: bool) -> float:
    value = _read(text)
    # a share above one can only be meant in percent
    return value / 100 if percent or (shares and value > 1) else value


def _read(text: str) -> float:
    """A number with a point or a comma before its decimals, in thousands or not.

    Raises:
        InputError: it is none, or the comma may stand before thousands as well as before decimals.
    """
    sign = -1.0 if text.startswith("-") else 1.0
    figures = text.lstrip("+-").lower()
    swapped = figures.translate(str.maketrans(",.", ".,"))
    if _POINT.fullmatch(figures):
        return sign * float(figures)
    grouped = _GROUPS.fullmatch(figures) is not None
    if grouped and figures.count(",") == 1 and "." not in figures:
        as_thousands, as_decimals = figures.replace(",", ""), swapped
        raise InputError(
            f"'{text}' may be {as_thousands} or {as_decimals}, as its comma can stand before thousands or before "
            f"decimals: write {as_thousands} or {as_decimals}."
        )
    if grouped:
        return sign * float(figures.replace(",", ""))
    if _POINT.fullmatch(swapped):
        return sign * float(swapped)
    if _GROUPS.fullmatch(swapped):
        return sign * float(swapped.replace(",", ""))
    raise InputError(f"'{text}' is not a number; write it as 1234.5.")
