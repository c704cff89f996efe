"""`workbench mlflow` and `workbench doctor`: MLflow's own page, and what works on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli.options import HOME, Home, Json


def mlflow(
    port: Annotated[int, typer.Option("--port", help="Port on this machine only.")] = 5000, home: Home = HOME
) -> None:
    """Open MLflow's own page on the store, for this machine only."""
    from workbench.tracking import serve_ui

    serve_ui(home=home, port=port)


def doctor(home: Home = HOME, json: Json = False) -> None:
    """Show what is installed, what works here and what is missing."""
    from workbench.cli.checkup import examine
    from workbench.cli.output import print_json, print_line

    findings = examine(home)
    if json:
        print_json(findings)
        return
    for finding in findings:
        print_line(f"{'ok     ' if finding['ok'] else 'missing'} {finding['what']}: {finding['detail']}")
