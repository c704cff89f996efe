"""The fairness page as lines: clear differences first, the sentences, the proxies, then every figure by group."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import groupby
from typing import Any

from textual import work

from workbench.errors import WorkbenchError
from workbench.tui.guard import for_shown
from workbench.tui.widgets.drawing import table_lines
from workbench.tui.widgets.pages import PageDialog, sentences
from workbench.tui.widgets.text import clean, fit, number, some_of, wrapped
from workbench.worker.explain_views import FairnessView

Ask = Callable[[], Awaitable[FairnessView]]


class FairnessDialog(PageDialog[None]):
    """One column's groups.

    Args:
        column: its name.
        ask: asks the worker.
    """

    def __init__(self, column: str, ask: Ask) -> None:
        super().__init__(f"Groups of {clean(column, 50)}", "Comparing groups …")
        self.ask = ask

    def on_mount(self) -> None:
        """Ask."""
        super().on_mount()
        self._load()

    @work(group="fairness")
    async def _load(self) -> None:
        try:
            view = await for_shown(self, self.ask())
        except WorkbenchError as error:
            self.show(f"! {clean(str(error), 400)}")
            return
        self.show(lambda width: fairness_text(view, width))


def fairness_text(view: FairnessView, width: int) -> str:
    """The whole page."""
    lines = wrapped(
        f"Predictions of {clean(view['family'], 30)}, the champion, for {some_of(view['rows'], view['total_rows'])} "
        "customers while they were held out.",
        width,
    )
    against = f" TO '{clean(view['comparisons'][0]['against'], 24)}'" if view["comparisons"] else ""
    title = f"DIFFERENCES{against}  ! told from chance, intervals of all comparisons together"
    lines += ["", *wrapped(title, width)]
    lines += _differences(view["comparisons"], width) or ["Nothing could be compared."]
    lines += ["", "IN WORDS", *sentences(view["words"], width)]
    carried = f"COLUMNS THAT CARRY A GROUP  (by the explanation of {clean(view['explained'], 30)})"
    lines += ["", *wrapped(carried, width)]
    none = "None both tells groups apart and clearly carries a difference."
    lines += _proxies(view["proxies"], width) or wrapped(none, width)
    lines += ["", "FIGURES BY GROUP  (with 95% intervals)", *_figures(view["figures"], width)]
    return "\n".join(lines)


def _differences(rows: list[dict[str, Any]], width: int) -> list[str]:
    """A row a comparison; of figures that are made of others there is no interval of all together."""
    if not rows:
        return []
    heads = ("  measure", "value", "low", "high", "group")
    body = [
        [
            f"{'!' if row['clear'] else ' '} {clean(row['measure'], 60)}",
            *(number(row[key], 3) for key in ("value", "adjusted_low", "adjusted_high")),
            clean(row["group"], 24),
        ]
        for row in rows
    ]
    return table_lines(heads, body, width)


def _proxies(rows: list[dict[str, Any]], width: int) -> list[str]:
    if not rows:
        return []
    heads = ("column", "group", "AUC", "difference", "low", "high")
    body = [
        [
            clean(row["column"], 60) + (" (itself)" if row["itself"] else ""),
            clean(row["group"], 24),
            number(row["auc"], 3),
            *(number(row[key], 3) for key in ("difference", "low", "high")),
        ]
        for row in rows
    ]
    return table_lines(heads, body, width)


def _figures(rows: list[dict[str, Any]], width: int) -> list[str]:
    lines: list[str] = []
    ordered = sorted(rows, key=lambda row: [each["metric"] for each in rows].index(row["metric"]))
    name = max(10, min(32, width - 52))
    for metric, members in groupby(ordered, key=lambda row: str(row["metric"])):
        lines.append(clean(metric, 60))
        for row in members:
            ends = f"{number(row['low'], 3)} to {number(row['high'], 3)}" if row["low"] is not None else "-"
            known = number(None if row["rows"] is None else int(row["rows"]))  # of hidden groups they are not told
            figure = f"{number(row['value'], 3):>10}  {ends:<22} {known:>9} rows"
            lines.append(fit(f"  {fit(row['group'], name)}{figure}", width).rstrip())
    return lines
