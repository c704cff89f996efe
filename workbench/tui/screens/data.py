"""Screen 1: the table, what its columns are for, what was found in it, and which one is the target."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from workbench.tui.actions import bindings
from workbench.tui.guard import guarded
from workbench.tui.screens._base import MOVES, FilterBar, WorkView
from workbench.tui.widgets.big_table import COLUMNS_SHOWN, BigTable, RowMoved
from workbench.tui.widgets.dialogs import ChoiceDialog, LineDialog, TextDialog
from workbench.tui.widgets.grid import Grid, GridColumn
from workbench.tui.widgets.plot import Plot
from workbench.tui.widgets.splitter import Splitter
from workbench.tui.widgets.text import clean, percent
from workbench.worker.views import ProfileView, RowsView, TableView

ROLES = (
    ("feature", "feature: the model may use it"),
    ("target", "target: what is predicted"),
    ("id", "id: names the customer"),
    ("date", "date: a date that the model may use"),
    ("time", "time: orders the rows; later ones check the models"),
    ("text", "text: free text"),
    ("group", "group: rows that belong together"),
    ("outcome", "outcome: what a customer is worth"),
    ("treatment", "treatment: what was done to the customer"),
    ("weight", "weight: how much a row counts"),
    ("ignore", "ignore: leave it out"),
)
SIGNS = {"info": "·", "warning": "!", "alarm": "!!"}
EMPTY = """No table yet.

  o   open a file: CSV, Parquet, Excel or a project file
  d   load the bundled real shopping data
  5   look at earlier runs
  ?   all keys of this screen
"""


class DataView(WorkView):
    """The table."""

    where: ClassVar[str] = "data"
    parts: ClassVar[tuple[str, ...]] = ("columns", "rows", "profile-plot")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("data"), *MOVES]

    def __init__(self) -> None:
        super().__init__(id="data", classes="-empty")
        self.rows_view: RowsView | None = None
        self.profile: ProfileView | None = None

    def compose(self) -> ComposeResult:
        """Facts, columns, rows, the selected column; or what to do without a table."""
        yield Static("", id="data-source", classes="facts")
        yield Static("", id="data-checks", classes="facts")
        with Horizontal(classes="row"):
            with Vertical(classes="part", id="columns-box") as box:
                box.border_title = "COLUMNS"
                grid = Grid(
                    [
                        GridColumn("role", "role", 8),
                        GridColumn("name", "name", 12, flex=True),
                        GridColumn("kind", "type", 8),
                        GridColumn("missing", "missing", 7, percent, right=True),
                    ],
                    row_key="name",
                    tone=_tone,
                    id="columns",
                )
                grid.g_is_free = False
                yield grid
                yield FilterBar()
            yield Splitter()
            with Vertical(classes="part", id="rows-box") as box:
                box.border_title = "ROWS"
                yield BigTable(id="rows")
        with Vertical(classes="part", id="profile-box") as box:
            box.border_title = "SELECTED COLUMN"
            yield Static("", id="profile-figures")
            plot = Plot(id="profile-plot")
            plot.can_focus = True
            yield plot
        yield Static(Text(EMPTY), id="data-empty", classes="empty")
        self.can_focus = True

    def context(self) -> str:
        """The table's name."""
        table = self.bench.table
        return table["name"] if table is not None else "no table"

    def shown(self) -> None:
        """Focus the columns, or ourselves while there is nothing."""
        if self.bench.table is None:
            self.focus()
        else:
            self.focus_part()

    def show_table(self, table: TableView, rows: RowsView | None = None) -> None:
        """Show another table, or the same one with other roles."""
        self.remove_class("-empty")
        self.can_focus = False
        target = table["target"] or "none"
        guess = " (guessed)" if table["target_guessed"] and table["target"] else ""
        self.query_one("#data-source", Static).update(
            Text.assemble(
                "Source  ",
                (clean(table["name"]), "bold"),
                f"   {table['rows']:,} rows x {len(table['columns'])} columns   target: ",
                (f"[ {clean(target)} ]{guess}", "bold"),
                f"   task: {table['task']}",
            )
        )
        self.query_one("#data-checks", Static).update(Text(_checks_line(table)))
        grid = self.query_one("#columns", Grid)
        grid.set_rows(table["columns"])
        if rows is not None:
            self.load_rows(rows)
        self.look_at_column()

    @work(exclusive=True, group="rows")
    @guarded
    async def load_rows(self, rows: RowsView) -> None:
        """Show the rows of an Arrow file."""
        self.rows_view = rows
        await self.query_one(BigTable).show(rows["path"], rows["columns"], rows["widths"])
        self._rows_title()

    @on(RowMoved)
    def _rows_title(self) -> None:
        rows, cursor = self.rows_view, self.query_one(BigTable).cursor
        if rows is None:
            return
        title = f"ROWS  {rows['shown']:,} of {rows['total']:,}" if rows["filter"] else f"ROWS  {rows['total']:,}"
        if rows["sort"]:
            title += f"   by {clean(rows['sort'], 24)} {'▼' if rows['descending'] else '▲'}"
        if rows["filter"]:
            title += f"   / {clean(rows['filter'], 30)}"
        if cursor is not None:
            title += f"   row {cursor[0] + 1:,}"
        self.query_one("#rows-box").border_title = Text(title)

    @on(Grid.Highlighted, "#columns")
    def look_at_column(self) -> None:
        """Ask for the figures of the column under the cursor."""
        row = self.query_one("#columns", Grid).current
        if row is not None:
            self._load_profile(str(row["name"]))

    @work(exclusive=True, group="profile")
    @guarded
    async def _load_profile(self, name: str) -> None:
        self._show_profile(await self.ask("data.profile", name=name))

    def _show_profile(self, profile: ProfileView) -> None:
        self.profile = profile
        column = self._column()
        box = self.query_one("#profile-box")
        box.border_title = Text(f"SELECTED COLUMN  {clean(profile['name'], 40)}")
        lines = [clean("   ".join(f"{name} {value}" for name, value in profile["figures"]))]
        if column is not None:
            meaning = f"   {column['meaning']}" if column["meaning"] else ""
            lines.append(clean(f"role {column['role']}: {column['reason']}{meaning}"))
        self.query_one("#profile-figures", Static).update(Text("\n".join(lines)))
        self.query_one("#profile-plot", Plot).draw_bars(profile["bars"])

    @on(Grid.Chosen, "#columns")
    @work(exclusive=True, group="rows")
    @guarded
    async def show_column_in_rows(self) -> None:
        """Bring the chosen column into the rows beside the id."""
        column, table, rows = self._column(), self.bench.table, self.rows_view
        if column is None or table is None or rows is None:
            return
        names = [each["name"] for each in table["columns"]]
        at = names.index(column["name"])
        first = [table["id_column"]] if table["id_column"] else []
        window = [name for name in names[at:] + names[:at] if name not in first]
        await self.query_one(BigTable).show_columns([*first, *window][:COLUMNS_SHOWN])

    def _column(self) -> Any:
        return self.query_one("#columns", Grid).current

    def selected_name(self) -> str | None:
        """Name of the column under the cursor."""
        column = self._column()
        return str(column["name"]) if column is not None else None

    def action_set_target(self) -> None:
        """Make the selected column the target."""
        if (column := self._column()) is not None:
            self._describe(target=column["name"])

    @work(group="roles")
    @guarded
    async def action_set_role(self) -> None:
        """Choose what the selected column is for."""
        column = self._column()
        if column is None:
            return
        role = await self.app.push_screen_wait(
            ChoiceDialog(f"Role of {clean(column['name'], 40)}", ROLES, text=column["reason"], selected=column["role"])
        )
        if role == "target":
            self._describe(target=column["name"])
        elif role:
            self._describe(roles={column["name"]: role})

    @work(group="describe")
    @guarded
    async def _describe(self, **changes: Any) -> None:
        before = self.bench.table
        table = await self.ask("data.describe", **changes)
        self.bench.take_table(table)
        if before is not None and before["rows"] != table["rows"]:
            self._rows()  # those without a target are left out: what is shown counts other rows

    def action_sort(self) -> None:
        """Sort the rows: by the column of the focused cell, or the selected one."""
        cursor = self.query_one(BigTable).cursor if self._holds_focus("rows") else None
        column = cursor[1] if cursor else (self._column() or {}).get("name")
        rows = self.rows_view
        if column is None or rows is None:
            return
        if rows["sort"] != column:
            self._rows(sort=column, descending=False)
        elif not rows["descending"]:
            self._rows(sort=column, descending=True)
        else:
            self._rows(sort=None, descending=False)

    @work(exclusive=True, group="rows")
    @guarded
    async def _rows(self, **changes: Any) -> None:
        rows = self.rows_view
        if rows is None:
            return
        wanted = {"sort": rows["sort"], "descending": rows["descending"], "filter": rows["filter"], **changes}
        view: RowsView = await self.ask("data.rows", **wanted)
        self.rows_view = view
        big = self.query_one(BigTable)
        shown = [name for name in big.columns if name in view["columns"]] or view["columns"]
        await big.show(view["path"], shown if big.columns else view["columns"], view["widths"])
        self._rows_title()

    @work(group="filter")
    @guarded
    async def action_filter(self) -> None:
        """Filter the columns by name, or the rows by what they hold."""
        if not self._holds_focus("rows"):
            self.filter_bar(self.query_one("#columns", Grid))
            return
        before = self.rows_view["filter"] if self.rows_view else ""
        text = await self.app.push_screen_wait(
            LineDialog("Filter rows", value=before, hint="words, or: visits >= 3 and region = north")
        )
        if text is not None:
            self._rows(filter=text)

    @work(group="cell")
    @guarded
    async def action_view_cell(self) -> None:
        """Show the whole cell."""
        cursor = self.query_one(BigTable).cursor
        if cursor is None:
            return
        row, column = cursor
        cell = await self.ask("data.cell", row=row, column=column)
        await self.app.push_screen_wait(TextDialog(f"{column}, row {row + 1:,}", cell["text"]))

    @work(group="checks")
    @guarded
    async def action_show_checks(self) -> None:
        """All checks, with what was done."""
        table = self.bench.table
        if table is None:
            return
        lines = [
            f"{SIGNS[check['severity']]:>2} {check['message']}" + (f" ({check['repair']})" if check["repair"] else "")
            for check in table["checks"]
        ]
        await self.app.push_screen_wait(
            TextDialog("Checks", "\n".join(lines) or "Nothing was found to complain about.")
        )

    @work(group="copy")
    @guarded
    async def action_copy(self) -> None:
        """Copy the cell under the cursor, or the selected column's name."""
        cursor = self.query_one(BigTable).cursor if self._holds_focus("rows") else None
        if cursor is not None:
            cell = await self.ask("data.cell", row=cursor[0], column=cursor[1])
            self.bench.copy(cell["text"])
        elif (column := self._column()) is not None:
            self.bench.copy(column["name"])


def _tone(row: Any) -> str:
    return {"target": "good", "ignore": "muted", "id": "muted"}.get(row["role"], "")


def _checks_line(table: TableView) -> str:
    """The gravest checks in a line, and how many columns have none."""
    order = {"alarm": 0, "warning": 1, "info": 2}
    grave = sorted((c for c in table["checks"] if c["severity"] != "info"), key=lambda c: order[c["severity"]])
    touched = {check["column"] for check in grave if check["column"]}
    told = "  ".join(f"{SIGNS[check['severity']]} {clean(check['message'], 90)}" for check in grave[:2])
    more = f"  +{len(grave) - 2} more: c" if len(grave) > 2 else ""
    return f"Checks  {told}{more}   ok {len(table['columns']) - len(touched)} columns"
