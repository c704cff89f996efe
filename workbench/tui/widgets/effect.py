"""How the prediction goes with one feature: a curve with its interval, or bars of levels, under the method's reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.tui.widgets.drawing import Line, place, plain
from workbench.tui.widgets.plot import Series, picture
from workbench.tui.widgets.short_text import short_lines
from workbench.tui.widgets.text import clean, fit, number
from workbench.worker.explain_views import EffectView


class EffectLines:
    """An effect by partial dependence or accumulated local effects.

    Args:
        view: as the worker computed it.
    """

    def __init__(self, view: EffectView) -> None:
        self.view = view

    def title(self) -> str:
        """Feature, output and method."""
        method = clean(self.view["method"], 80).partition(" (")[0]
        return f"EFFECT  {clean(self.view['column'], 40)} on {clean(self.view['output'], 24)}: {method}"

    def legend(self) -> str:
        """The unit, and what is around the curve."""
        from_mean = ", 0 is the mean" if self.view["method"].startswith("accumulated") else ""
        signs = "dots" if self._is_curve() else "─"
        return f"in {clean(self.view['space'], 30)}{from_mean}  {signs} 95% interval  {self.view['rows']:,} rows"

    def heads(self) -> Sequence[str]:
        """Value, effect, interval, and rows near the value."""
        return (clean(self.view["column"], 24), "effect", "low", "high", "rows", "8 of 10", "to")

    def rows(self) -> list[list[str]]:
        """A row a point; missing values last."""
        keys = ("effect", "low", "high", "support", "spread_low", "spread_high")
        return [[clean(each["label"], 40), *(number(each[key], 3) for key in keys)] for each in self.view["points"]]

    def lines(self, width: int, height: int) -> list[Line]:
        """Why this method, then curve or bars; what is missing has no place on a curve and stands above it."""
        if width < 20 or height < 3:
            return [plain("(too small to draw)"[:width])]
        told = short_lines(clean(self.view["note"]), width, 2 if height >= 9 else 1, "…")
        missing = [each for each in self.view["points"] if each["x"] is None]
        if self._is_curve() and missing:
            each = missing[0]
            told.append(f"{clean(each['label'], 20)}: {number(each['effect'], 3)}"[:width])
        drawn = (self._curve if self._is_curve() else self._bars)(width, height - len(told))
        return [*(plain(line) for line in told), *(plain(line) for line in drawn)]

    def _is_curve(self) -> bool:
        return self.view["numeric"] and len(self._known()) > 1

    def _known(self) -> list[dict[str, Any]]:
        return [each for each in self.view["points"] if each["x"] is not None and each["effect"] is not None]

    def _curve(self, width: int, height: int) -> list[str]:
        known = self._known()
        edges = [Series([(each["x"], each[key]) for each in known if each[key] is not None]) for key in ("low", "high")]
        main = Series([(each["x"], each["effect"]) for each in known], "line")
        ends = clean(known[0]["label"], 16), clean(known[-1]["label"], 16)
        lines = picture(main, width, height, clean(self.view["column"], 40), more=edges, ends=ends)
        return [fit(line, width).rstrip() for line in lines]

    def _bars(self, width: int, height: int) -> list[str]:
        known = [each for each in self.view["points"] if each["effect"] is not None]
        if not known:
            return ["(nothing to draw)"]
        figures = [each[key] for each in known for key in ("low", "effect", "high") if each[key] is not None]
        low, high = min(figures), max(figures)
        names = min(24, max(8, width // 4))
        room = width - names - 12
        return [_bar(each, names, room, low, high) for each in known[: max(1, height)]]


def _bar(each: dict[str, Any], names: int, room: int, low: float, high: float) -> str:
    head = f"{fit(each['label'], names)} {number(each['effect'], 3):>9}  "
    if room < 6:
        return head.rstrip()
    cells = [" "] * room
    if each["low"] is not None and each["high"] is not None:
        for at in range(place(each["low"], low, high, room), place(each["high"], low, high, room) + 1):
            cells[at] = "─"
    cells[place(each["effect"], low, high, room)] = "●"
    return (head + "".join(cells)).rstrip()
