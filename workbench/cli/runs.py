"""`workbench runs`: list, show, compare, resume and delete what is on record."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli.options import HOME, Home, Json, Quiet, Run

app = typer.Typer(help="List, show, compare, resume and delete runs.", no_args_is_help=False, rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def runs(context: typer.Context, home: Home = HOME, json: Json = False) -> None:
    """List the runs when no command is given."""
    if context.invoked_subcommand is None:
        show_list(home=home, json=json)
        return
    # what stands before the command holds for it, where it says nothing else itself
    given = {"home": home} | ({"json": True} if json else {})
    context.default_map = {context.invoked_subcommand: given}


@app.command("list")
def show_list(
    text: Annotated[str, typer.Option("--filter", help="Words that must appear.")] = "",
    limit: Annotated[int, typer.Option("--limit", help="Newest runs only.")] = 50,
    home: Home = HOME,
    json: Json = False,
) -> None:
    """List the newest runs."""
    import dataclasses

    from workbench.cli.output import interval, number, print_json, print_line, print_table
    from workbench.tracking import Store

    rows = Store(home=home).runs(limit=limit, text_filter=text)
    if json:
        print_json([dataclasses.asdict(row) for row in rows])
        return
    if not rows:
        print_line("No runs yet: `workbench demo` makes one.")
        return
    cells = [
        (row.name, row.state, row.task, row.target, row.metric, number(row.score), interval(row.low, row.high),
         row.champion, row.trials, number(row.seconds, 3), row.created)
        for row in rows
    ]  # fmt: skip
    headings = (
        "run",
        "state",
        "task",
        "target",
        "metric",
        "score",
        "95 % interval",
        "champion",
        "trials",
        "s",
        "began",
    )
    print_table(headings, cells, right=(5, 8, 9))


@app.command()
def show(run: Run, home: Home = HOME, json: Json = False) -> None:
    """Show all that a run found."""
    from workbench.cli.findings import print_findings
    from workbench.cli.output import print_json
    from workbench.cli.results import load_run
    from workbench.journey import summarise

    result = load_run(run, home)
    if json:
        print_json(summarise(result, result.report or None))
    else:
        print_findings(result)


@app.command()
def compare(
    names: Annotated[list[str], typer.Argument(help="Two or more runs.")], home: Home = HOME, json: Json = False
) -> None:
    """Show where runs differ."""
    from workbench.cli.output import print_json, print_table
    from workbench.errors import InputError
    from workbench.tracking import Store

    if len(names) < 2:
        raise InputError("Name at least two runs to compare; `workbench runs list` shows them.")
    store = Store(home=home)
    rows = store.compare([store.find(name) for name in names])
    if json:
        print_json(rows)
    else:
        print_table(["figure", *names], [[row["name"], *row["values"]] for row in rows])


@app.command()
def resume(
    run: Run,
    budget: Annotated[
        str | None,
        typer.Option("--budget", help="Time for the whole command; 2m, or none where the run counts its trials."),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option("--cluster", metavar="ADDRESS", help="Another dask scheduler than before; 'local' for none."),
    ] = None,
    home: Home = HOME,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Go on with a run that was stopped, killed or finished."""
    from workbench.cli import journeys

    address = "" if cluster == "local" else cluster
    journeys.resume(run, budget=budget, cluster=address, home=home, as_json=json, quiet=quiet)


@app.command()
def delete(
    run: Run,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    home: Home = HOME,
) -> None:
    """Delete a run from the store."""
    from workbench.cli.output import print_line
    from workbench.errors import InputError
    from workbench.journey import delete_run
    from workbench.tracking import Store

    store = Store(home=home)
    row = store.details(run).row
    if not yes and not _confirmed(f"Delete the run {row.name} ({row.state}) and its files?"):
        raise InputError(f"The run {row.name} was not deleted; answer y, or add --yes.")
    delete_run(store, row.run_id)
    print_line(f"Deleted {row.name}.")


def _confirmed(question: str) -> bool:
    """Whether the user says yes; an end of input is a no."""
    try:
        return typer.confirm(question, err=True)
    except typer.Abort:
        return False
