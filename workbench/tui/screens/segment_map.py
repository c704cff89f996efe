"""The map of the segments screen: ``b`` shows and hides it, ``v`` shows it as a table."""

from __future__ import annotations

from typing import Any

from textual import work
from textual.containers import Vertical
from textual.widget import Widget

from workbench.errors import WorkbenchError
from workbench.tui.guard import is_elsewhere
from workbench.tui.screens._base import WorkView
from workbench.tui.widgets.plot import Plot
from workbench.tui.widgets.segment_map import SegmentMap
from workbench.tui.widgets.text import clean
from workbench.worker.views import MapView, SegmentationView


def map_part() -> Widget:
    """The part that holds the map; it is hidden until it is asked for."""
    plot = Plot(id="map", empty="Loading the map …")
    plot.can_focus = True
    box = Vertical(plot, classes="part", id="map-box")
    box.border_title = "MAP"
    return box


class MappedView(WorkView):
    """A screen of segments with a map."""

    view: SegmentationView | None
    map: MapView | None = None

    def chosen_segment(self) -> Any:
        """The segment under the cursor; none before there are any."""
        return None

    def forget_map(self) -> None:
        """Other segments are shown: their map is another one."""
        self.map = None
        if self.has_class("-map"):
            self.load_map()

    def open_parts(self) -> tuple[str, ...]:
        """The map is a part while it is shown; it stands where others do."""
        if not self.has_class("-map"):
            return tuple(part for part in self.parts if part != "map")
        if self.screen.has_class("-narrow"):
            return self.parts
        return ("segments-grid", "map", *(("strategy",) if self.screen.has_class("-wide") else ()))

    def action_show_map(self) -> None:
        """Show the map of the segments, or hide it."""
        if self.view is None:
            return
        shown = not self.has_class("-map")
        self.set_class(shown, "-map")
        if shown and self.map is None:
            self.load_map()
        if self.screen.has_class("-narrow"):
            self.focus_part("map" if shown else self.parts[0])
        elif not shown:
            self.focus_part(self.parts[0])

    @work(exclusive=True, group="map")
    async def load_map(self) -> None:
        """Ask for the map."""
        assert self.view is not None
        view, plot = self.view, self.query_one("#map", Plot)
        try:
            found: MapView = await self.ask("segments.map", index=view["index"])
        except WorkbenchError as error:
            if is_elsewhere(error):
                return
            plot.empty = clean(str(error), 300)
            plot.draw(())
            return
        if self.view is view:
            self.map = found
            self.draw_map()

    def draw_map(self) -> None:
        """Draw it, the segment under the cursor strong."""
        if self.map is None:
            return
        segment = self.chosen_segment()
        drawing = SegmentMap(self.map, segment["id"] if segment is not None else None)
        box = self.query_one("#map-box")
        box.border_title, box.border_subtitle = f"MAP  {self.map['kind']} segments", drawing.legend()
        self.query_one("#map", Plot).show(drawing)

    def action_view_table(self) -> None:
        """The map as figures; it is shown for that."""
        if not self.has_class("-map"):
            self.action_show_map()
        self.query_one("#map", Plot).toggle_table()
