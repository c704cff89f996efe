"""Bars with an interval in text: solid up to its low end, lighter from there to its high end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.tui.widgets.drawing import Line, plain
from workbench.tui.widgets.text import clean, fit, number


class ImportanceBars:
    """Mean size of each feature's contribution with its interval.

    Args:
        rows: ``column``, ``importance``, ``low``, ``high`` (the last two may be ``None``), largest first.
        chosen: the feature that the screen stands on; it is marked.
        unit: of the contributions.
    """

    def __init__(self, rows: Sequence[dict[str, Any]], chosen: str = "", unit: str = "") -> None:
        self.features = rows
        self.chosen = chosen
        self.unit = unit

    def legend(self) -> str:
        """The signs, and the unit of the figures."""
        told = "█ to the low end, ░ to the high end of the 95% interval"
        return f"{told}  in {clean(self.unit, 20)}" if self.unit else told

    def heads(self) -> Sequence[str]:
        """Feature, figure, interval."""
        return ("feature", "mean|SHAP|", "low", "high", "share")

    def rows(self) -> list[list[str]]:
        """A row a feature."""
        keys = ("importance", "low", "high", "share")
        return [[clean(row["column"], 60), *(number(row.get(key), 3) for key in keys)] for row in self.features]

    def lines(self, width: int, height: int) -> list[Line]:
        """As many features as there is room for."""
        shown = self.features[: max(1, height)]
        if not shown or width < 30:
            return [plain("(too small to draw)" if shown else "(nothing to draw)")]
        names = min(24, max(10, width // 4))
        room = width - names - 12
        most = max(max(row.get("high") or 0.0, row["importance"] or 0.0) for row in shown) or 1.0
        lines: list[Line] = []
        for row in shown:
            chosen = row["column"] == self.chosen
            name = f"{'>' if chosen else ' '}{fit(row['column'], names)} {number(row['importance'], 3):>9} "
            lines.append([(name, "bold" if chosen else ""), (_bar(row, most, room), "")])
        return lines


def _bar(row: dict[str, Any], most: float, room: int) -> str:
    value = row["importance"] or 0.0
    low, high = row.get("low"), row.get("high")
    solid = round(room * (value if low is None else max(0.0, low)) / most)
    whole = round(room * (value if high is None else high) / most)
    if solid == whole and value > 0:
        whole = max(whole, 1)
    return "█" * solid + "░" * max(0, whole - solid)
