"""The README's picture: ``python tests/tui/readme_picture.py`` runs a real search in the real app and draws it."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from pathlib import Path

PICTURE = Path(__file__).with_name("pictures") / "search.svg"
SECONDS = 45


async def draw() -> None:
    from workbench.tui.app import WorkbenchApp

    app = WorkbenchApp(path="demo")
    async with app.run_test(size=(120, 38)) as pilot:
        await pilot.pause(20)  # the worker loads the bundled data
        await pilot.press("g")
        await pilot.pause(1)
        await pilot.press("enter")
        await pilot.pause(SECONDS)
        await pilot.press("2")
        await pilot.pause(1)
        PICTURE.parent.mkdir(exist_ok=True)
        # the picture loads nothing: no web fonts, no links
        drawn = re.sub(r"@font-face\s*{[^}]*}", "", app.export_screenshot(title="workbench"))
        PICTURE.write_text(re.sub(r"<!--.*?-->", "", drawn, flags=re.DOTALL), encoding="utf-8")
        await pilot.press("x")
        await pilot.pause(3)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("STATE", "CONFIG", "RUNTIME"):
            os.environ[f"WORKBENCH_{name}"] = str(Path(folder) / name.lower())
        os.chdir(folder)
        asyncio.run(draw())


if __name__ == "__main__":
    main()
