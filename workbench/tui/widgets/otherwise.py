"""For one customer: the smallest changes with another answer, and the nearest real customers who have one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar

from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from workbench.errors import WorkbenchError
from workbench.tui.guard import for_shown
from workbench.tui.widgets.dialogs import Dialog
from workbench.tui.widgets.text import clean, fit, some_of, wrapped
from workbench.worker.explain_views import ChangesView, LookalikesView

AskChanges = Callable[[str, str], Awaitable[ChangesView]]
"""Asks the worker with an aim and the columns that may change."""
AskLookalikes = Callable[[], Awaitable[LookalikesView]]
Answer = tuple[str, Any]
"""``what if`` with the changes as texts, or ``customer`` with a row."""
NOT_CAUSAL = "How the model answers for such values, not what would happen."


class OtherwiseDialog(Dialog[Answer]):
    """Both at once; ``enter`` on a change takes it to the what-if dialogue, on a customer shows that one.

    Args:
        customer: id of the customer.
        number: whether the model predicts a number, which needs an aim.
        ask_changes, ask_lookalikes: ask the worker.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    OtherwiseDialog > .box { width: 104; }
    OtherwiseDialog .field { height: 1; }
    OtherwiseDialog .field > Static { width: 12; }
    OtherwiseDialog .field > Input { width: 1fr; }
    OtherwiseDialog OptionList, OtherwiseDialog OptionList:focus { max-height: 60vh; }
    OtherwiseDialog .hint { margin-top: 0; }
    """

    def __init__(self, customer: str, *, number: bool, ask_changes: AskChanges, ask_lookalikes: AskLookalikes) -> None:
        super().__init__()
        self.customer = customer
        self.number = number
        self.ask_changes = ask_changes
        self.ask_lookalikes = ask_lookalikes
        self.changes: ChangesView | None = None
        self.lookalikes: LookalikesView | None = None
        self.problem = ""
        self.answers: list[Answer | None] = []

    def compose(self) -> ComposeResult:
        """What is wanted, what may change, what was found, the keys."""
        hint = (
            ">= 300, <= 120 or 100 to 120"
            if self.number
            else "empty: another class; or a class, or its share: yes >= 60%"
        )
        with Vertical(classes="box") as box:
            box.border_title = Text(f"Answered otherwise: customer {clean(self.customer, 40)}")
            with Horizontal(classes="field"):
                yield Static("wanted")
                yield Input(placeholder=hint, id="otherwise-aim")
            with Horizontal(classes="field"):
                yield Static("may change")
                yield Input(placeholder="empty: the levers; or columns between commas", id="otherwise-columns")
            yield OptionList(id="otherwise-found")
            yield Static(Text(NOT_CAUSAL))
            keys = "enter look, or take what is chosen   up/down choose   esc back"
            yield Static(Text(keys), classes="hint")

    def on_mount(self) -> None:
        """Ask for both."""
        self._fill()
        self._load_changes()
        self._load_lookalikes()

    def on_resize(self, _: events.Resize) -> None:
        """The lines fit the width."""
        self.call_after_refresh(self._fill)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self._load_changes()

    @work(exclusive=True, group="changes")
    async def _load_changes(self) -> None:
        aim, columns = (self.query_one(f"#otherwise-{name}", Input).value for name in ("aim", "columns"))
        self.changes, self.problem = None, ""
        self._fill()
        try:
            self.changes = await for_shown(self, self.ask_changes(aim, columns))
        except WorkbenchError as error:
            self.problem = str(error)
        self._fill()

    @work(exclusive=True, group="lookalikes")
    async def _load_lookalikes(self) -> None:
        try:
            self.lookalikes = await for_shown(self, self.ask_lookalikes())
        except WorkbenchError as error:
            self.lookalikes = {"row": 0, "id": "", "now": "", "found": [], "note": str(error), "closing": "",
                               "rows": 0, "total_rows": 0}  # fmt: skip
        self._fill()

    def _fill(self) -> None:
        options = self.query_one(OptionList)
        width = max(24, options.size.width - 3)
        # while one types nothing is chosen yet, and what comes first is offered
        before = self._chosen(options.highlighted) if options.has_focus else None
        lines = [*change_lines(self.changes, self.problem, width), *lookalike_lines(self.lookalikes, width)]
        self.answers = [answer for _, answer in lines]
        options.clear_options()
        options.add_options([Option(Text(text), disabled=answer is None) for text, answer in lines])
        takeable = [at for at, answer in enumerate(self.answers) if answer is not None]
        kept = [at for at in takeable if self.answers[at] == before]
        options.highlighted = next(iter(kept or takeable), None)
        if not options.has_focus:
            options.scroll_home(animate=False, immediate=True)
            self.call_after_refresh(options.scroll_home, animate=False)  # bringing the choice into view comes later

    def _chosen(self, at: int | None) -> Answer | None:
        return self.answers[at] if at is not None and at < len(self.answers) else None

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        if (answer := self._chosen(event.option_index)) is not None:
            self.dismiss(answer)

    def action_move(self, by: int) -> None:
        """From a field to what was found, and on from there."""
        options = self.query_one(OptionList)
        if not options.has_focus:
            options.focus()
        elif by > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()


Lines = Sequence[tuple[str, Answer | None]]
"""Text, and what is taken by it; a line without is told only."""


def change_lines(view: ChangesView | None, problem: str, width: int) -> Lines:
    """The smallest changes, each with what the model answers then."""
    head = "SMALLEST CHANGES"
    if problem:
        return [(head, None), *_told(f"! {problem}", width)]
    if view is None:
        return [(head, None), ("  asking the model …", None)]
    if view["aim"]:
        head = fit(f"{head}  for {clean(view['aim'], 80)}", width).rstrip()
    lines: list[tuple[str, Answer | None]] = [(head, None)]
    for one in view["found"]:
        named = ", ".join(
            f"{clean(each['column'], 40)} = {clean(each['after'], 40)}, not {clean(each['before'], 40)}"
            for each in one["changes"]
        )
        far = "" if one["plausible"] else "  ! no real customer is near"
        answer = f"model: {clean(one['after'], 40)} instead of {clean(one['before'], 40)}{far}"
        text = "\n".join([*wrapped(named, width - 2), *(f"  {line}" for line in wrapped(answer, width - 4))])
        lines.append((text, ("what if", [each["text"] for each in one["changes"]])))
    lines += _told(view["reason"], width)
    if view["tried"] and not view["found"]:
        lines += _told(f"Tried: {', '.join(view['levers'])}.", width)
    for left in view["left_out"][:3]:
        lines += _told(f"left out {left}", width)
    if view["total_rows"]:
        lines += _told(f"Values are those of {some_of(view['rows'], view['total_rows'])} customers.", width)
    return lines


def lookalike_lines(view: LookalikesView | None, width: int) -> Lines:
    """The nearest real customers with another answer, each with what is different."""
    head = ("NEAREST CUSTOMERS WITH ANOTHER ANSWER", None)
    if view is None:
        return [head, ("  asking the model …", None)]
    lines: list[tuple[str, Answer | None]] = [head]
    for one in view["found"]:
        known = f", known as {clean(one['known'], 30)}" if one["known"] is not None else ""
        named = "; ".join(
            f"{clean(each['column'], 30)} {clean(each['theirs'], 24)}, not {clean(each['own'], 24)}"
            for each in one["differs"]
        )
        more = f"; {one['more']} more" if one["more"] else ""
        first = f"{clean(one['id'], 30)}: {clean(one['outcome'], 40)}{known}, distance {one['distance']:.3f}"
        rest = wrapped(f"{named}{more}", width - 4)[:2]
        lines.append(
            ("\n".join([fit(first, width).rstrip(), *(f"  {line}" for line in rest)]), ("customer", one["row"]))
        )
    lines += _told(view["note"] if not view["found"] else "", width)
    if view["total_rows"]:
        lines += _told(f"Looked at {some_of(view['rows'], view['total_rows'])} other customers.", width)
    return lines


def _told(text: str, width: int) -> list[tuple[str, Answer | None]]:
    return [(f"  {line}", None) for line in wrapped(clean(text, 600), width - 2)] if text else []
