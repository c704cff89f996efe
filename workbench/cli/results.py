"""`workbench segments|gap|strategy|effect|predict|report RUN`: what a recorded run found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.options import HOME, Home, Json, Language, Run, check_language

if TYPE_CHECKING:
    from workbench.contracts import JourneyResult


def load_run(run: str, home: Path) -> JourneyResult:
    """The recorded result of a run.

    Raises:
        InputError: there is no such run, or it was stopped before it had a result.
    """
    from workbench.tracking import Store

    store = Store(home=home)
    return store.load_result(store.find(run))


def segments(run: Run, home: Home = HOME, json: Json = False) -> None:
    """Show a run's segments with rule, size and profile."""
    from workbench.cli.findings import print_segmentation
    from workbench.cli.output import number, print_json, print_line
    from workbench.journey import summarise

    result = load_run(run, home)
    if json:
        print_json(summarise(result)["segmentations"])
        return
    if not result.segmentations:
        print_line(f"Run '{result.name}' holds no segments.")
    for segmentation in result.segmentations:
        print_segmentation(segmentation, result.table.outcome)
        for segment in segmentation.segments:
            print_line(f"{segment.id} {segment.name}")
            for entry in segment.profile[:6]:
                level = f" = {entry.level}" if entry.level else ""
                print_line(
                    f"    {entry.feature}{level}: {number(entry.segment_value)} against {number(entry.rest_value)} "
                    f"in the rest (effect {entry.effect:+.2f}, q {entry.q_value:.2g})"
                )


def gap(run: Run, home: Home = HOME, json: Json = False) -> None:
    """Show a run's information gaps with their back-test."""
    from workbench.cli.findings import print_gaps
    from workbench.cli.output import number, print_json, print_line, print_table
    from workbench.journey import summarise

    result = load_run(run, home)
    if json:
        print_json(summarise(result)["gaps"])
        return
    if result.gaps is None:
        print_line(f"Run '{result.name}' holds no gaps.")
        return
    print_gaps(result.gaps)
    for found in result.gaps.gaps:
        if found.available and len(found.backtest):
            print_line(f"Back-test of {found.kind.value}")
            shown = found.backtest.dropna(axis="columns", how="all")
            rows = [
                [number(cell) if isinstance(cell, float) else cell for cell in row]
                for row in shown.itertuples(index=False, name=None)
            ]
            print_table([str(column) for column in shown.columns], rows)


def strategy(
    run: Run,
    customers: Annotated[
        Path | None, typer.Option("--customers", help="Write who gets which play, and who is held out (CSV, Parquet).")
    ] = None,
    home: Home = HOME,
    json: Json = False,
) -> None:
    """Show a run's strategy for each segment."""
    from workbench.cli.findings import print_strategies
    from workbench.cli.output import print_json, print_line
    from workbench.journey import summarise

    result = load_run(run, home)
    if customers is not None:
        from workbench.data import write_table
        from workbench.strategy import audience

        rows = audience(result)
        write_table(rows, customers)
        print_line(
            f"Wrote {customers}: {len(rows):,} customers, {(rows['arm'] == 'control').sum():,} of them held out."
        )
    elif json:
        print_json(summarise(result)["strategies"])
    elif result.strategies:
        print_strategies(result.strategies)
    else:
        print_line(f"Run '{result.name}' holds no strategies: no segments were found, or it was a short run.")


def effect(
    run: Run,
    outcomes: Annotated[str, typer.Argument(help="Table with the customer id, the arm and the outcome.")],
    outcome: Annotated[str | None, typer.Option("--outcome", help="Column with the outcome.")] = None,
    arm: Annotated[str, typer.Option("--arm", help="Column that says treated or control.")] = "arm",
    home: Home = HOME,
    json: Json = False,
) -> None:
    """Read what the strategies did from a randomised hold-out."""
    from workbench.cli.output import interval, number, print_json, print_line, print_table
    from workbench.data import read_source
    from workbench.strategy import read_effects

    result = load_run(run, home)
    frame, _, _ = read_source(outcomes)
    readout = read_effects(result, frame, arm=arm, outcome=outcome)
    if json:
        print_json(readout.as_json())
        return
    for sentence in readout.checks:
        print_line(sentence)
    rows = [
        (entry.segment_name, f"{entry.treated:,}", f"{entry.control:,}", number(entry.effect),
         interval(entry.low, entry.high), entry.decision)
        for entry in readout.effects
    ]  # fmt: skip
    print_table(("segment", "treated", "control", "effect", "95 % interval", "decision"), rows, right=(1, 2, 3))


def predict(
    run: Run,
    table: Annotated[str, typer.Argument(help="Table with the columns that the model was made from.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Where to write the scores (Parquet, CSV).")],
    home: Home = HOME,
) -> None:
    """Score a table with a run's logged model."""
    from workbench.cli.output import print_line
    from workbench.journey import write_predictions
    from workbench.tracking import Store

    store = Store(home=home)
    for sentence in write_predictions(store.load_model(store.find(run)), table, output):
        print_line(f"! {sentence}")
    print_line(f"Wrote {output}.")


def report(
    run: Run,
    output: Annotated[Path, typer.Option("-o", "--output", help="report.html, .md or .pdf")] = Path("report.html"),
    language: Language = "en",
    home: Home = HOME,
) -> None:
    """Write a run's report; the language is that of the explanation's sentences."""
    from workbench.cli.output import print_line
    from workbench.report import write

    wished = check_language(language)
    write(load_run(run, home), output, wished)
    print_line(f"Wrote {output}.")
