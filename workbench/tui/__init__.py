"""The terminal interface. Importing this package is light; textual is imported when the interface opens."""

from __future__ import annotations


def run_app(path: str | None = None, *, ascii: bool = False, demo: bool = False) -> int:
    """Open the interface.

    Args:
        path: a table or project to open at once; ``None`` opens what was open last, if anything was.
        ascii: draw with ASCII signs only.
        demo: load the bundled data.

    Returns:
        the exit code.
    """
    from workbench.tui.app import WorkbenchApp

    app = WorkbenchApp(path="demo" if demo else path, ascii=ascii)
    app.run()
    return app.return_code or 0
