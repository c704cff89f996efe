"""Options that several commands share, worded once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
Seed = Annotated[int, typer.Option("--seed", help="Makes every random choice repeatable.")]
Budget = Annotated[str, typer.Option("--budget", help="Time for the whole process, such as 60s or 10m.")]
Home = Annotated[Path, typer.Option("--home", help="Folder of the store, the journals and the reports.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr, notices only.")]
Run = Annotated[str, typer.Argument(help="Name or id of a run, or 'latest'.")]
HOME = Path("mlruns")
