"""Pictures of the screens to look at: ``python tests/tui/look.py FOLDER [THEME] [--ascii]``.

Writes an SVG file for each screen and size, and, where a Chromium is installed, a PNG sheet for each size.
A picture proves sameness and not correctness; the tests assert on state. This is for eyes.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

SIZES = ((80, 24), (100, 30), (140, 40))


async def shoot(out: Path, theme: str, ascii: bool, width: int, height: int) -> None:
    """All screens at one size."""
    from question_fakes import work_view
    from tui_fakes import job_push, make_app, result_view

    from workbench.worker.protocol import Push

    app = make_app(Path(tempfile.mkdtemp()), ascii=ascii)
    async with app.run_test(size=(width, height)) as pilot:
        app.theme = theme

        async def snap(name: str) -> None:
            await pilot.pause(0.25)
            (out / f"{width}-{name}.svg").write_text(app.export_screenshot())

        await snap("0-empty")
        app.open_path("customers.parquet")
        await snap("1-data")
        await pilot.press("g")
        await pilot.press(*["tab"] * 6, *"nosuch")
        await snap("1-start")
        await pilot.press("escape")
        app.take_push(Push("job", job_push()))
        await pilot.press("2")
        await snap("2-search")
        app.take_push(Push("job", job_push("done")))
        app.take_result(result_view())
        await pilot.press("3")
        await snap("3-explain")
        for name in ("effect", "beeswarm", "importance", "quality"):
            await pilot.press("b")
            await snap(f"3-explain-{name}")
        await pilot.press("b", "e", *"visits=3", "enter")
        await snap("3-what-if")
        for key, name in (("a", "views"), ("p", "pairs"), ("l", "otherwise"), ("f", "columns"), ("t", "trust")):
            await pilot.press("escape", key)
            await snap(f"3-{name}")
        app.take_push(Push("work", work_view(state="done")))
        await pilot.press("escape", "f", "enter")
        await snap("3-fairness")
        await pilot.press("escape", "4")
        await snap("4-segments")
        await pilot.press("e")
        await snap("4-drivers")
        await pilot.press("escape")
        await pilot.press("b")
        await snap("4-segments-map")
        await pilot.press("b")
        await pilot.press("5")
        await snap("5-runs")
        app.open_run("a" * 32)
        await pilot.pause(0.25)
        await pilot.press("2")
        await snap("5-search-of-an-earlier-run")
        await pilot.press("i")
        await snap("5-search-findings")
        await pilot.press("escape", "u")
        await snap("5-search-more-time")
        await pilot.press("escape", "5")
        await pilot.press("question_mark")
        await snap("6-help")
        await pilot.press("escape", "ctrl+p")
        await snap("7-palette")
        await pilot.press("escape", "f10")
        await snap("8-menu")
        await pilot.press("escape", "R")
        await snap("9-report")


def sheet(out: Path, width: int) -> None:
    """One picture of all SVG files of a size."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        return
    pictures = sorted(out.glob(f"{width}-*.svg"))
    cells = "".join(f'<img src="{picture.name}" style="width:49%">' for picture in pictures)
    page = out / f"{width}.html"
    page.write_text(f"<body style='margin:0;background:#888'>{cells}</body>")
    height = {80: 500, 100: 500, 140: 480}[width] * ((len(pictures) + 1) // 2)
    subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size=1600,{height}",
         f"--screenshot={out / f'sheet-{width}.png'}", page.absolute().as_uri()],
        check=True, capture_output=True,
    )  # fmt: skip


if __name__ == "__main__":
    os.environ.setdefault("WORKBENCH_STATE", tempfile.mkdtemp())
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    chosen = sys.argv[2] if len(sys.argv) > 2 and not sys.argv[2].startswith("-") else "textual-dark"
    for columns, lines in SIZES:
        asyncio.run(shoot(folder, chosen, "--ascii" in sys.argv, columns, lines))
        sheet(folder, columns)
