"""Predicted against seen in text: a line a group of customers, on one scale.

``o`` stands where the model's mean prediction is, ``x`` where what came is, with its interval in ``-``; ``*`` is both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.tui.widgets.drawing import Line, pieces, place, plain
from workbench.tui.widgets.text import fit, number
from workbench.worker.views import QualityView

LEGEND = "o the model says   x seen   - 95% interval of what was seen   * both"
_NAMES = 32


class QualityLines:
    """How far predictions can be taken at their word.

    Args:
        view: as the worker prepared it.
    """

    def __init__(self, view: QualityView) -> None:
        self.view = view

    def legend(self) -> str:
        """The signs."""
        return LEGEND

    def heads(self) -> Sequence[str]:
        """Group, customers, predicted, seen with its interval."""
        return ("group", "customers", "predicted", "seen", "low", "high")

    def rows(self) -> list[list[str]]:
        """A row a group."""
        keys = ("rows", "predicted", "actual", "low", "high")
        return [[str(at), *(number(one[key], 3) for key in keys)] for at, one in enumerate(self.view["bins"], 1)]

    def lines(self, width: int, height: int) -> list[Line]:
        """The groups, lowest predictions first, then the scale."""
        bins = self.view["bins"]
        if not bins or width < _NAMES + 12 or height < 3:
            return [plain("(too small to draw)" if bins else "(nothing to draw)")]
        room = height - 1
        shown = (
            bins if len(bins) <= room else [bins[round(at * (len(bins) - 1) / max(1, room - 1))] for at in range(room)]
        )
        figures = [one[key] for one in bins for key in ("predicted", "actual", "low", "high") if one[key] is not None]
        low, high = min(figures), max(figures)
        inner = width - _NAMES - 1
        lines: list[Line] = [[*plain(_label(one)), *pieces(_cells(one, inner, low, high))] for one in shown]
        left, right = number(low, 3), number(high, 3)
        gap = max(1, inner - len(left) - len(right))
        lines.append(plain(f"{'':{_NAMES}} {left}{' ' * gap}{right}"))
        return lines


def _label(one: dict[str, Any]) -> str:
    says, seen = number(one["predicted"], 3), number(one["actual"], 3)
    return fit(f"says {says:>7} seen {seen:>7} n {number(one['rows'])}", _NAMES) + " "


def _cells(one: dict[str, Any], cells: int, low: float, high: float) -> list[tuple[str, str]]:
    drawn = [(" ", "")] * cells
    if one["low"] is not None and one["high"] is not None:
        first, last = place(one["low"], low, high, cells), place(one["high"], low, high, cells)
        drawn[first : last + 1] = [("-", "muted")] * (last + 1 - first)
    says, seen = place(one["predicted"], low, high, cells), place(one["actual"], low, high, cells)
    drawn[says] = ("o", "low")
    drawn[seen] = ("*", "bold") if says == seen else ("x", "high")
    return drawn
