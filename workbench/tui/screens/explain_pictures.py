"""The lower pane of the explain screen: one of five pictures, ``b`` goes to the next, ``v`` shows it as a table."""

from __future__ import annotations

from typing import Any

from rich.text import Text
from textual import work

from workbench.errors import WorkbenchError
from workbench.tui.guard import guarded, is_elsewhere
from workbench.tui.screens._base import WorkView
from workbench.tui.widgets.drawing import Drawing
from workbench.tui.widgets.effect import EffectLines
from workbench.tui.widgets.grid import Grid
from workbench.tui.widgets.plot import Plot
from workbench.tui.widgets.quality import QualityLines
from workbench.tui.widgets.spans import ImportanceBars
from workbench.tui.widgets.swarm import Beeswarm
from workbench.tui.widgets.text import clean, number, percent
from workbench.worker.explain_views import EffectView
from workbench.worker.views import CustomerView, DependenceView, ExplanationView, QualityView, SwarmView

PICTURES = ("dependence", "effect", "beeswarm", "importance", "quality")
OF_FEATURE = PICTURES[:2]
"""Pictures of the chosen feature alone."""
METHODS = {"beeswarm": "explain.beeswarm", "quality": "explain.quality"}
"""What the worker is asked for; importance is there already."""


class PicturesView(WorkView):
    """A screen with the pictures of an explanation."""

    explanation: ExplanationView | None
    customer: CustomerView | None
    output: int

    def forget_pictures(self) -> None:
        """Another run or class: what was asked for is of the old one."""
        self.found: dict[str, Any] = {}
        self.dependence: DependenceView | None = None

    picture = PICTURES[0]

    def facts(self) -> dict[str, str | tuple[str, ...]]:
        """The feature under the cursor, the customer, and the class where there are several."""
        shown, result = self.explanation, self.bench.result
        if shown is None or result is None or result["shown"] != self.of:
            return {}
        found: dict[str, str | tuple[str, ...]] = {"run": shown["run"]}
        if feature := self.chosen_feature():
            found["feature"] = feature
        if self.customer is not None:
            found["customer"] = self.customer["id"]
        if len(shown["outputs"]) > 1:
            found["--class"] = shown["outputs"][self.output]
        return found

    def chosen_feature(self) -> str:
        """The feature under the cursor."""
        row = self.query_one("#importance", Grid).current
        return str(row["column"]) if row is not None else ""

    def action_next_picture(self) -> None:
        """Dependence, effect, beeswarm, importance, model quality."""
        self.go_to_picture(PICTURES[(PICTURES.index(self.picture) + 1) % len(PICTURES)])

    def action_show_effect(self) -> None:
        """How the prediction goes with the chosen feature."""
        self.go_to_picture("effect")

    def go_to_picture(self, picture: str) -> None:
        """Show one of ``PICTURES``."""
        self.picture = picture
        self.set_class(self.picture != PICTURES[0], "-tall")
        if self.screen.has_class("-narrow"):
            self.focus_part("dependence")
        self.draw_picture()

    def draw_picture(self) -> None:
        """Draw it, or ask for what it is drawn from."""
        if self.explanation is None:
            return
        if self.picture in OF_FEATURE:
            if feature := self.chosen_feature():
                (self._load_dependence if self.picture == "dependence" else self._load_effect)(feature)
        elif self.picture in METHODS and self.picture not in self.found:
            self._load_picture(self.picture)
        else:
            self._show_picture()

    @work(exclusive=True, group="dependence")
    @guarded
    async def _load_dependence(self, column: str) -> None:
        view = await self.ask("explain.dependence", column=column, output=self.output)
        if self.picture == "dependence":
            self.show_dependence(view)

    @work(exclusive=True, group="dependence")
    async def _load_effect(self, column: str) -> None:
        explanation = self.explanation
        if not self._shows_effect_of(column):
            self._say("effect", f"Asking the model about {clean(column, 50)} …")
        try:
            view: EffectView = await self.ask("probe.effect", column=column, output=self.output)
        except WorkbenchError as error:
            if not is_elsewhere(error):
                self._say("effect", str(error))
            return
        if self.picture == "effect" and self.explanation is explanation:
            drawing = EffectLines(view)
            self._title(drawing.title(), drawing.legend())
            self.query_one("#dependence", Plot).show(drawing)

    def _shows_effect_of(self, column: str) -> bool:
        """Whether it stands there already: one that grows more certain must not flicker."""
        shown = self.query_one("#dependence", Plot).drawing
        return isinstance(shown, EffectLines) and shown.view["column"] == column

    @work(exclusive=True, group="picture")
    async def _load_picture(self, picture: str) -> None:
        explanation = self.explanation
        try:
            found = await self.ask(METHODS[picture], output=self.output)
        except WorkbenchError as error:
            if not is_elsewhere(error):
                self._say(picture, str(error))
            return
        if self.explanation is explanation:
            self.found[picture] = found
            if self.picture == picture:
                self._show_picture()

    def _say(self, picture: str, text: str) -> None:
        if self.picture == picture:
            plot = self.query_one("#dependence", Plot)
            plot.empty = clean(text, 300)
            plot.draw(())
            self._title(picture.upper())

    def _title(self, text: str, legend: str = "") -> None:
        box = self.query_one("#dependence-box")
        box.border_title, box.border_subtitle = Text(text), Text(legend)

    def show_dependence(self, view: DependenceView) -> None:
        """Draw a feature's values against its contributions."""
        self.dependence = view
        self._title(f"DEPENDENCE  {clean(view['column'], 50)}")
        plot = self.query_one("#dependence", Plot)
        if view["numeric"]:
            plot.draw(view["points"], "points", x_label=clean(view["column"], 40), y_label="contribution")
        else:
            plot.draw_bars([(level["level"], level["mean"] or 0.0) for level in view["levels"]])

    def _show_picture(self) -> None:
        assert self.explanation is not None
        title, drawing = self._drawing(self.explanation)
        self._title(title, drawing.legend())
        self.query_one("#dependence", Plot).show(drawing)

    def _drawing(self, explanation: ExplanationView) -> tuple[str, Drawing]:
        if self.picture == "beeswarm":
            swarm: SwarmView = self.found["beeswarm"]
            return f"BEESWARM  {swarm['rows']:,} customers", Beeswarm(swarm, self.chosen_feature())
        if self.picture == "quality":
            quality: QualityView = self.found["quality"]
            return quality_title(quality), QualityLines(quality)
        bars = ImportanceBars(explanation["importance"], self.chosen_feature(), explanation["output_space"])
        return "IMPORTANCE  mean |SHAP|", bars

    def action_view_table(self) -> None:
        """The picture as figures."""
        self.query_one("#dependence", Plot).toggle_table()


def quality_title(view: QualityView) -> str:
    """What is compared, for how many, and how far it is off."""
    what = f"share of {clean(view['output'], 20)}" if view["shares"] else clean(view["output"], 24)
    kind = "CALIBRATION" if view["shares"] else "PREDICTED AND SEEN"
    off_by = percent(view["off_by"]) if view["shares"] else number(view["off_by"], 3)
    return f"{kind}  {what}, {view['rows']:,} held out, off by {off_by} on average"
