"""What the five screens share: parts to go through with tab, a filter line, questions to the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from rich.text import Text
from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Input, Static

from workbench.tui.actions import Action
from workbench.tui.guard import for_shown, is_elsewhere
from workbench.tui.widgets.grid import Grid
from workbench.worker.client import WorkerFailure

if TYPE_CHECKING:
    from workbench.tui.app import WorkbenchApp

OF_RUN = ("explain", "probe", "segments", "report")
"""First words of questions that concern the run that is looked at."""
MOVES: list[BindingType] = [
    Binding("tab", "swap(1)", "Next part", show=False),
    Binding("shift+tab", "swap(-1)", "Previous part", show=False),
    Binding("escape", "back", "Back", show=False),
]


class WorkView(Vertical):
    """A screen. On narrow terminals one part is shown at a time and ``tab`` swaps them."""

    where: ClassVar[str]
    parts: ClassVar[tuple[str, ...]]
    """Ids of the focusable parts, in the order of tab; each stands in a box with the class ``part``."""
    of = ""
    """The look at a run that this screen shows, as ``ResultView`` names it."""

    @property
    def bench(self) -> WorkbenchApp:
        """The app, by its own type."""
        return cast("WorkbenchApp", self.app)

    def context(self) -> str:
        """What stands at the right of the tabs."""
        return ""

    def facts(self) -> dict[str, str | tuple[str, ...]]:
        """What command-line twins of its actions are filled with, beside what all screens know."""
        return {}

    def has_twin(self, action: Action) -> bool:
        """Whether the command line can do what this action does now."""
        return bool(action.twin)

    def shown(self) -> None:
        """Called each time the screen comes to the front."""

    def refresh_job(self) -> None:
        """Called at most ten times a second while a journey runs."""

    async def ask(self, method: str, *, of: str | None = None, **params: Any) -> Any:
        """Ask the worker; see ``Link.call``. What concerns a run says which one.

        Args:
            of: the look at a run that it is about; by default the one that is shown now. What waits for the user
                before it asks takes it before it waits.

        Raises:
            WorkerFailure: of the kind ``elsewhere``, another run is looked at now.
        """
        of = self.of if of is None else of
        if not of or method.partition(".")[0] not in OF_RUN:
            return await for_shown(self, self.bench.link.call(method, **params))
        try:
            answer = await for_shown(self, self.bench.link.call(method, run=of, **params))
        except WorkerFailure as error:
            if is_elsewhere(error) and self.bench.result is not None and self.bench.result["shown"] == of:
                self.bench.look_anew()  # the worker looks at another run than this face believes
            raise
        if self.of != of:
            raise WorkerFailure("elsewhere", "Another run is looked at now.")
        return answer

    async def ask_typed(self, method: str, *, of: str, **params: Any) -> Any:
        """Ask what was typed in a dialogue: a journey may have ended meanwhile, so that another run is looked at.

        Returns:
            The answer, ``None`` where the run is not shown any more: then what became of it is told here.
        """
        try:
            answer = await for_shown(self, self.bench.link.call(method, run=of, **params))
        except WorkerFailure as error:
            if not is_elsewhere(error):
                raise
            told = "Another run is looked at now: what you typed was of the run before, and is not kept."
            self.notify(told, severity="warning", markup=False)
            return None
        if self.of != of:
            self.notify("Done for the run that was looked at before; another one is shown now.", markup=False)
            return None
        return answer

    def say_instead(self, text: str) -> None:
        """Show a text in place of the parts, and hold the focus meanwhile."""
        self.add_class("-empty")
        self.query_one(f"#{self.id}-empty", Static).update(Text(text))
        self.can_focus = True
        self.focus()

    def show_parts(self) -> None:
        """Show the parts again."""
        self.remove_class("-empty")
        self.can_focus = False

    def on_mount(self) -> None:
        """The first part is in front."""
        self._to_front(self.parts[0])

    def focus_part(self, name: str | None = None) -> None:
        """Give the focus to a part, by default to the one in front."""
        front = name or next((part for part in self.parts if self._box(part).has_class("-front")), self.parts[0])
        self._to_front(front)
        target: Widget = self.query_one(f"#{front}", Widget)
        if not target.can_focus:
            target = next((child for child in target.walk_children(Widget) if child.can_focus), target)
        target.focus()

    def open_parts(self) -> tuple[str, ...]:
        """The parts that can be gone to now."""
        return self.parts

    def action_swap(self, by: int) -> None:
        """Go to the next part."""
        parts = self.open_parts()
        at = next((index for index, part in enumerate(parts) if self._holds_focus(part)), -1)
        self.focus_part(parts[(at + by) % len(parts)])

    def action_back(self) -> None:
        """From the filter to the table; from a later part to the first."""
        bars = [bar for bar in self.query(FilterBar) if bar.display]
        if bars:
            bars[0].leave(keep=False)
        else:
            self.focus_part(self.parts[0])

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """What has the focus is in front."""
        for part in self.parts:
            if self._holds_focus(part):
                self._to_front(part)

    def filter_bar(self, grid: Grid) -> None:
        """Open the filter line for a grid."""
        bar = self.query_one(FilterBar)
        bar.open_for(grid)

    def _holds_focus(self, part: str) -> bool:
        focused: Widget | None = self.screen.focused
        widget = self.query_one(f"#{part}")
        return focused is not None and (focused is widget or widget in focused.ancestors)

    def _box(self, part: str) -> Widget:
        widget = self.query_one(f"#{part}")
        return next((above for above in [widget, *widget.ancestors] if above.has_class("part")), widget)  # type: ignore[union-attr,return-value]

    def _to_front(self, part: str) -> None:
        front = self._box(part)
        for other in self.parts:
            box = self._box(other)
            box.set_class(box is front, "-front")


class FilterBar(Input):
    """The line under a table that filters it while one types; ``enter`` keeps the filter, ``esc`` takes it away."""

    DEFAULT_CSS = """
    FilterBar, FilterBar:focus { display: none; height: 1; border: none; background: $boost; padding: 0 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(placeholder="words, or: visits >= 3 and region = north", id=id, select_on_focus=False)
        self.grid: Grid | None = None

    def open_for(self, grid: Grid) -> None:
        """Filter this grid."""
        self.grid = grid
        self.display = True
        with self.prevent(Input.Changed):
            self.value = grid.filter
        self.focus()

    def leave(self, *, keep: bool) -> None:
        """Close the line and go back to the table."""
        self.display = False
        if self.grid is not None:
            if not keep:
                self.grid.set_filter("")
            self.grid.focus()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.grid is not None and self.display:
            self.grid.set_filter(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.leave(keep=True)
