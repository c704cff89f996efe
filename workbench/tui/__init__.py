"""The terminal interface. Importing this package is light; textual is imported when the interface opens."""

from __future__ import annotations

from pathlib import Path


def run_app(path: str | None = None, *, ascii: bool = False, demo: bool = False, spaces: str | None = None) -> int:
    """Open the interface.

    Args:
        path: a table or project to open at once; ``None`` opens what was open last, if anything was.
        ascii: draw with ASCII signs only.
        demo: load the bundled data.
        spaces: folder of the user's own search spaces and families, whose code may be run.

    Returns:
        the exit code.
    """
    from workbench.tui.app import WorkbenchApp

    folder = Path(spaces).resolve() if spaces is not None else None
    app = WorkbenchApp(path="demo" if demo else path, ascii=ascii, spaces=folder)
    app.run()
    return app.return_code or 0
