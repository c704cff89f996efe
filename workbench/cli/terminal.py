"""`workbench` and `workbench TABLE`: the terminal interface."""

from __future__ import annotations

import sys
from pathlib import Path

from workbench.cli.interface import Interface
from workbench.errors import InputError


def open_terminal(wished: Interface) -> int:
    """Open the interface, on a table where one is named.

    Raises:
        InputError: the word is neither a command nor a file, there is no such folder of search spaces, or there is no
            terminal to draw on.
    """
    path = wished.path
    if path is not None and not Path(path).exists():
        import difflib

        from workbench.cli.main import COMMANDS

        near = difflib.get_close_matches(path, COMMANDS, n=1)
        hint = f"did you mean `workbench {near[0]}`?" if near else "`workbench --help` lists the commands."
        raise InputError(f"'{path}' is neither a command nor a file: {hint}")
    if wished.spaces is not None and not Path(wished.spaces).is_dir():
        raise InputError(f"There is no folder '{wished.spaces}' of search spaces.")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InputError("The terminal interface needs a terminal; `workbench --help` lists the commands for scripts.")
    from workbench.tui import run_app

    return run_app(path, ascii=wished.ascii, spaces=wished.spaces)
