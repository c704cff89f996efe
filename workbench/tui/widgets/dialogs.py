"""Dialogues: an error with what to do next, a question, a line to type, a choice, a text to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from workbench.tui.widgets.text import clean

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """A box over the screen; ``esc`` goes back and loses nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Back", show=False),
        # At once, and not by way of the field: what is typed quickly after a tab belongs to the next field.
        Binding("tab", "app.focus_next", "Next field", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", "Previous field", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    Dialog { align: center middle; }
    Dialog > .box {
        width: 76; max-width: 96%; height: auto; max-height: 94%; padding: 0 1;
        border: round $primary; background: $surface; border-title-color: $text-primary;
    }
    Dialog Static { height: auto; }
    Dialog .hint { color: $text-muted; margin-top: 1; }
    Dialog .buttons { height: auto; margin-top: 1; }
    Dialog Button { margin-right: 1; min-width: 10; height: 1; border: none; }
    Dialog Button:focus { text-style: bold reverse; }
    Dialog Input, Dialog Input:focus { border: none; background: $panel; height: 1; padding: 0 1; }
    Dialog Input:focus { background: $boost; }
    Dialog OptionList, Dialog OptionList:focus {
        height: auto; max-height: 16; border: none; background: $surface; padding: 0;
    }
    Dialog VerticalScroll { height: auto; max-height: 60vh; }
    """

    def action_cancel(self) -> None:
        """Go back without an answer."""
        self.dismiss(None)


class ErrorDialog(Dialog[str]):
    """One sentence that says what went wrong, what to do next, and the detail for those who want it.

    Answers ``retry`` when the button of ``retry`` was pressed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy detail"),
        Binding("r", "retry", "Retry"),
        Binding("enter", "cancel", "Close", show=False),
    ]

    def __init__(self, message: str, *, detail: str = "", next_step: str = "", retry: str = "") -> None:
        super().__init__()
        self.message = message
        self.detail = detail
        self.next_step = next_step
        self.retry = retry

    def compose(self) -> ComposeResult:
        """Sentence, next step, keys."""
        with Vertical(classes="box") as box:
            box.border_title = "Error"
            yield Static(Text(f"! {clean(self.message)}"), id="error-message")
            if self.next_step:
                yield Static(Text(self.next_step), classes="hint")
            keys = "enter close   y copy the detail" + (f"   r {self.retry}" if self.retry else "")
            yield Static(Text(keys), classes="hint")

    def action_copy(self) -> None:
        """Copy message and detail."""
        self.app.copy_to_clipboard(f"{self.message}\n{self.detail}".strip())
        self.notify("Copied.", markup=False)

    def action_retry(self) -> None:
        """Do what is offered."""
        if self.retry:
            self.dismiss("retry")


class ChoiceDialog(Dialog[str]):
    """A question with some answers; gives the id of the chosen one.

    Args:
        title: the question.
        options: (id, words) pairs.
        text: what is to be known before choosing.
        selected: id of the answer that enter takes at once.
    """

    def __init__(
        self, title: str, options: Sequence[tuple[str, str]], *, text: str = "", selected: str | None = None
    ) -> None:
        super().__init__()
        self.question = title
        self.options = list(options)
        self.text = text
        self.selected = selected

    def compose(self) -> ComposeResult:
        """Text, answers, keys."""
        with Vertical(classes="box") as box:
            box.border_title = Text(self.question)
            if self.text:
                yield Static(Text(self.text))
            yield OptionList(*(Option(Text(clean(words)), id=f"o{at}") for at, (_, words) in enumerate(self.options)))
            yield Static(Text("enter choose   esc back"), classes="hint")

    def on_mount(self) -> None:
        """Stand on the expected answer."""
        ids = [name for name, _ in self.options]
        self.query_one(OptionList).highlighted = ids.index(self.selected) if self.selected in ids else 0

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self.options[event.option_index][0])


class LineDialog(Dialog[str]):
    """A line to type."""

    def __init__(self, title: str, *, value: str = "", hint: str = "", text: str = "") -> None:
        super().__init__()
        self.question = title
        self.value = value
        self.hint = hint
        self.text = text

    def compose(self) -> ComposeResult:
        """Text, line, keys."""
        with Vertical(classes="box") as box:
            box.border_title = Text(self.question)
            if self.text:
                yield Static(Text(self.text))
            yield Input(value=self.value, placeholder=self.hint)
            yield Static(Text("enter take it   esc back"), classes="hint")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)


class TextDialog(Dialog[None]):
    """A text to read, copy and close: a whole cell, all checks, a table of figures."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy"),
        Binding("enter,q,space", "cancel", "Close", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
    ]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.question = title
        self.text = text

    def compose(self) -> ComposeResult:
        """The text as it is, and the keys."""
        with Vertical(classes="box") as box:
            box.border_title = Text(clean(self.question, 60))
            with VerticalScroll():
                yield Static(Text("\n".join(clean(line, 20_000) for line in self.text.split("\n"))), id="text-body")
            yield Static(Text("j/k scroll   y copy   esc close"), classes="hint")

    def action_copy(self) -> None:
        """Copy the whole text as it is."""
        self.app.copy_to_clipboard(self.text)
        self.notify("Copied.", markup=False)

    def action_scroll(self, by: int) -> None:
        """A line up or down."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)


class ConfirmDialog(Dialog[bool]):
    """A question that loses something when answered yes; ``esc`` and ``n`` are no."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("y", "yes", "Yes"), Binding("n", "cancel", "No")]

    def __init__(self, question: str, *, yes: str) -> None:
        super().__init__()
        self.question = question
        self.yes = yes

    def compose(self) -> ComposeResult:
        """The question and two answers."""
        with Vertical(classes="box"):
            yield Static(Text(clean(self.question)))
            with Horizontal(classes="buttons"):
                yield Button("No (n)", id="no", compact=True)
                yield Button(f"{self.yes} (y)", id="yes", variant="error", compact=True)

    def action_yes(self) -> None:
        """Do it."""
        self.dismiss(True)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")
