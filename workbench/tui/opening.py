"""Looking at a run of the store on screens 2, 3 and 4, and going on with one."""

from __future__ import annotations

from textual import work

from workbench.errors import WorkbenchError
from workbench.tui.editing import Editing
from workbench.tui.guard import guarded
from workbench.tui.job_model import JobModel
from workbench.worker.client import WorkerLost
from workbench.worker.views import ResultView


class Opening(Editing):
    """Earlier runs: nothing of them is read in this process, and no key waits for it."""

    def take_result(self, result: ResultView | None) -> None:
        """Look at a run on screens 3 and 4; at none where it is gone."""
        self.result = result
        self.refresh_lines()

    @work(group="current", exclusive=True)
    @guarded
    async def look_anew(self) -> None:
        """The worker looks at another run than this face: take over which, else no question is answered any more."""
        current: ResultView | None = await self.link.call("explain.current")
        before = self.result["shown"] if self.result is not None else None
        if (current["shown"] if current is not None else None) != before:
            self.take_result(current)
            if self.current_screen in ("explain", "segments"):
                self.view(self.current_screen).shown()

    def drop_run(self, run_id: str) -> None:
        """A run was deleted: look at it no more."""
        if self.result is not None and self.result["run_id"] == run_id:
            self.past = None
            self.take_result(None)

    @work(group="open-run", exclusive=True)
    @guarded
    async def open_run(self, run_id: str) -> None:
        """Load a run of the store; of one that has no result there is still its search."""
        view = self.view("runs")
        view.loading = True
        try:
            self.take_result(await self.link.call("runs.open", run_id=run_id))
        except WorkbenchError as problem:
            await self._open_search_alone(run_id, problem)
            return
        finally:
            view.loading = False
        assert self.result is not None
        self.past = JobModel.without(f"Reading the search of {self.result['name']} from the store…")
        self.load_past(run_id)
        await self.go("explain" if self.result["has_explanation"] else "segments")

    async def _open_search_alone(self, run_id: str, problem: WorkbenchError) -> None:
        """Show what is left of the search of a run whose result can't be opened, and say what prevents that."""
        try:
            found = await self.link.call("runs.search", run_id=run_id)
        except WorkbenchError:
            raise problem from None
        if not found["trials"]:
            raise problem
        self.past = JobModel()
        self.past.take(found)
        if self.job.active:
            self.notify(f"{problem} Its search is shown here when the running one has ended.", markup=False)
        else:
            self.notify(str(problem), severity="warning", markup=False, timeout=10)
            await self.go("search")

    @work(group="past", exclusive=True)
    async def load_past(self, run_id: str) -> None:
        """Read the search of an earlier run while the analyst goes on; a failure stands on screen 2 only."""
        past = JobModel()
        try:
            past.take(await self.link.call("runs.search", run_id=run_id))
        except WorkerLost:
            return
        except WorkbenchError as problem:
            past = JobModel.without(str(problem))
        if self.result is None or self.result["run_id"] != run_id or self.past is None:
            return  # another run was opened, or a search begun meanwhile
        self.past = past
        if (view := self.view("search")) is not None and self.current_screen == "search":
            view.shown()
        self.refresh_lines()

    @work(group="start")
    @guarded
    async def resume_run(self, name: str) -> None:
        """Go on with a run that was stopped, killed or finished, with as much more time as is wished."""
        if not name:
            self.show_error(
                "There is nothing to resume here.", next_step="5 lists the runs; u resumes the selected one."
            )
            return
        if self.job.active:
            self.show_error("A journey is running already.", next_step="2 shows it, x stops it.")
            return
        from workbench.tui.widgets.resume import ResumeDialog

        begun = await self.link.call("job.spec", resume=name)
        chosen = await self.push_screen_wait(ResumeDialog(name, begun["settings"]))
        if chosen is None:
            return
        await self.link.call("job.start", resume=name, **chosen)
        await self.go("search")
