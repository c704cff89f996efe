"""The frame: menu, tabs, status, footer, going from screen to screen, and what is known now."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.command import CommandPalette
from textual.widgets import ContentSwitcher

from workbench.tui import session
from workbench.tui.actions import SCREENS, TITLES, Action, bindings, find, footer, key_text, twin
from workbench.tui.job_model import JobModel
from workbench.tui.link import Link
from workbench.tui.palette import ActionProvider
from workbench.tui.screens._base import WorkView
from workbench.tui.screens.data import DataView
from workbench.tui.screens.making import make_view
from workbench.tui.widgets.ascii import AsciiFilter
from workbench.tui.widgets.dialogs import ErrorDialog
from workbench.tui.widgets.help import HelpDialog, MenuDialog
from workbench.tui.widgets.link_line import Item, LinkLine
from workbench.tui.widgets.text import clean
from workbench.worker.views import ResultView, TableView

HERE = Path(__file__).parent


class Frame(App[None]):
    """What stands around the screens.

    Args:
        ascii: draw with ASCII signs only.
        folder: working folder, with the store in ``mlruns/``.
    """

    TITLE = "workbench"
    CSS_PATH: ClassVar[list[str | Path]] = [  # type: ignore[assignment]
        HERE / "app.tcss",
        HERE / "screens" / "_base.tcss",
        *(HERE / "screens" / f"{name}.tcss" for name in SCREENS),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("app")]
    COMMANDS = {ActionProvider}  # noqa: RUF012 - Textual's own declaration
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (96, "-normal"), (140, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-high")]  # noqa: RUF012

    link: Link
    """The hold on the worker."""

    def __init__(self, *, ascii: bool = False, folder: Path | None = None) -> None:
        super().__init__()
        self.folder = folder or Path.cwd()
        self.ascii = ascii
        self.table: TableView | None = None
        self.result: ResultView | None = None
        self.job = JobModel()
        self.past: JobModel | None = None
        """The search of the run that was opened from the store, ``None`` where the last journey's is looked at."""
        self.current_screen = "data"
        self.kept: dict[str, Any] = session.read_session()
        self.worker_state = "starting"
        if ascii:
            self._filters.append(AsciiFilter())
        self.set_keymap(session.read_keys())

    @property
    def searched(self) -> JobModel:
        """The search that screen 2 shows: one that is under way comes before an earlier one."""
        return self.job if self.past is None or self.job.active else self.past

    def compose(self) -> ComposeResult:
        """The frame and the first screen; the others are made when they are first gone to."""
        yield LinkLine(id="menu")
        yield LinkLine(id="tabs")
        with ContentSwitcher(id="switch", initial="data"):
            yield DataView()
        yield LinkLine(id="status")
        yield LinkLine(id="foot")

    def on_mount(self) -> None:
        """Paint."""
        theme = self.kept.get("theme")
        if theme in self.available_themes:
            self.theme = theme
        if self.ascii:
            self.screen.add_class("-ascii")
        self.refresh_lines()
        self.query_one(DataView).shown()

    def refresh_lines(self) -> None:
        """Menu, tabs, status and footer say what is so now; when the app ends they go before its last work does."""
        if not self.query("#menu"):
            return
        menus = [Item(f" {name} ", f"menu('{name}')") for name in ("File", *TITLES.values(), "Help")]
        self.query_one("#menu", LinkLine).set_items(menus, "workbench")
        tabs = [
            Item(f" {at} {TITLES[name]} ", f"screen_{name}", "on" if name == self.current_screen else "")
            for at, name in enumerate(SCREENS, 1)
        ]
        view = self.view(self.current_screen)
        self.query_one("#tabs", LinkLine).set_items(tabs, clean(view.context() if view is not None else "", 60))
        self.query_one("#foot", LinkLine).set_items(self._foot())
        self._refresh_status()

    def _foot(self) -> list[Item]:
        items: list[Item] = []
        shown = footer(self.current_screen) if self.size.width >= 96 else []
        for action in [*shown, find("app", "command_palette"), find("app", "show_help")]:
            word = action.short or {"command_palette": "palette", "show_help": "help"}[action.id]
            where = "app" if action.where == "app" else "view"
            items += [
                Item(f" {key_text(action)} ", f"{where}.{action.id}", "key"),
                Item(f"{word} ", f"{where}.{action.id}"),
            ]
        return items

    def _refresh_status(self) -> None:
        words = {
            "starting": "worker starting",
            "loading": "worker loading libraries",
            "ready": "worker ready",
            "lost": "! worker gone",
        }
        job = self.job.head.get("name") if self.job.active else ""
        items = [
            Item(f" {self._short_folder()}  "),
            Item("store mlruns/  "),
            Item(f"{words[self.worker_state]}", "app.restart_worker", "warn" if self.worker_state == "lost" else ""),
        ]
        if self.link.pid is not None and self.worker_state != "lost":
            items.append(Item(f" (pid {self.link.pid})"))
        running = f"{job} {self.job.state} {self.job.head.get('stage') or ''}" if job else ""
        self.query_one("#status", LinkLine).set_items(items, running)

    def _short_folder(self) -> str:
        try:
            return f"~/{self.folder.relative_to(Path.home())}"
        except ValueError:
            return str(self.folder)

    def view(self, name: str) -> Any:
        """A screen, ``None`` before it was first gone to."""
        found = self.query(f"#switch > #{name}")
        return found.first(WorkView) if found else None

    async def go(self, name: str) -> None:
        """Show a screen; make it if this is the first time."""
        switch = self.query_one(ContentSwitcher)
        if self.view(name) is None:
            await switch.add_content(make_view(name), set_current=False)
        self.current_screen = name
        switch.current = name
        self.view(name).shown()
        self.refresh_lines()

    async def action_screen_data(self) -> None:
        """Go to Data."""
        await self.go("data")

    async def action_screen_search(self) -> None:
        """Go to Search."""
        await self.go("search")

    async def action_screen_explain(self) -> None:
        """Go to Explain."""
        await self.go("explain")

    async def action_screen_segments(self) -> None:
        """Go to Segments & Strategy."""
        await self.go("segments")

    async def action_screen_runs(self) -> None:
        """Go to Runs."""
        await self.go("runs")

    def action_command_palette(self) -> None:
        """Find any action."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder="What do you want to do?"))

    def action_show_help(self) -> None:
        """The keys of the focused part."""
        part = (self.focused.id or "").replace("-", " ") if self.focused is not None else ""
        self.push_screen(HelpDialog(self.current_screen, "" if part == self.current_screen else part))

    @work(group="menu")
    async def action_menu(self, name: str = "File") -> None:
        """Open the menu bar."""
        chosen = await self.push_screen_wait(MenuDialog(name))
        if chosen:
            self.run_anywhere(*chosen)

    @work(group="run-anywhere")
    async def run_anywhere(self, where: str, action: str) -> None:
        """Run an action from menu or palette, on its screen."""
        if where == "app":
            await self.run_action(action)
            return
        if where != self.current_screen:
            await self.go(where)
        await self.run_action(action, self.view(where))

    @on(LinkLine.Clicked)
    async def _clicked(self, event: LinkLine.Clicked) -> None:
        where, _, name = event.action.rpartition(".")
        await self.run_action(name, self.view(self.current_screen) if where == "view" else self)

    def show_error(self, message: str, *, detail: str = "", next_step: str = "") -> None:
        """Say what went wrong and what to do; the app goes on."""
        self.push_screen(ErrorDialog(message, detail=detail, next_step=next_step))

    def copy(self, text: str) -> None:
        """Copy by OSC 52, which works over ssh; ``w`` writes a file where a terminal does not take it."""
        self.copy_to_clipboard(text)
        self.notify("Copied (w writes a file instead).", markup=False)

    def facts(self, where: str) -> dict[str, str | tuple[str, ...]]:
        """What the command-line twins of a screen's actions are filled with."""
        table, view = self.table, self.view("data")
        column = view.selected_name() if view is not None else None
        facts = {
            "table": table["location"] if table is not None else None,
            "target": table["target"] if table is not None else None,
            "column": column,
            "run": self.result["name"] if self.result is not None else self.searched.head.get("name"),
        }
        found: dict[str, str | tuple[str, ...]] = {name: value for name, value in facts.items() if value}
        shown = self.view(where)  # its actions are about what is looked at or selected there
        return found | (shown.facts() if isinstance(shown, WorkView) else {})

    def twin(self, action: Action) -> str:
        """The command line that does what this action does now; empty where none does."""
        shown = self.view(action.where)
        if isinstance(shown, WorkView) and not shown.has_twin(action):
            return ""
        return twin(action, self.facts(action.where))

    def on_resize(self) -> None:
        """The footer has room for more or fewer keys, once the new size is known."""
        if self.is_running:
            self.call_later(self.refresh_lines)
