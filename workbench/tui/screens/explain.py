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
from workbench.tui.screens._base import MOVES, FilterBar, WorkView
from workbench.tui.widgets.dialogs import LineDialog, TextDialog
from workbench.tui.widgets.grid import Grid, GridColumn
from workbench.tui.widgets.plot import Plot
from workbench.tui.widgets.reader import Reader
from workbench.tui.widgets.splitter import Splitter
from workbench.tui.widgets.text import bar, clean, fit, number
from workbench.worker.views import CustomerView, DependenceView, ExplanationView

EMPTY = """Nothing to explain yet.

  g   start a search: its champion is explained here
  5   open an earlier run
"""


class ExplainView(WorkView):
    """The explanation."""

    where: ClassVar[str] = "explain"
    parts: ClassVar[tuple[str, ...]] = ("importance", "customer", "dependence")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("explain"), *MOVES]

    def __init__(self) -> None:
        super().__init__(id="explain", classes="-empty")
        self.explanation: ExplanationView | None = None
        self.customer: CustomerView | None = None
        self.dependence: DependenceView | None = None
        self.index = 0
        self.output = 0

    def compose(self) -> ComposeResult:
        """Facts, importance, customer, dependence, words; or what to do without a result."""
        self.can_focus = True
        yield Static("", id="explain-facts", classes="facts")
        with Horizontal(classes="row"):
            with Vertical(classes="part", id="importance-box") as box:
                box.border_title = "GLOBAL IMPORTANCE  mean |SHAP|"
                yield Grid(_columns(), row_key="column", id="importance")
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
        yield Static("", id="explain-words")
        yield Static(Text(EMPTY), id="explain-empty", classes="empty")

    def context(self) -> str:
        """Run and model."""
        result = self.bench.result
        return f"{result['name']} {result['champion'] or ''}" if result is not None else "no result"

    def shown(self) -> None:
        """Ask for the explanation of the run that is looked at, once."""
        result = self.bench.result
        if result is None:
            self.say_instead(EMPTY)
        elif not result["has_explanation"]:
            self.say_instead(
                f"{result['name']} holds no explanation: no target, or its budget ended before.\n\n{EMPTY}"
            )
        elif self.explanation is None or self.explanation["run"] != result["name"]:
            self.say_instead(f"Loading the explanation of {result['name']} …")
            self._load()
        else:
            self.focus_part()

    @work(exclusive=True, group="explanation")
    @guarded
    async def _load(self) -> None:
        try:
            view: ExplanationView = await self.ask("explain.overview", output=self.output)
        except WorkbenchError:
            self.say_instead("The explanation could not be loaded. 3 tries again.")
            raise
        self.show_explanation(view)
        self.focus_part()
        self.load_customer()

    def show_explanation(self, view: ExplanationView) -> None:
        """Draw the global part."""
        self.explanation = view
        self.show_parts()
        result = self.bench.result
        rows = f"{view['rows']:,} of {view['total_rows']:,} rows" if view["rows"] < view["total_rows"] else "all rows"
        adds_up = all(check["passed"] for check in view["checks"])
        output = f"   class {clean(view['outputs'][self.output], 20)}" if len(view["outputs"]) > 1 else ""
        champion = result["champion"] if result is not None else ""
        score = ""
        if result is not None and result["score"] is not None:
            figures = result["score"]
            interval = f" ({number(figures['low'])} to {number(figures['high'])})"
            score = f"   {result['metric']} {number(figures['value'])}{interval}"
        self.query_one("#explain-facts", Static).update(
            Text(
                f"Model  {champion}{score}   SHAP in {clean(view['output_space'], 40)}, {rows}{output}   "
                f"checks: {'all passed' if adds_up else '! not all passed, see c'}"
            )
        )
        most = max((abs(row["importance"] or 0.0) for row in view["importance"]), default=1.0) or 1.0
        rows_ = [{**row, "bar": abs(row["importance"] or 0.0) / most} for row in view["importance"]]
        self.query_one("#importance", Grid).set_rows(rows_)
        self.query_one("#explain-words", Static).update(Text("\n".join(clean(line) for line in view["words"][:4])))
        self.look_at_feature()

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
        """Ask for the dependence on the feature under the cursor."""
        row = self.query_one("#importance", Grid).current
        if row is not None:
            self._load_dependence(str(row["column"]))

    @work(exclusive=True, group="dependence")
    @guarded
    async def _load_dependence(self, column: str) -> None:
        self.show_dependence(await self.ask("explain.dependence", column=column, output=self.output))

    def show_dependence(self, view: DependenceView) -> None:
        """Draw a feature's values against its contributions."""
        self.dependence = view
        self.query_one("#dependence-box").border_title = Text(f"DEPENDENCE  {clean(view['column'], 50)}")
        plot = self.query_one("#dependence", Plot)
        if view["numeric"]:
            plot.draw(view["points"], "points", x_label=clean(view["column"], 40), y_label="contribution")
        else:
            plot.draw_bars([(level["level"], level["mean"] or 0.0) for level in view["levels"]])

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
        what = "id" if self.explanation["has_id"] else "row number, from 1"
        answer = await self.app.push_screen_wait(LineDialog(f"Find a customer by {what}"))
        if answer:
            self.load_customer(id=answer)

    def action_next_output(self) -> None:
        """The next class."""
        if self.explanation is None:
            return
        if len(self.explanation["outputs"]) < 2:
            self.notify("This model has one output.", markup=False)
            return
        self.output = (self.output + 1) % len(self.explanation["outputs"])
        self._load()

    def action_view_table(self) -> None:
        """The dependence as figures."""
        self.query_one("#dependence", Plot).toggle_table()

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
        """Write all drawings as SVG, importance and this dependence as CSV."""
        if self.explanation is None:
            return
        name = f"{self.explanation['run']}-explain"
        answer = await self.app.push_screen_wait(LineDialog("Write figures into the folder", value=name))
        if answer:
            column = self.dependence["column"] if self.dependence is not None else None
            done = await self.ask("report.figures", folder=answer, column=column, output=self.output)
            self.notify(f"Wrote {len(done['files'])} files to {done['folder']}", markup=False)

    def action_copy(self) -> None:
        """Copy the customer's waterfall, or the importance when that has the focus."""
        if self._holds_focus("importance") and self.explanation is not None:
            self.bench.copy(
                "\n".join(f"{row['column']}\t{row['importance']}" for row in self.explanation["importance"])
            )
        elif self.customer is not None:
            self.bench.copy(customer_text(self.customer, 72))


def customer_text(view: CustomerView, width: int) -> str:
    """The waterfall in words and arrows: ``base`` and steps add up to the output."""
    name = min(30, max(14, width - 22))
    arrows = max(4, width - name - 14)
    most = max((abs(step["contribution"] or 0.0) for step in view["steps"]), default=1.0) or 1.0
    lines = [
        f"predicted {view['prediction']}",
        f"in {clean(view['output'], 60)}",
        f"{fit('average of the model', name)} {number(view['base']):>10}",
    ]
    for step in view["steps"]:
        contribution = step["contribution"] or 0.0
        label = step["column"] if step["value"] is None else f"{step['column']} = {step['value']}"
        drawn = (">" if contribution >= 0 else "<") * max(1, round(arrows * abs(contribution) / most))
        sign = "+" if contribution >= 0 else "-"
        lines.append(f"{fit(label, name)} {sign + number(abs(contribution)):>10}  {drawn}")
    lines.append(f"{fit('sum', name)} {number(view['margin']):>10}")
    lines.append(f"adds up: {'yes' if view['adds_up'] else 'NO'}")
    return "\n".join(lines)


def _columns() -> list[GridColumn]:
    return [
        GridColumn("column", "feature", 14, flex=True),
        GridColumn("importance", "mean|SHAP|", 10, number, right=True),
        GridColumn("bar", "", 12, lambda value: bar(value or 0.0, 12)),
        GridColumn("direction", "direction", 9, _direction),
        GridColumn("lever", "lever", 12),
    ]


def _direction(value: float | None) -> str:
    if value is None:
        return "-"
    return "rises" if value > 0.3 else "falls" if value < -0.3 else "mixed"
