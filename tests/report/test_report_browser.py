"""The report in a real browser: nothing is run or asked for, and it can be read on a telephone and on paper."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from report_results import hostile_result, result

from workbench.contracts import Task
from workbench.report import write

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium or chromium-browser on the PATH"),
]

SMALLEST_TEXT = """() => {
  let smallest = [99, ''];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim(), element = walker.currentNode.parentElement;
    if (!text || !element.checkVisibility()) continue;
    let size = parseFloat(getComputedStyle(element).fontSize);
    if (element.getScreenCTM) size *= element.getScreenCTM().a;
    if (size < smallest[0]) smallest = [size, text];
  }
  return smallest;
}"""
CUT_LABELS = """() => [...document.querySelectorAll('figure svg')].flatMap(svg => {
  const frame = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('text')].filter(text => {
    const box = text.getBoundingClientRect();
    return box.left < frame.left - 2 || box.right > frame.right + 2
      || box.top < frame.top - 3 || box.bottom > frame.bottom + 3;
  }).map(text => text.textContent);
})"""
FOLDED = """() => [...document.querySelectorAll('details table')].filter(table =>
  table.getBoundingClientRect().height < 20 || !table.checkVisibility({contentVisibilityAuto: true})).length"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium, started once."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Reports by name."""
    folder = tmp_path_factory.mktemp("reports")
    made = {
        "regression": result(Task.REGRESSION),
        "segments": result(Task.SEGMENTS),
        "hostile": hostile_result(Task.MULTICLASS),
        "hostile-cells": hostile_result(Task.REGRESSION, shift=3),
        "hostile-words": hostile_result(Task.BINARY, shift=5),
    }
    for name, found in made.items():
        write(found, folder / f"{name}.html")
    return {name: folder / f"{name}.html" for name in made}


NAMES = ("regression", "segments", "hostile", "hostile-cells", "hostile-words")


class Visit:
    """A page with everything that it said and asked for."""

    def __init__(self, browser: Any, path: Path, width: int) -> None:
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page = browser.new_page(viewport={"width": width, "height": 900})
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())


@pytest.mark.parametrize("name", NAMES)
def test_on_a_telephone(browser: Any, pages: dict[str, Path], name: str) -> None:
    visit = Visit(browser, pages[name], 400)
    page = visit.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    size, text = page.evaluate(SMALLEST_TEXT)
    assert size >= 11, f"{text!r} has {size:.1f} pixels"
    assert page.evaluate("document.scripts.length") == 0
    assert page.title().endswith("segments, gaps and strategies")
    assert [visit.said, visit.asked] == [[], [pages[name].as_uri()]]
    page.close()


@pytest.mark.parametrize("name", NAMES)
def test_on_a_desk(browser: Any, pages: dict[str, Path], name: str) -> None:
    visit = Visit(browser, pages[name], 1100)
    page = visit.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 1100
    assert page.evaluate(CUT_LABELS) == []
    assert page.evaluate("[...document.querySelectorAll('section')].every(part => part.offsetHeight > 40)")
    tops = page.evaluate(
        "[...document.querySelectorAll('.figures')].map(row => [...row.children].map(one => one.offsetTop))"
    )
    assert any(len(row) > 1 and row[0] == row[1] for row in tops), "neighbouring figures stand side by side"
    assert [visit.said, visit.asked] == [[], [pages[name].as_uri()]]
    page.close()


@pytest.mark.parametrize("name", ["regression", "hostile"])
def test_on_paper(browser: Any, pages: dict[str, Path], name: str) -> None:
    visit = Visit(browser, pages[name], 1100)
    page = visit.page
    assert page.evaluate(FOLDED) > 0  # on a screen
    page.emulate_media(media="print")
    assert page.evaluate(FOLDED) == 0
    page.set_viewport_size({"width": 690, "height": 1000})  # A4 without its margins
    assert page.evaluate("document.documentElement.scrollWidth") <= 690
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    assert len(printed) > 50_000
    assert visit.said == []
    page.close()
