"""A beeswarm in text: a line a feature, a sign where customers stand; the sign says whether their value is low or high.

``-`` low, ``=`` middle, ``+`` high values of the feature, ``o`` where values have no order (categories, missing).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.tui.widgets.drawing import Line, ends, pieces, place, plain
from workbench.tui.widgets.text import clean, fit, number
from workbench.worker.views import SwarmView

LEGEND = "- low value  = middle  + high  o no order  bold: many"
_TONES = {"-": "low", "+": "high"}
_THIRD = 1 / 3


class Beeswarm:
    """How far each feature moves the predictions, and in which direction its values do.

    Args:
        view: as the worker prepared it.
        chosen: the feature that the screen stands on; it is marked.
    """

    def __init__(self, view: SwarmView, chosen: str = "") -> None:
        self.view = view
        self.chosen = chosen

    def legend(self) -> str:
        """The signs, and the unit of the scale."""
        return f"{LEGEND}  in {clean(self.view['unit'], 20)}"

    def heads(self) -> Sequence[str]:
        """Feature, mean contribution where its value is low, middle and high, and how far it reaches."""
        return ("feature", "low value", "middle", "high value", "mean", "from (5%)", "to (95%)")

    def rows(self) -> list[list[str]]:
        """A row a feature."""
        keys = ("low", "middle", "high", "mean", "from", "to")
        return [
            [clean(column["column"], 60), *(number(column[key], 3) for key in keys)] for column in self.view["columns"]
        ]

    def lines(self, width: int, height: int) -> list[Line]:
        """As many features as there is room for, then the axis."""
        columns = self.view["columns"][: max(1, height - 1)]
        contributions = [point[0] for column in columns for point in column["points"]]
        if not contributions or width < 30 or height < 3:
            return [plain("(too small to draw)" if contributions else "(nothing to draw)")]
        names = min(24, max(10, width // 4))
        inner = width - names - 2
        low, high = ends(contributions)
        low, high = min(0.0, low), max(0.0, high)
        lines = [self._feature(column, names, inner, low, high) for column in columns]
        lines.append(plain(" " * (names + 2) + _axis(low, high, inner)))
        return lines

    def _feature(self, column: dict[str, Any], names: int, inner: int, low: float, high: float) -> Line:
        chosen = column["column"] == self.chosen
        name = f"{'>' if chosen else ' '}{fit(column['column'], names)} "
        cells = swarm_cells(column["points"], inner, low, high)
        return [(name, "bold" if chosen else ""), *pieces(cells)]


def swarm_cells(points: Sequence[Sequence[float | None]], cells: int, low: float, high: float) -> list[tuple[str, str]]:
    """Sign and tone of each cell of one feature's line.

    Args:
        points: contribution, and rank of the value from 0 (lowest) to 1, ``None`` without an order.
    """
    ranks: list[list[float | None]] = [[] for _ in range(cells)]
    for contribution, rank in points:
        if contribution is not None:
            ranks[place(contribution, low, high, cells)].append(rank)
    taken = [len(found) for found in ranks if found]
    many = 2 * sum(taken) / max(1, len(taken))
    zero = place(0.0, low, high, cells)
    drawn = []
    for at, found in enumerate(ranks):
        if not found:
            drawn.append(("│" if at == zero else " ", "muted" if at == zero else ""))
            continue
        known = [rank for rank in found if rank is not None]
        middle = sum(known) / len(known) if known else None
        sign = "o" if middle is None else "-" if middle < _THIRD else "+" if middle > 2 * _THIRD else "="
        tone = _TONES.get(sign, "")
        drawn.append((sign, f"bold {tone}".strip() if len(found) > many else tone))
    return drawn


def _axis(low: float, high: float, cells: int) -> str:
    """The ends of the scale, and zero where it stands apart from them."""
    left, right = number(low, 3), number(high, 3)
    zero = place(0.0, low, high, cells)
    line = [*left, *" " * max(1, cells - len(left) - len(right)), *right]
    if len(left) < zero < cells - len(right) - 1:
        line[zero] = "0"
    return "".join(line[:cells])
