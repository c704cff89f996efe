"""`workbench check` and `workbench init`: look at tables before anything is searched."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli.options import Json
from workbench.errors import InputError


def check(
    table: Annotated[str, typer.Argument(help="A table, a project file, or 'demo'.")],
    target: Annotated[str | None, typer.Option("--target", help="Column to predict: adds leakage checks.")] = None,
    json: Json = False,
) -> None:
    """Show columns, roles, data quality and signs of leakage, without a search."""
    from workbench.cli.output import number, print_heading, print_json, print_line, print_table
    from workbench.journey import TableRequest, open_table

    opened = open_table(TableRequest(location=table, target=target))
    if json:
        print_json(_facts(opened))
        return
    print_line(f"{opened.name}: {len(opened.frame):,} rows, {len(opened.columns)} columns, task {opened.task.value}")
    for source in opened.sources:
        details = ", ".join(f"{name} {value}" for name, value in source.details.items())
        print_line(f"source {source.name}: {source.format}, {source.rows:,} rows {f'({details})' if details else ''}")
    print_heading("Columns")
    rows = [
        (
            column.role.value,
            column.name,
            column.kind.value,
            f"{column.missing:,}",
            f"{column.distinct:,}",
            column.reason,
        )
        for column in opened.columns
    ]
    print_table(("role", "column", "kind", "missing", "distinct", "why this role"), rows, right=(3, 4))
    print_heading("Checks")
    if not opened.checks:
        print_line("Nothing to report.")
    for finding in opened.checks:
        where = f" [{finding.column}]" if finding.column else ""
        repair = f" → {finding.repair}" if finding.repair else ""
        print_line(f"{finding.severity.value:7} {finding.code}{where}: {finding.message}{repair}")
    alarms = sum(finding.severity.value == "alarm" for finding in opened.checks)
    print_line(f"{number(len(opened.checks))} findings, {alarms} of them alarms.")


def _facts(table: Any) -> dict[str, Any]:
    return {
        "table": table.name,
        "rows": len(table.frame),
        "task": table.task.value,
        "target": table.target,
        "columns": [
            {
                "name": column.name,
                "kind": column.kind.value,
                "role": column.role.value,
                "reason": column.reason,
                "missing": int(column.missing),
                "distinct": int(column.distinct),
            }
            for column in table.columns
        ],
        "checks": [
            {
                "code": finding.code,
                "severity": finding.severity.value,
                "column": finding.column,
                "rows": int(finding.rows),
                "message": finding.message,
                "repair": finding.repair,
            }
            for finding in table.checks
        ],
    }


def init(
    sources: Annotated[list[str], typer.Argument(help="Tables that belong together.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The project file to write.")] = Path("project.toml"),
    target: Annotated[str | None, typer.Option("--target", help="Column to predict, or spend / active.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over an existing project file.")] = False,
) -> None:
    """Propose a project file from tables: roles, entity, cut-off, target."""
    from workbench.cli.output import print_line
    from workbench.features import propose_project

    if output.exists() and not force:
        raise InputError(f"{output} exists already; choose another name with -o or write over it with --force.")
    project, reasons = propose_project(sources, target=target)
    project.write(output)
    for reason in reasons:
        print_line(reason)
    print_line(f"Wrote {output}. Read it, change what is wrong, then: workbench run {output}")
