"""ctrl+p: every action by name, with the command line that does the same, and that line to copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from rich.markup import escape
from textual.command import DiscoveryHit, Hit, Hits, Provider

from workbench.tui.actions import ACTIONS, TITLES, Action, key_text

if TYPE_CHECKING:
    from workbench.tui.app import WorkbenchApp


class ActionProvider(Provider):
    """Entries made from the list of actions."""

    @property
    def bench(self) -> WorkbenchApp:
        """The app, by its own type."""
        return cast("WorkbenchApp", self.app)

    def _entries(self) -> Iterator[tuple[str, Callable[[], Any], str]]:
        for action in ACTIONS:
            if action.id == "command_palette":
                continue
            line = self.bench.twin(action)
            run = partial(self.bench.run_anywhere, action.where, action.id)
            yield self._title(action), run, escape(f"$ {line}" if line else "")
            if line and "{" not in line:
                yield f"Copy: {action.title}", partial(self.bench.copy, line), escape(f"$ {line}")

    @staticmethod
    def _title(action: Action) -> str:
        where = TITLES.get(action.where)
        key = f"  ({key_text(action)})" if action.key else ""
        return f"{where}: {action.title}{key}" if where else f"{action.title}{key}"

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for title, run, line in self._entries():
            if not title.startswith("Copy: "):
                yield DiscoveryHit(title, run, help=line or None)

    async def search(self, query: str) -> Hits:
        """Those that match."""
        matcher = self.matcher(query)
        for title, run, line in self._entries():
            if (score := matcher.match(title)) > 0:
                yield Hit(score, matcher.highlight(title), run, text=title, help=line or None)
