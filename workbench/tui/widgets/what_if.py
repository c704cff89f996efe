"""The what-if dialogue: ``column=value`` for the shown customer, and what the model would predict then."""

from __future__ import annotations

import shlex
from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from workbench.errors import WorkbenchError
from workbench.tui.guard import for_shown
from workbench.tui.widgets.dialogs import Dialog
from workbench.tui.widgets.text import clean, fit, number
from workbench.worker.views import WhatIfView

Ask = Callable[[list[str]], Awaitable[WhatIfView]]
"""Asks the worker about all changes together."""
NOT_CAUSAL = "What the model would predict with other values, not what would happen."


class WhatIfDialog(Dialog[None]):
    """Takes one change after another; each answer is for all of them together.

    Args:
        run: name of the run, for the command-line twin; empty where there is none.
        customer: id of the customer.
        columns: what can be changed, for suggestions.
        ask: asks the worker.
        changes: that are made already, such as the smallest one with another answer.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r", "start_over", "Start over", show=False, priority=True),
        Binding("pagedown", "scroll_answer(1)", show=False),
        Binding("pageup", "scroll_answer(-1)", show=False),
    ]

    def __init__(self, run: str, customer: str, columns: Sequence[str], ask: Ask, changes: Sequence[str] = ()) -> None:
        super().__init__()
        self.run_name = run
        self.customer = customer
        self.columns = [clean(name, 80) for name in columns]
        self.ask = ask
        self.changes: list[str] = []
        self.first = list(changes)

    def on_mount(self) -> None:
        """Ask about what is changed already."""
        if self.first:
            self._ask_about(self.first)

    def compose(self) -> ComposeResult:
        """What to type, the problem if there is one, the answer, the keys."""
        with Vertical(classes="box") as box:
            box.border_title = Text(f"What if: customer {clean(self.customer, 40)}")
            suggester = SuggestFromList([f"{name}=" for name in self.columns], case_sensitive=False)
            yield Input(placeholder="column=value, such as visits=12; no value means missing", suggester=suggester)
            yield Static(Text(NOT_CAUSAL))
            yield Static("", id="what-if-problem")
            with VerticalScroll():
                yield Static(Text("One change after another; each answer is for all of them."), id="what-if-answer")
            keys = "enter add   right completes   pgdn more   ctrl+r anew   esc back"
            yield Static(Text(keys), classes="hint")

    def action_start_over(self) -> None:
        """Forget all changes."""
        self.changes = []
        self._problem("")
        self.query_one("#what-if-answer", Static).update(Text("No changes."))

    def action_scroll_answer(self, by: int) -> None:
        """Further down in a long answer."""
        self.query_one(VerticalScroll).scroll_relative(y=4 * by, animate=False)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self._ask_about([*self.changes, event.value.strip()])

    @work(exclusive=True)
    async def _ask_about(self, changes: list[str]) -> None:
        try:
            view = await for_shown(self, self.ask(changes))
        except WorkbenchError as error:
            self._problem(f"! {clean(str(error), 400)}")
            return
        self.changes = [each["text"] for each in view["changes"]]
        self._problem("")
        self.query_one(Input).value = ""
        self.query_one("#what-if-answer", Static).update(Text(self.answer_text(view)))

    def answer_text(self, view: WhatIfView) -> str:
        """The answer with its command-line twin."""
        if not self.run_name:
            return what_if_text(view)
        words = ["workbench", "explain", self.run_name, "--row", self.customer]
        for change in self.changes:
            words += ["--what-if", change]
        return f"{what_if_text(view)}\n\n$ {clean(shlex.join(words), 400)}"

    def _problem(self, text: str) -> None:
        self.query_one("#what-if-problem", Static).update(Text(text))


def what_if_text(view: WhatIfView) -> str:
    """Changes, predictions before and after, contributions that moved; never as cause and effect."""
    lines = []
    for each in view["changes"]:
        lines.append(f"with {clean(each['column'], 40)} = {clean(each['after'], 40)}, not {clean(each['before'], 40)}")
        if each["unseen"]:
            lines.append("  ! no explained customer has this value: the model has not learnt from it")
    lines.append("")
    lines += [f"the model would predict {_predicted(view, each)}" for each in _shown(view)]
    lines += ["", f"{fit('in ' + view['unit'], 30)} {'before':>10} {'after':>10} {'change':>10}"]
    rows = [(clean(step["column"], 60), step["before"], step["after"]) for step in view["steps"]]
    if (rest := view["rest"]) is not None:
        rows.append((f"{rest['columns']} others", rest["before"], rest["after"]))
    rows.append((f"sum, for {clean(view['output'], 40)}", view["before"], view["after"]))
    lines += [
        f"{fit(name, 30)} {number(before):>10} {number(after):>10} {_signed((after or 0.0) - (before or 0.0)):>10}"
        for name, before, after in rows
    ]
    if not view["steps"]:
        lines.append("No contribution moves: the model says the same.")
    return "\n".join(lines)


def _signed(value: float) -> str:
    return f"+{number(value)}" if value > 0 else number(value)


def _shown(view: WhatIfView) -> list[dict[str, object]]:
    """Of two classes one says everything."""
    return view["predictions"][1:] if view["shares"] and len(view["predictions"]) == 2 else view["predictions"]


def _predicted(view: WhatIfView, each: dict[str, object]) -> str:
    before, after = each["before"], each["after"]
    if view["shares"]:
        assert isinstance(before, float) and isinstance(after, float)
        return f"{clean(each['name'], 40)}: {after:.1%} instead of {before:.1%}"
    assert isinstance(before, float | int) and isinstance(after, float | int)
    return f"{number(after)} {clean(view['target'], 40)} instead of {number(before)}"
