"""Screen 4: the segments, what sets each apart, the gap in it, and the strategy with its evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from workbench.atomic import write_text
from workbench.errors import WorkbenchError
from workbench.tui import exports
from workbench.tui.actions import bindings
from workbench.tui.guard import guarded
from workbench.tui.screens._base import MOVES
from workbench.tui.screens.segment_map import MappedView, map_part
from workbench.tui.screens.segment_text import gap_text, segment_text, strategy_text
from workbench.tui.widgets.dialogs import LineDialog, TextDialog
from workbench.tui.widgets.grid import Grid, GridColumn
from workbench.tui.widgets.reader import Reader
from workbench.tui.widgets.short_text import ShortText
from workbench.tui.widgets.splitter import Splitter
from workbench.tui.widgets.text import clean, number, percent
from workbench.worker.explain_views import DriversView
from workbench.worker.views import SegmentationView

EMPTY = """No segments yet.

  g   start a search: segments and strategies come with it
  5   open an earlier run
"""


class SegmentsView(MappedView):
    """Segments and strategies."""

    where: ClassVar[str] = "segments"
    parts: ClassVar[tuple[str, ...]] = ("segments-grid", "map", "segment", "strategy")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("segments"), *MOVES]

    def __init__(self) -> None:
        super().__init__(id="segments", classes="-empty")
        self.view: SegmentationView | None = None
        self.run = ""

    def facts(self) -> dict[str, str | tuple[str, ...]]:
        """The segment under the cursor, and its kind where the command line would take segments of another."""
        segment, view, result = self.chosen_segment(), self.view, self.bench.result
        if segment is None or view is None or result is None or result["shown"] != self.of:
            return {}
        return {"segment": str(segment["id"]), **({} if view["usual"] else {"--segmentation": view["kind"]})}

    def compose(self) -> ComposeResult:
        """Facts, segments, profile, strategy; or what to do without a result."""
        self.can_focus = True
        yield ShortText(3, "…", id="segments-facts", classes="facts")
        with Vertical(classes="part", id="segments-box") as box:
            box.border_title = "SEGMENTS"
            yield Grid(_columns(""), row_key="id", id="segments-grid")
        with Horizontal(classes="row"):
            yield map_part()
            with Vertical(classes="part", id="segment-box") as box:
                box.border_title = "SEGMENT"
                yield Reader(id="segment")
            yield Splitter()
            with Vertical(classes="part", id="strategy-box") as box:
                box.border_title = "STRATEGY"
                yield Reader(id="strategy")
        yield Static(Text(EMPTY), id="segments-empty", classes="empty")

    def context(self) -> str:
        """Method and number."""
        view = self.view
        return f"{self.run} {view['kind']} k={len(view['segments'])}" if view is not None else "no segments"

    def shown(self) -> None:
        """Ask for the segments of the run that is looked at, once."""
        result = self.bench.result
        if result is None:
            self.view, self.of = None, ""
            self.say_instead(EMPTY)
        elif not result["segmentations"]:
            self.view, self.of = None, result["shown"]
            self.say_instead(f"{result['name']} holds no segments; see its notices in the log of screen 2.\n\n{EMPTY}")
        elif self.view is None or self.of != result["shown"]:
            self.view, self.of = None, result["shown"]  # the old ones must not stand for those that can't be loaded
            self.say_instead(f"Loading the segments of {result['name']} …")
            self.load(None)
        else:
            self.focus_part()

    @work(exclusive=True, group="segments")
    @guarded
    async def load(self, index: int | None) -> None:
        """Ask for a segmentation; ``None`` takes the one that strategies are made for."""
        try:
            view: SegmentationView = await self.ask("segments.view", index=index)
        except WorkbenchError:
            self.say_instead("The segments could not be loaded. 4 tries again.")
            raise
        self.show_segments(view)
        self.focus_part()

    def show_segments(self, view: SegmentationView) -> None:
        """Draw a segmentation."""
        self.view = view
        result = self.bench.result
        self.run = result["name"] if result is not None else ""
        self.show_parts()
        quality = "   ".join(f"{clean(name, 30)} {number(value)}" for name, value in view["quality"][:4])
        found = "" if view["found"] else "   ! no structure beyond chance was found"
        self.query_one("#segments-facts", ShortText).show(
            f"Method  {view['kind']}: {clean(view['method'], 40)}   "
            f"{view['index'] + 1} of {view['count']} (m other)   {quality}{found}\n"
            f"{clean(view['chosen_because'], 300)}"
        )
        grid = self.query_one("#segments-grid", Grid)
        grid.set_columns(_columns(view["outcome"] or ""))
        grid.set_rows([{**segment, "status": self._status(segment["id"])} for segment in view["segments"]])
        self.bench.refresh_lines()
        self.forget_map()
        self.look_at_segment()

    def _status(self, segment: int) -> str:
        strategy = self.view["strategies"].get(str(segment)) if self.view is not None else None
        return strategy["status"] if strategy is not None else "-"

    @on(Grid.Highlighted, "#segments-grid")
    def look_at_segment(self) -> None:
        """Draw the segment under the cursor and its strategy."""
        segment = self.chosen_segment()
        if segment is None or self.view is None:
            return
        name = clean(segment["name"], 40)
        self.query_one("#segment-box").border_title = Text(f"SEGMENT {segment['id']}  {name}")
        view = self.view
        self.query_one("#segment", Reader).show(lambda width: segment_text(segment, view, width))
        strategy = self.view["strategies"].get(str(segment["id"]))
        grade = f"evidence [{strategy['evidence']}]  " if strategy is not None else ""
        self.query_one("#strategy-box").border_title = Text(f"STRATEGY  {grade}for {name}")
        self.query_one("#strategy", Reader).show(lambda width: strategy_text(strategy, width))
        self.draw_map()

    @on(Grid.Chosen, "#segments-grid")
    def _enter(self) -> None:
        self.focus_part("strategy")

    def action_next_method(self) -> None:
        """The other segmentation."""
        if self.view is not None:
            self.load((self.view["index"] + 1) % self.view["count"])

    def action_sort(self) -> None:
        """Sort the segments."""
        self.notify(f"Segments {self.query_one('#segments-grid', Grid).sort_next()}", markup=False)

    @work(group="k")
    @guarded
    async def action_set_k(self) -> None:
        """Divide the customers into another number of segments."""
        of = self.of
        answer = await self.app.push_screen_wait(
            LineDialog(
                "Number of descriptive segments", hint="2 to 12", text="Finds segments anew on the open run's table."
            )
        )
        if answer:
            self.notify("Finding segments…", markup=False)
            found = await self.ask_typed("segments.with_k", of=of, k=answer)
            if found is not None:
                self.show_segments(found)

    def chosen_segment(self) -> Any:
        """The segment under the cursor."""
        return self.query_one("#segments-grid", Grid).current

    @work(group="note")
    @guarded
    async def action_rename(self) -> None:
        """Give the segment another name."""
        segment, of, view = self.chosen_segment(), self.of, self.view
        if segment is None or view is None:
            return
        name = await self.app.push_screen_wait(LineDialog("Name of the segment", value=clean(segment["name"])))
        if name:
            which = {"index": view["index"], "segment": segment["id"]}
            renamed = await self.ask_typed("segments.rename", of=of, **which, name=name)
            if renamed is not None:
                self.show_segments(renamed)

    @work(group="drivers")
    async def action_drivers(self) -> None:
        """What the model sees in the segment that it does not see in the rest."""
        from workbench.tui.widgets.drivers import DriversDialog

        segment = self.chosen_segment()
        if segment is None or self.view is None:
            return
        which, of = {"index": self.view["index"], "segment": segment["id"]}, self.of

        async def ask(output: int) -> DriversView:
            view: DriversView = await self.ask("segments.drivers", of=of, **which, output=output)
            return view

        await self.app.push_screen_wait(DriversDialog(segment["name"], ask))

    def action_accept(self) -> None:
        """Accept the strategy."""
        self._decide("accepted", ask=False)

    def action_edit(self) -> None:
        """Accept it with a change, in a note."""
        self._decide("edited", ask=True)

    def action_reject(self) -> None:
        """Reject it, with a note."""
        self._decide("rejected", ask=True)

    @work(group="note")
    @guarded
    async def _decide(self, status: str, *, ask: bool) -> None:
        segment, of, view = self.chosen_segment(), self.of, self.view
        if segment is None or view is None:
            return
        if str(segment["id"]) not in view["strategies"]:
            self.notify("There is no strategy for this segment.", markup=False)
            return
        note: str | None = ""
        if ask:
            title = {"edited": "What is to be done differently", "rejected": "Why it is rejected"}[status]
            note = await self.app.push_screen_wait(LineDialog(title))
            if note is None:
                return
        changed = await self.ask_typed("segments.decide", of=of, segment=segment["id"], status=status, note=note)
        if changed is None:
            return
        view["strategies"][str(segment["id"])] = changed
        if self.view is view:  # else other segments of the run are shown
            self.show_segments(view)
        self.notify(f"{clean(segment['name'], 40)}: {status}", markup=False)

    @work(group="gap")
    @guarded
    async def action_view_gap(self) -> None:
        """The gaps with their back-tests."""
        gaps = await self.ask("segments.gaps")
        await self.app.push_screen_wait(TextDialog("Information gap", gap_text(gaps)))

    def action_copy(self) -> None:
        """Copy the strategy."""
        segment = self.chosen_segment()
        if segment is not None and self.view is not None:
            strategy = self.view["strategies"].get(str(segment["id"]))
            self.bench.copy(
                f"{segment['name']}\n{segment_text(segment, self.view, 100)}\n\n{strategy_text(strategy, 100)}"
            )

    @work(group="write")
    @guarded
    async def action_write_csv(self) -> None:
        """Write the segments as CSV, their map and drawings beside them."""
        of, view = self.of, self.view
        if view is None:
            return
        title = "Write segments, map and drawings into the folder"
        answer = await self.app.push_screen_wait(LineDialog(title, value=f"{self.run}-segments"))
        if answer:
            done = await self.ask_typed("report.segment_figures", of=of, folder=answer, index=view["index"])
            if done is None:
                return
            keys = ("id", "name", "size", "share", "outcome_mean", "outcome_low", "outcome_high", "stability", "rule",
                    "status")  # fmt: skip
            rows = [{key: row.get(key) for key in keys} for row in self.query_one("#segments-grid", Grid).rows]
            write_text(Path(done["folder"]) / "segments.csv", exports.to_csv(rows))
            self.notify(f"Wrote {len(done['files']) + 1} files to {done['folder']}", markup=False)


def _columns(outcome: str) -> list[GridColumn]:
    return [
        GridColumn("id", "#", 2, right=True),
        GridColumn("name", "name", 26, flex=True),
        GridColumn("size", "size", 9, number, right=True),
        GridColumn("share", "share", 6, percent, right=True),
        GridColumn("outcome_mean", clean(outcome, 12) or "outcome", 12, number, right=True),
        GridColumn("stability", "stable", 6, number, right=True),
        GridColumn("gap", "gap total", 11, number, right=True),
        GridColumn("status", "strategy", 9),
        GridColumn("reasons", "top reasons", 16, flex=True),
    ]
