"""Screen 3: what the champion goes by, for all customers and for one."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from workbench.errors import WorkbenchError
from workbench.tui.actions import bindings
from workbench.tui.guard import guarded
from workbench.tui.screens._base import MOVES, FilterBar
from workbench.tui.screens.explain_model import OWN
from workbench.tui.screens.explain_questions import QuestionsView
from workbench.tui.screens.explain_text import customer_text, feature_columns
from workbench.tui.widgets.dialogs import LineDialog, TextDialog
from workbench.tui.widgets.grid import Grid
from workbench.tui.widgets.plot import Plot
from workbench.tui.widgets.reader import Reader
from workbench.tui.widgets.short_text import ShortText
from workbench.tui.widgets.splitter import Splitter
from workbench.tui.widgets.text import clean
from workbench.worker.views import CustomerView, ExplanationView

EMPTY = """Nothing to explain yet.

  g   start a search: its champion is explained here
  5   open an earlier run
"""


class ExplainView(QuestionsView):
    """The explanation."""

    where: ClassVar[str] = "explain"
    parts: ClassVar[tuple[str, ...]] = ("importance", "customer", "dependence")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("explain"), *MOVES]

    def __init__(self) -> None:
        super().__init__(id="explain", classes="-empty")
        self.explanation: ExplanationView | None = None
        self.customer: CustomerView | None = None
        self.index = 0
        self.output = 0
        self.forget_pictures()
        self.forget_works()

    def compose(self) -> ComposeResult:
        """Facts, importance, customer, dependence, words; or what to do without a result."""
        self.can_focus = True
        yield Static("", id="explain-facts", classes="facts")
        with Horizontal(classes="row"):
            with Vertical(classes="part", id="importance-box") as box:
                box.border_title = "GLOBAL IMPORTANCE  mean |SHAP|"
                yield Grid(feature_columns(), row_key="column", id="importance")
                yield FilterBar()
            yield Splitter()
            with Vertical(classes="part", id="customer-box") as box:
                box.border_title = "ONE CUSTOMER"
                yield Reader(id="customer")
        with Vertical(classes="part", id="dependence-box") as box:
            box.border_title = "DEPENDENCE"
            plot = Plot(id="dependence", empty="Choose a feature above.")
            plot.can_focus = True
            yield plot
        yield ShortText(4, "… c", id="explain-words")  # c shows all of it
        yield Static(Text(EMPTY), id="explain-empty", classes="empty")

    def context(self) -> str:
        """Run and model."""
        result = self.bench.result
        if result is None:
            return "no result"
        shown = self.explanation if self.of == result["shown"] else None
        return f"{result['name']} {(shown['family'] if shown is not None else result['champion']) or ''}"

    def shown(self) -> None:
        """Ask for the explanation of the run that is looked at, once."""
        result = self.bench.result
        if result is None:
            self._forget("")
            self.say_instead(EMPTY)
        elif not result["has_explanation"] and result["explained"] is None:
            self._forget(result["shown"])
            self.say_instead(f"{result['name']} has no model: no target, or its budget ended before.\n\n{EMPTY}")
        elif self.explanation is None or self.of != result["shown"]:
            self._forget(result["shown"])
            made = result["has_explanation"]
            self.say_instead(f"{'Loading' if made else 'Making'} the explanation of {result['name']} …")
            self._load("explain.overview" if made else "explain.model")
        else:
            self.focus_part()

    def _forget(self, of: str) -> None:
        """Look at another run, which may have other outputs; where it can't be loaded the old one must not stand."""
        self.of, self.output, self.index = of, 0, 0
        self.model, self.customer, self.explanation = OWN, None, None
        self.forget_works()

    @work(exclusive=True, group="explanation")
    @guarded
    async def _load(self, method: str = "explain.overview") -> None:
        try:
            view: ExplanationView = await self.ask(method, output=self.output)
        except WorkbenchError:
            self.say_instead("The explanation could not be loaded. 3 tries again.")
            raise
        self.show_explanation(view)
        self.bench.refresh_lines()
        self.focus_part()
        self.load_customer()

    def show_explanation(self, view: ExplanationView) -> None:
        """Draw the global part."""
        self.explanation = view
        self.show_parts()
        self.forget_pictures()
        self.show_facts()
        most = max((abs(row["importance"] or 0.0) for row in view["importance"]), default=1.0) or 1.0
        rows_ = [{**row, "bar": abs(row["importance"] or 0.0) / most} for row in view["importance"]]
        self.query_one("#importance", Grid).set_rows(rows_)
        self.query_one("#explain-words", ShortText).show("\n".join(clean(line) for line in view["words"]))
        self.look_at_feature()
        self.catch_up()

    @work(exclusive=True, group="customer")
    @guarded
    async def load_customer(self, **which: Any) -> None:
        """Ask for one customer, by place among the explained ones or by id."""
        view: CustomerView = await self.ask("explain.customer", **(which or {"index": self.index}), output=self.output)
        self.show_customer(view)

    def show_customer(self, view: CustomerView) -> None:
        """Draw one customer's way from the average to the prediction."""
        self.customer = view
        self.index = view["index"]
        self.query_one("#customer-box").border_title = Text(f"ONE CUSTOMER  {clean(view['id'], 30)}")
        self.query_one("#customer", Reader).show(lambda width: customer_text(view, width))

    @on(Grid.Highlighted, "#importance")
    def look_at_feature(self) -> None:
        """Draw the picture for the feature under the cursor."""
        self.draw_picture()

    def action_next_customer(self) -> None:
        """The next explained customer."""
        self._step(1)

    def action_previous_customer(self) -> None:
        """The one before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        if self.explanation is not None and self.explanation["customers"]:
            self.index = (self.index + by) % self.explanation["customers"]
            self.load_customer()

    @work(group="find")
    @guarded
    async def action_find_customer(self) -> None:
        """Find a customer by id, or by row number where there are no ids."""
        if self.explanation is None:
            return
        what = "id" if self.explanation["has_id"] else "row number, from 0"
        answer = await self.app.push_screen_wait(LineDialog(f"Find a customer by {what}"))
        if answer:
            self.load_customer(id=answer)

    def action_what_if(self) -> None:
        """What the model would predict for this customer with other values."""
        self.open_what_if([])

    @work(group="what-if")
    @guarded
    async def open_what_if(self, changes: list[str]) -> None:
        """Open the what-if dialogue with changes that are made already."""
        from workbench.tui.widgets.what_if import WhatIfDialog

        if self.explanation is None or self.customer is None:
            return
        row, output, asking = self.customer["row"], self.output, self.asking()

        async def ask(wanted: list[str]) -> Any:
            return await asking("explain.what_if", row=row, changes=wanted, output=output)

        columns = [row["column"] for row in self.explanation["importance"]]
        twin = self.explanation["run"] if self.model == OWN else ""  # the command line can't explain a blend
        await self.app.push_screen_wait(WhatIfDialog(twin, self.customer["id"], columns, ask, changes))

    def action_next_output(self) -> None:
        """The next class."""
        if self.explanation is None:
            return
        if len(self.explanation["outputs"]) < 2:
            self.notify("This model has one output.", markup=False)
            return
        self.output = (self.output + 1) % len(self.explanation["outputs"])
        self._load()

    def action_filter(self) -> None:
        """Filter the features."""
        self.filter_bar(self.query_one("#importance", Grid))

    def action_sort(self) -> None:
        """Sort the features."""
        self.notify(f"Features {self.query_one('#importance', Grid).sort_next()}", markup=False)

    @work(group="checks")
    async def action_show_caveats(self) -> None:
        """What was checked, how, and all the sentences."""
        view = self.explanation
        if view is None:
            return
        lines = [f"Method: {view['method']}", ""]
        lines += [
            f"{'ok ' if check['passed'] else '!  '}{check['name']}: {check['message']}" for check in view["checks"]
        ]
        lines += ["", *view["words"]]
        await self.app.push_screen_wait(TextDialog("Checks and caveats", "\n".join(lines)))

    @work(group="write")
    @guarded
    async def action_write_csv(self) -> None:
        """Write the drawings as SVG and PNG, and what the pictures here are drawn from as CSV."""
        if self.explanation is None:
            return
        name, of, output = f"{self.explanation['run']}-explain", self.of, self.output
        model = {} if self.model == OWN else {"model": self.model}
        column = self.chosen_feature() or None
        answer = await self.app.push_screen_wait(
            LineDialog("Write pictures (SVG, PNG) and figures (CSV) into the folder", value=name)
        )
        if answer:
            done = await self.ask_typed("report.figures", of=of, folder=answer, column=column, output=output, **model)
            if done is not None:
                self.notify(f"Wrote {len(done['files'])} files to {done['folder']}", markup=False)

    def action_copy(self) -> None:
        """Copy the customer's waterfall, or the importance when that has the focus."""
        if self._holds_focus("importance") and self.explanation is not None:
            self.bench.copy(
                "\n".join(f"{row['column']}\t{row['importance']}" for row in self.explanation["importance"])
            )
        elif self.customer is not None:
            self.bench.copy(customer_text(self.customer, 72))
