"""Options that several commands share, worded once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.errors import InputError

if TYPE_CHECKING:
    from workbench.explain.language import Language as LanguageCode

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
Seed = Annotated[int, typer.Option("--seed", help="Makes every random choice repeatable.")]
Budget = Annotated[str, typer.Option("--budget", help="Time for the whole process, such as 60s or 10m.")]
Home = Annotated[Path, typer.Option("--home", help="Folder of the store, the journals and the reports.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr, notices only.")]
Run = Annotated[str, typer.Argument(help="Name or id of a run, or 'latest'.")]
Language = Annotated[str, typer.Option("--language", help="Of the sentences: en or zh.")]
HOME = Path("mlruns")


def check_language(language: str) -> LanguageCode:
    """The language, if sentences can be made in it.

    Raises:
        InputError: they can't.
    """
    from workbench.explain.language import LANGUAGES

    for known in LANGUAGES:
        if language == known:
            return known
    raise InputError(f"There are no sentences in '{language}': choose {' or '.join(LANGUAGES)}.")
