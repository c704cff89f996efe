"""The trust page: what refits of the model say of its importance; they run in the worker, can be stopped and left."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Button

from workbench.errors import WorkbenchError
from workbench.tui.guard import for_shown
from workbench.tui.widgets.drawing import table_lines
from workbench.tui.widgets.pages import PageDialog, sentences
from workbench.tui.widgets.text import bar, clean, duration, fit, number, percent, wrapped
from workbench.worker.explain_views import BackgroundView, TrustView

Ask = Callable[[str], Awaitable[TrustView]]
"""Asks the worker: ``explain.trust``, ``explain.trust_start`` or ``explain.trust_stop``."""


class TrustDialog(PageDialog[None]):
    """Shows what is there, begins what is not, and follows the work.

    Args:
        ask: asks the worker.
        run: the look at a run that the page is about.
        begin: whether to begin at once where there is nothing yet.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "stop", "Stop", show=False),
        Binding("r", "again", "Again", show=False),
    ]

    def __init__(self, ask: Ask, run: str, *, begin: bool = True) -> None:
        super().__init__("How far the importance can be trusted", "Asking the worker …", keys="x stop   r anew")
        self.ask = ask
        self.run_shown = run
        self.begin = begin
        self.view: TrustView | None = None
        self.heard: BackgroundView | None = None
        """What was told last: it may be newer than an answer that comes after it."""

    def below(self) -> Sequence[Widget]:
        """What the keys do, for the mouse."""
        buttons = (
            Button("Stop (x)", id="trust-stop", compact=True),
            Button("Anew (r)", id="trust-again", compact=True),
        )
        return (Horizontal(*buttons, classes="buttons"),)

    def on_mount(self) -> None:
        """Ask what there is."""
        super().on_mount()
        self._look()

    def take(self, work: BackgroundView) -> None:
        """The refits have come further, or have ended."""
        if work["run"] != self.run_shown:
            return
        self.heard = work
        if self.view is not None:
            self._show(self.view)

    def action_stop(self) -> None:
        """End the refits at their next step."""
        if self.view is not None and _running(self.view):
            self._call("explain.trust_stop")

    def action_again(self) -> None:
        """Fit anew."""
        if self.view is not None and not _running(self.view):
            self._call("explain.trust_start")

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_stop() if event.button.id == "trust-stop" else self.action_again()

    @work(group="trust")
    async def _look(self) -> None:
        try:
            view = await for_shown(self, self.ask("explain.trust"))
            if self.begin and view["found"] is None and not _running(view):
                view = await for_shown(self, self.ask("explain.trust_start"))
        except WorkbenchError as error:
            self.show(f"! {clean(str(error), 400)}")
            return
        self._show(view)

    @work(group="trust")
    async def _call(self, method: str) -> None:
        try:
            self._show(await for_shown(self, self.ask(method)))
        except WorkbenchError as error:
            self.show(f"! {clean(str(error), 400)}")

    def _show(self, view: TrustView) -> None:
        heard, known = self.heard, view["work"]
        if heard is not None and (known is None or heard["at"] > known["at"]):
            view = {**view, "work": heard}
            if heard["state"] == "done":
                self.heard = None  # the answer will know of it
                self._call("explain.trust")
        self.view = view
        self.query_one("#trust-stop", Button).disabled = not _running(view)
        self.query_one("#trust-again", Button).disabled = _running(view)
        self.show(lambda width: trust_text(view, width))


def _running(view: TrustView) -> bool:
    return view["work"] is not None and view["work"]["state"] in ("running", "stopping")


def trust_text(view: TrustView, width: int) -> str:
    """The whole page: how far the work is, then what it found."""
    about = f"{clean(view['family'], 30)} is fitted anew on other parts of the customers, and with random columns."
    if view["instead"]:
        about += (
            f" {clean(view['instead'], 30)} is a blend, which has no recipe of its own: this is its best single model."
        )
    lines = wrapped(about, width)
    lines += _work_lines(view, width)
    if (found := view["found"]) is not None:
        lines += ["", "IN WORDS", *sentences(found["words"], width)]
        lines += _stability(found, width)
        lines += _permuted(found, width)
        lines += ["", f"Took {duration(found['seconds'])}."]
    return "\n".join(lines)


def _work_lines(view: TrustView, width: int) -> list[str]:
    work = view["work"]
    if work is None:
        return ["", f"Not looked into yet. r begins; it takes up to {duration(view['seconds'])}."]
    if work["state"] == "failed":
        return ["", *wrapped(f"! {clean(work['error'], 400)}", width)]
    if work["state"] == "stopped":
        return ["", "Stopped. r begins anew."]
    if work["state"] == "done":
        return []
    told = clean(work["message"], 200) or "Beginning"
    drawn = ""
    if work["total"]:
        drawn = f"{bar((work['done'] or 0) / work['total'], 24):<24} {work['done'] or 0:g} of {work['total']:g}"
    ends = f"x stops it, esc leaves it running; it takes up to {duration(view['seconds'])}"
    return ["", *wrapped(f"{told} …", width), *([drawn] if drawn else []), *wrapped(ends, width)]


def _stability(found: dict[str, Any], width: int) -> list[str]:
    rows, floor = found["stability"], found["floor"]
    if not rows:
        return []
    lines = ["", *wrapped("SHARE OF THE IMPORTANCE OVER THE REFITS  █ least, ░ most of any", width)]
    most = max(row["high"] or 0.0 for row in rows) or 1.0
    bars = 16 if width >= 90 else 8
    names = max(10, min(28, width - 40 - bars))
    lines.append(f"{fit('feature', names)} {'mean':>6} {'least':>6} {'most':>6} {'rank':>5} {'same way':>8}")
    for row in rows:
        same = percent(row["sign_agreement"]) if row["sign_agreement"] is not None else "-"
        figures = " ".join(f"{percent(row[key]):>6}" for key in ("share", "low", "high"))
        solid, whole = (round(bars * (row[key] or 0.0) / most) for key in ("low", "high"))
        drawn = "█" * solid + "░" * (whole - solid)
        rank = number(row["rank"], 2)
        lines.append(f"{fit(row['column'], names)} {figures} {rank:>5} {same:>8} {drawn}".rstrip())
    if floor is not None:
        lines.append(f"{fit('random columns', names)} {percent(floor['share']):>6}  at most, and they know nothing")
        if floor["below"]:
            lines += wrapped(f"no more than those: {', '.join(clean(name, 40) for name in floor['below'])}", width)
    return lines


def _permuted(found: dict[str, Any], width: int) -> list[str]:
    rows = found["permuted"]
    if not rows:
        return []
    heads = ("feature", "increase", "low", "high", "rank")
    body = [
        [
            clean(row["column"], 60),
            *(number(row[key], 3) for key in ("increase", "low", "high")),
            number(row["rank"], 2),
        ]
        for row in rows
    ]
    title = f"PERMUTATION  increase of {clean(found['loss'], 20)} when a feature's cells are dealt out anew, held out"
    return ["", *wrapped(title, width), *table_lines(heads, body, width)]
