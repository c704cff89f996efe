"""What the app does across screens: open a table, run a journey, look at a run, write the report, leave."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual import work

from workbench.errors import WorkbenchError
from workbench.tui import session
from workbench.tui.guard import guarded
from workbench.tui.link import Link
from workbench.tui.opening import Opening
from workbench.tui.widgets.dialogs import ChoiceDialog, ErrorDialog, TextDialog
from workbench.worker.client import WorkerLost
from workbench.worker.protocol import VERSION, Push
from workbench.worker.views import RowsView, TableView

DEMO = "demo"


class Flows(Opening):
    """Each flow is a worker of Textual's, so that the keys go on working.

    Args:
        path: table to open at once; ``demo`` is the bundled data.
        ascii: draw with ASCII signs only.
        folder: working folder, with the store in ``mlruns/``.
        spaces: of the user's own search spaces and families; ``None`` for what the working folder has of spaces.
    """

    def __init__(
        self,
        path: str | None = None,
        *,
        ascii: bool = False,
        folder: Path | None = None,
        spaces: Path | None = None,
    ) -> None:
        super().__init__(ascii=ascii, folder=folder)
        self.first_path = path
        self.spaces = spaces
        self.link = Link(self.folder, self.take_push, self.take_worker_state)

    @work(group="begin")
    async def begin(self) -> None:
        """Find a worker that was left running, or start one; then open what was asked for."""
        try:
            hello = await self.link.find()
            if hello is None:
                await self.link.start()
            elif not await self._may_use(hello):
                await self.link.hang_up()
                await self.link.start(beside=True)
                hello = None
        except WorkbenchError as error:
            self.push_screen(ErrorDialog(str(error), next_step="ctrl+p, then: Restart the worker process"))
            return
        await self._use_spaces(left_running=hello is not None)
        path = self.first_path
        if path is not None and self.table is None:
            self.open_path(path)
        elif self.table is None and path is None:
            self.notice_last_table()
            if self.kept.get("screen") == "runs":
                await self.go("runs")

    async def _use_spaces(self, *, left_running: bool = False) -> None:
        """Tell the worker of the spaces that were named; one that was left running may know of others.

        A family with a fault is told before anything is begun.
        """
        if self.spaces is None and not left_running:
            return
        try:
            await self.link.call("job.spaces", folder=str(self.spaces) if self.spaces is not None else None)
        except WorkerLost:
            return
        except WorkbenchError as error:
            self.show_error(str(error), next_step="Mend it: g reads the folder again before a search begins.")

    async def _may_use(self, hello: dict[str, Any]) -> bool:
        """Whether the worker that was found is ours to use: nobody else's, of our version, and not declined."""
        if hello["faces"] > 1 or hello["version"] != VERSION:
            return False
        running = (hello.get("job") or {}).get("state") in ("running", "starting", "paused")
        return not running or await self._offer_to_attach(hello)

    async def _offer_to_attach(self, hello: dict[str, Any]) -> bool:
        """Offer to go on watching a run that was left going."""
        job = hello.get("job") or {}
        answer = await self.push_screen_wait(
            ChoiceDialog(
                "A run was left going here",
                [
                    ("attach", f"attach to {job.get('name') or 'it'} and watch"),
                    ("leave", "leave it alone, start beside it"),
                ],
                text=f"{job.get('name') or 'A journey'} is {job.get('state')}, at {job.get('stage') or 'its start'}.",
            )
        )
        if answer == "leave":
            return False
        self.job.take(await self.link.call("job.snapshot"))
        if hello.get("table"):
            view = await self.link.call("data.view")
            self.take_table(view["table"], view["rows"])
        await self.go("search")
        return True

    def notice_last_table(self) -> None:
        """The last session's table is a key away, not opened without being asked."""
        last = self.kept.get("table")
        if last:
            self.notify(f"Last time: {last}. Press o, then enter, to open it again.", markup=False, timeout=6)

    def take_push(self, push: Push) -> None:
        """Something happened in the worker."""
        if push.topic == "work" and (view := self.view("explain")) is not None:
            view.take_work(push.data)
        if push.topic != "job":
            return
        changed = self.job.take(push.data)
        if changed:
            self.past = None  # what happens now is what one wants to see, and what is under 3 and 4 at its end
        if (view := self.view("search")) is not None and self.current_screen == "search":
            view.refresh_job()
        self.refresh_lines()
        if changed and self.job.state in ("done", "stopped", "failed"):
            self._journey_ended()

    def take_worker_state(self, state: str) -> None:
        """The worker is starting, loading, ready, or gone."""
        before, self.worker_state = self.worker_state, state
        if not self.is_running:
            return
        self.refresh_lines()
        if state == "lost" and before != "lost":
            self._worker_lost()

    @work(group="lost")
    async def _worker_lost(self) -> None:
        """Say it clearly and offer a new one; the study of a running search is on disk."""
        if self.job.active:
            self.job.head["state"] = "stopped"
        name = self.job.head.get("name")
        kept = (
            f" The study of {name} is on disk: u on screen 2 goes on with it." if name else " Nothing on disk is lost."
        )
        answer = await self.push_screen_wait(
            ErrorDialog(
                "The worker process has ended unexpectedly." + kept,
                detail=f"worker pid {self.link.pid}",
                next_step="It may have been killed, or the memory may have run out.",
                retry="start a new worker",
            )
        )
        if answer == "retry":
            self.action_restart_worker()

    @work(group="restart", exclusive=True)
    @guarded
    async def action_restart_worker(self) -> None:
        """Start a new worker, and open the table again."""
        if self.link.connected:
            await self.link.call("shutdown")
        await self.link.start()
        before = self.result
        self.take_result(None)  # a new worker knows of no look at a run
        try:
            await self._use_spaces()
            if self.table is not None:
                view = await self.link.call("data.open", path=self.table["location"], target=self.table["target"])
                self.take_table(view["table"], view["rows"])
        finally:  # the run does not need the table, whose file may be gone
            if before is not None:
                await self._look_again(before["run_id"])
        self.notify("A new worker is running.", markup=False)

    async def _look_again(self, run_id: str) -> None:
        """Open the run that was looked at, where the store has it."""
        try:
            if run_id:
                self.take_result(await self.link.call("runs.open", run_id=run_id))
        finally:
            await self._refresh_current()

    @work(group="open")
    async def action_open_file(self) -> None:
        """Open a table."""
        from workbench.tui.widgets.open_file import OpenDialog

        path = await self.push_screen_wait(OpenDialog(self.folder, last=str(self.kept.get("table") or "")))
        if path:
            self.open_path(path)

    def action_load_demo(self) -> None:
        """Load the bundled data."""
        self.open_path(DEMO)

    def project_changed(self, location: str) -> None:
        """Open it anew."""
        self.open_path(location)

    @work(group="open", exclusive=True)
    async def open_path(self, path: str) -> None:
        """Read a table in the worker and show it."""
        await self.go("data")
        view = self.view("data")
        view.loading = True
        try:
            opened = await self.link.call("data.open", path=path)
        except WorkerLost:
            return
        except WorkbenchError as error:
            self.show_error(
                str(error), detail=getattr(error, "detail", ""), next_step="o opens another file, d the bundled data."
            )
            return
        finally:
            view.loading = False
        self.take_table(opened["table"], opened["rows"])
        view.focus_part("columns")
        self.kept["table"] = opened["table"]["location"]
        self.keep()

    def take_table(self, table: TableView, rows: RowsView | None = None) -> None:
        """Show the open table, with other roles or another target."""
        self.table = table
        self.view("data").show_table(table, rows)
        self.refresh_lines()

    @work(group="start")
    @guarded
    async def action_start(self) -> None:
        """Show what was guessed, have it confirmed, and start the journey."""
        from workbench.tui.widgets.start import StartDialog

        if self.table is None:
            self.show_error("No table is open.", next_step="o opens a file, d loads the bundled data.")
            return
        if self.job.active:
            self.show_error("A journey is running already.", next_step="2 shows it, x stops it.")
            return
        texts = await self.link.call("texts.list") or []
        own = [text["title"] for text in texts if text["own"] and text["name"] != "project"]
        families = await self.link.call("job.families")
        offers = await self.link.call("job.offers") or {}
        chosen = await self.push_screen_wait(
            StartDialog(
                self.table,
                self._check_start,
                own=own,
                families=families,
                earlier=offers.get("earlier") or (),
                chosen=offers.get("chosen") or {},
            )
        )
        if chosen is None:
            return
        await self.link.call("job.start", **chosen)
        await self.go("search")

    async def _check_start(self, chosen: dict[str, Any]) -> None:
        """Take the target, and ask whether the other choices fit it. Raises ``WorkbenchError``."""
        target = chosen["target"]
        changes = {"target": target} if target is not None else {"no_target": True}
        self.take_table(await self.link.call("data.describe", **changes))
        await self.link.call("job.check", **chosen)

    @work(group="pause")
    @guarded
    async def pause_or_go_on(self) -> None:
        """Begin no new trial, or go on."""
        await self.link.call("job.resume" if self.job.state == "paused" else "job.pause")

    @work(group="stop")
    @guarded
    async def stop_journey(self) -> None:
        """Stop within a second; the study is kept."""
        if not self.job.active:
            self.notify("No journey is running.", markup=False)
            return
        await self.link.call("job.stop")

    @work(group="ended")
    @guarded
    async def _journey_ended(self) -> None:
        """Take over the result and say how it ended."""
        head = self.job.head
        if head["state"] == "failed":
            self.push_screen(
                ErrorDialog(
                    str(head.get("error") or "The journey failed."),
                    detail=str(head.get("detail") or ""),
                    next_step="Finished trials are kept: u on screen 2 goes on with them." if self.job.trials else "",
                )
            )
        elif head.get("summary") is not None:
            self.take_result(await self.link.call("explain.latest"))
            self.notify(
                f"{head.get('name')} is {head['state']}: 3 explains it, 4 shows segments, R the report.", markup=False
            )
        else:
            self.notify("Stopped; the study is kept: u goes on with it.", markup=False)
        await self._refresh_current()

    async def _refresh_current(self) -> None:
        if self.current_screen in ("explain", "segments", "runs"):
            self.view(self.current_screen).shown()
        self.refresh_lines()

    @work(group="report")
    @guarded
    async def action_write_report(self) -> None:
        """Ask where to, and write the report."""
        from workbench.tui.widgets.report import ReportDialog

        if self.result is None:
            self.show_error("There is no result to report yet.", next_step="g starts a search; 5 opens an earlier run.")
            return
        shown = self.result
        path = await self.push_screen_wait(ReportDialog(shown))
        if path:
            written = await self.link.call("report.write", run=shown["shown"], path=path)
            self.notify(f"Wrote {written['path']}", markup=False, timeout=10)

    @work(group="theme")
    async def action_choose_theme(self) -> None:
        """Choose one of the themes."""
        names = sorted(self.available_themes)
        name = await self.push_screen_wait(ChoiceDialog("Theme", [(each, each) for each in names], selected=self.theme))
        if name:
            self.theme = name
            self.kept["theme"] = name
            self.keep()

    @work(group="doctor")
    async def action_doctor(self) -> None:
        """What works here, by the same command as in a shell."""
        import asyncio
        import sys

        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "workbench", "doctor", cwd=self.folder,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        out, _ = await process.communicate()
        self.push_screen(TextDialog("workbench doctor", out.decode("utf-8", "replace")))

    @work(group="quit")
    async def action_quit_app(self) -> None:
        """Leave; a running journey may be left going."""
        detach = False
        if self.job.active:
            answer = await self.push_screen_wait(
                ChoiceDialog(
                    "Quit while a journey runs",
                    [("detach", "detach: leave it going; start workbench here again to watch"),
                     ("stop", "stop it (the study is kept) and quit"), ("stay", "stay")],
                    text=f"{self.job.head.get('name') or 'The journey'} is {self.job.state}.",
                )
            )  # fmt: skip
            if answer in (None, "stay"):
                return
            detach = answer == "detach"
        self.keep()
        if self.link.connected:
            try:
                if not detach:
                    await self.link.call("shutdown")
            except WorkbenchError:
                # It is gone already, which is what was wanted.
                pass
            await self.link.hang_up()
        self.exit()

    def keep(self) -> None:
        """Remember the session; that this fails is worth a word and no more."""
        self.kept["screen"] = self.current_screen
        problem = session.write_session(self.kept)
        if problem:
            self.notify(f"The session can't be remembered: {problem}", severity="warning", markup=False)
