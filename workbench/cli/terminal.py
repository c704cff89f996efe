"""`workbench` and `workbench TABLE`: the terminal interface."""

from __future__ import annotations

import sys
from pathlib import Path

from workbench.errors import InputError


def open_terminal(arguments: list[str]) -> int:
    """Open the interface, on a table where one is named.

    Raises:
        InputError: the word is neither a command nor a file, or there is no terminal to draw on.
    """
    words = [word for word in arguments if not word.startswith("-")]
    path = words[0] if words else None
    if path is not None and not Path(path).exists():
        import difflib

        from workbench.cli.main import COMMANDS

        near = difflib.get_close_matches(path, COMMANDS, n=1)
        hint = f"did you mean `workbench {near[0]}`?" if near else "`workbench --help` lists the commands."
        raise InputError(f"'{path}' is neither a command nor a file: {hint}")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InputError("The terminal interface needs a terminal; `workbench --help` lists the commands for scripts.")
    from workbench.tui import run_app

    return run_app(path, ascii="--ascii" in arguments)
