"""`workbench run` and `workbench demo`: a journey from the command line."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.options import HOME, Budget, Home, Json, Quiet, Seed
from workbench.errors import InputError

TASKS = ("auto", "binary", "multiclass", "regression", "segments")


def run(
    table: Annotated[str, typer.Argument(help="A table (CSV, Parquet, Excel) or a project file (TOML).")],
    target: Annotated[str | None, typer.Option("--target", help="Column to predict.")] = None,
    task: Annotated[str, typer.Option("--task", help="auto, binary, multiclass, regression or segments.")] = "auto",
    metric: Annotated[
        str | None, typer.Option("--metric", help="Such as roc_auc, log_loss, rmse, mae, f1, pinball@0.9.")
    ] = None,
    budget: Annotated[
        str | None, typer.Option("--budget", help="Time for the whole process, such as 60s or 10m; 2m by default.")
    ] = None,
    trials: Annotated[
        int | None, typer.Option("--trials", help="Reproducible mode: this many trials on one worker.")
    ] = None,
    cost: Annotated[
        str | None,
        typer.Option("--cost", help="What mistakes cost: 'false positive=1, false negative=5'; sets the threshold."),
    ] = None,
    families: Annotated[str | None, typer.Option("--families", help="Such as linear,lightgbm.")] = None,
    time: Annotated[str | None, typer.Option("--time", help="Column that orders the rows in time.")] = None,
    group: Annotated[str | None, typer.Option("--group", help="Column whose rows stay together.")] = None,
    ignore: Annotated[str | None, typer.Option("--ignore", help="Columns to leave out, separated by commas.")] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", help="Makes every random choice repeatable; 0 by default.")
    ] = None,
    predict: Annotated[Path | None, typer.Option("--predict", help="Table to predict for.")] = None,
    predictions: Annotated[Path | None, typer.Option("--predictions", help="Where to write them (Parquet).")] = None,
    segments: Annotated[int | None, typer.Option("--segments", help="Number of descriptive segments.")] = None,
    playbook: Annotated[
        str | None, typer.Option("--playbook", help="A shipped playbook's name or a file; ecommerce by default.")
    ] = None,
    search_spaces: Annotated[Path | None, typer.Option("--search-spaces", help="Folder of your own spaces.")] = None,
    warm_start: Annotated[
        str, typer.Option("--warm-start", help="An earlier run of the same table to start from, 'latest' or 'none'.")
    ] = "none",
    cluster: Annotated[
        str | None,
        typer.Option(
            "--cluster", metavar="ADDRESS", help="Fit on the workers of this dask scheduler, such as tcp://host:8786."
        ),
    ] = None,
    no_report: Annotated[bool, typer.Option("--no-report", help="Search, model and predictions only.")] = False,
    name: Annotated[str | None, typer.Option("--name", help="Name of the run.")] = None,
    home: Home = HOME,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Search models for a table, explain them, find segments and gaps, and recommend strategies.

    What is not given here comes from the project file, where one is named, else from the defaults.
    """
    if task not in TASKS:
        raise InputError(f"'{task}' is not a task: choose {', '.join(TASKS)}.")
    if (predict is None) != (predictions is None):
        raise InputError("Give --predict TABLE and --predictions FILE together: what to predict for and where to.")
    if trials is not None and trials < 1:
        raise InputError(f"--trials must be at least 1, got {trials}.")
    from workbench.cli.journeys import Wish, run_wish

    run_wish(
        Wish(
            location=table,
            target=target,
            task=None if task == "auto" else task,
            metric=metric,
            budget=budget,
            trials=trials,
            families=_words(families),
            time=time,
            group=group,
            ignore=_words(ignore) or (),
            seed=seed,
            predict=predict,
            predictions=predictions,
            segments=segments,
            playbook=playbook,
            spaces=search_spaces,
            warm_start=None if warm_start == "none" else warm_start,
            cluster=cluster,
            cost=cost,
            full=not no_report,
            name=name,
            home=home,
            command=_command("run"),
        ),
        as_json=json,
        quiet=quiet,
    )


def demo(
    target: Annotated[str, typer.Option("--target", help="spend, redeems (a coupon), active or segments.")] = "spend",
    budget: Budget = "100s",
    seed: Seed = 7,
    home: Home = HOME,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run the whole journey on the bundled real data; print where the report is."""
    from workbench.cli.journeys import Wish, run_wish

    wish = Wish(location="demo", target=target, budget=budget, seed=seed, home=home, command=_command("demo"))
    run_wish(wish, as_json=json, quiet=quiet)


def _words(text: str | None) -> tuple[str, ...] | None:
    """The words between commas; ``None`` for no option."""
    if text is None:
        return None
    return tuple(word for part in text.split(",") if (word := part.strip()))


def _command(name: str) -> str:
    """This very command line, ready to be typed again."""
    import sys

    arguments = sys.argv[1:]
    return shlex.join(["workbench", *arguments]) if arguments[:1] == [name] else f"workbench {name}"
