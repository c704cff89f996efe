"""All commands in one place; what they need is imported when they run, so that `--help` is quick."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench import __version__
from workbench.cli import explanations, results, runs, search, system, tables

app = typer.Typer(
    name="workbench",
    help="From raw customer tables to explained segments, a strategy for each and its measured effect.\n\n"
    "Without a command, or with a table instead of one, the terminal interface opens.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"workbench {__version__}")
        raise typer.Exit


@app.callback()
def workbench(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False,
) -> None:
    """Hold the options that every command shares."""


app.command("demo")(search.demo)
app.command("run")(search.run)
app.command("init")(tables.init)
app.command("check")(tables.check)
app.command("explain")(explanations.explain)
app.command("segments")(results.segments)
app.command("gap")(results.gap)
app.command("strategy")(results.strategy)
app.command("effect")(results.effect)
app.command("predict")(results.predict)
app.command("report")(results.report)
app.add_typer(runs.app, name="runs")
app.command("mlflow")(system.mlflow)
app.command("doctor")(system.doctor)
