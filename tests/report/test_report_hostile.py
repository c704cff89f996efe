"""Cell text is data: it is never markup in HTML, in a drawing or in Markdown, whatever it holds."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from report_results import HOSTILE, hostile_result, result

from workbench.contracts import Task
from workbench.report import build_report, render_html, render_markdown, write_figures
from workbench.report.blocks import Figure
from workbench.report.markdown import plain
from workbench.report.text import columns_wide, cut, short, wrapped

VOID = {"meta", "link", "br", "img", "input", "hr"}
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
CASES = [(Task.REGRESSION, 0), (Task.MULTICLASS, 3), (Task.REGRESSION, 6)]


class Page(HTMLParser):
    """Which tags and attributes a page has, and whether each tag that opens is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


def flat(tokens: list[Token]) -> list[Token]:
    """Tokens with their children."""
    return [inner for token in tokens for inner in (token, *flat(token.children or []))]


def check_markdown(text: str) -> None:
    """No HTML, no link, no code but the command, and every table with whole rows."""
    tokens = flat(MARKDOWN.parse(text))
    kinds = {token.type for token in tokens}
    assert not kinds & {"html_inline", "html_block", "link_open", "image", "fence", "s_open", "code_inline"}
    widths: list[int] = []
    for token in tokens:
        if token.type == "thead_open":
            widths = []
        elif token.type == "tr_open":
            widths.append(0)
        elif token.type in ("th_open", "td_open"):
            widths[-1] += 1
        elif token.type == "table_close":
            assert len(set(widths)) == 1
    assert sum(token.type == "table_open" for token in tokens) >= 10


@pytest.mark.parametrize(("task", "shift"), CASES)
def test_pages_are_well_formed_and_hold_no_script_and_no_address(task: Task, shift: int) -> None:
    check_markdown(render_markdown(hostile_result(task, shift)))
    text = render_html(hostile_result(task, shift))
    page = Page()
    page.feed(text)
    page.close()
    assert page.open == []
    assert not page.tags & {
        "script",
        "iframe",
        "object",
        "embed",
        "form",
        "img",
        "image",
        "foreignobject",
        "base",
        "a1",
    }
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    for name, value in page.attributes:
        if name in ("href", "xlink:href", "src", "action"):
            assert value.startswith("#") or value == "data:,"
    assert not re.search(r"@import|url\((?!#)", text)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", text)
    body = re.sub(r"<pre.*?</pre>", "", text, flags=re.DOTALL)  # a command is whole or of no use
    assert "x" * 1000 not in body
    assert len(text) < 900_000


@pytest.mark.parametrize("shift", [0, 4])
def test_drawings_are_well_formed_and_hold_hostile_names_as_text(tmp_path: Path, shift: int) -> None:
    found = hostile_result(shift=shift)
    written = write_figures(found, tmp_path)
    assert "figures/importance.svg" in written
    for path in written.values():
        drawing = ET.parse(path).getroot()
        tags = {element.tag.rpartition("}")[2] for element in drawing.iter()}
        assert tags <= {"svg", "g", "path", "use", "defs", "clipPath", "rect", "text"}
        inside = {element.get("id") for element in drawing.iter() if element.get("id")}
        for element in drawing.iter():
            for name, value in element.attrib.items():
                if name.endswith("href"):
                    assert value.removeprefix("#") in inside
        assert path.stat().st_size < 90_000
    labels = "".join(ET.parse(written["figures/importance.svg"]).getroot().itertext())
    if shift == 0:
        assert "<script>" in labels  # as text
        assert "frac" in labels  # not as a formula


def test_two_drawings_share_no_id() -> None:
    seen: set[str] = set()
    for section in build_report(result(Task.MULTICLASS)).sections:
        for block in section.blocks:
            if isinstance(block, Figure):
                ids = set(re.findall(r'\bid="([^"]+)"', block.svg))
                assert not ids & seen
                assert "<style" not in block.svg  # it would style the page around it
                seen |= ids


@given(st.text(max_size=60))
def test_any_text_is_plain_in_markdown(text: str) -> None:
    tokens = flat(MARKDOWN.parse(plain(text)))
    assert {token.type for token in tokens} <= {"paragraph_open", "paragraph_close", "inline", "text", "text_special"}
    shown = "".join(token.content for token in tokens if token.type in ("text", "text_special"))
    assert shown == " ".join(short(text, 10_000).split())


@given(st.text(max_size=200), st.integers(4, 30), st.integers(1, 3))
def test_labels_keep_to_their_width(text: str, width: int, lines: int) -> None:
    made = wrapped(text, width, lines).split("\n")
    assert len(made) <= lines
    assert all(columns_wide(line) <= width + 2 for line in made)
    assert columns_wide(cut(text, width)) <= width
    assert len(short(text, width)) <= width


@given(st.text(max_size=40), st.integers(6, 30))
def test_a_label_with_enough_lines_loses_nothing(text: str, width: int) -> None:
    together = wrapped(text, width, 99).replace("\n", "").replace(" ", "")
    assert together == short(text, 1000).replace(" ", "")


def test_long_cells_are_cut() -> None:
    assert short(HOSTILE[6]).endswith("…")
    assert len(short(HOSTILE[6])) == 120
