"""Search spaces, playbook and project file edited from anywhere in the app."""

from __future__ import annotations

from textual import work

from workbench.tui.frame import Frame
from workbench.tui.guard import guarded
from workbench.tui.widgets.dialogs import ChoiceDialog
from workbench.worker.views import TextView


class Editing(Frame):
    """The app's texts."""

    @work(group="edit-space")
    @guarded
    async def action_edit_space(self) -> None:
        """Choose a family and edit its search space; the next search uses it."""
        texts: list[TextView] = await self.link.call("texts.list")
        spaces = [text for text in texts if text["name"].startswith("space:")]
        options = [
            (text["name"], f"{text['name'].removeprefix('space:')}   {'yours' if text['own'] else 'as it comes'}")
            for text in spaces
        ]
        name = await self.push_screen_wait(
            ChoiceDialog("Edit the search space of", options, text="What may vary in a family, and where it begins.")
        )
        if name:
            await self._edit(name)

    @work(group="edit-playbook")
    @guarded
    async def action_edit_playbook(self) -> None:
        """Edit the plays that strategies are made of; the next search uses them."""
        await self._edit("playbook")

    @work(group="edit-project")
    @guarded
    async def action_edit_project(self) -> None:
        """Edit the project file that is open, and open it anew."""
        if self.table is None or not self.table["location"].lower().endswith(".toml"):
            self.show_error(
                "No project file is open.", next_step="o opens one; workbench init TABLES -o FILE.toml makes one."
            )
            return
        if await self._edit("project"):
            self.project_changed(self.table["location"])

    async def _edit(self, name: str) -> bool:
        from workbench.tui.widgets.edit_text import EditDialog

        view: TextView = await self.link.call("texts.read", name=name)
        changed: bool | None = await self.push_screen_wait(EditDialog(view, self.link.call))
        return bool(changed)

    def project_changed(self, location: str) -> None:
        """Another project file is there now."""
