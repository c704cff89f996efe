"""How the report looks, as far as numbers tell: contrast, size, formats and the words of figures."""

from __future__ import annotations

import dataclasses
import math
import re
from pathlib import Path

import pytest
from report_results import result

from workbench.contracts import Task
from workbench.errors import InputError
from workbench.report import render_html, render_markdown, write, writing
from workbench.report.figures.canvas import ACCENT, GRID, INK, SECOND, SERIES, SOFT
from workbench.report.figures.explanation import LEVELS
from workbench.report.figures.heat import SHADES
from workbench.report.numbers import count, customers, figure, money, percent, share_of, span
from workbench.report.writing import TEMPLATES

CSS = (TEMPLATES / "report.css").read_text(encoding="utf-8")
COLOURS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", CSS))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio, WCAG 2.2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [(text, ground) for text in ("ink", "soft", "accent") for ground in ("paper", "tint")]
    + [("ink", "warn-tint"), ("ink", "first-tint")],
)
def test_text_has_the_contrast_of_wcag_aa(text: str, ground: str) -> None:
    assert contrast(COLOURS[text], COLOURS[ground]) >= 4.5


@pytest.mark.parametrize("colour", [ACCENT, SECOND, SOFT, *SERIES, *LEVELS])
def test_drawn_things_stand_out_from_the_page(colour: str) -> None:
    assert contrast(colour, COLOURS["paper"]) >= 3.0


@pytest.mark.parametrize("shade", SHADES)
def test_figures_on_shades_are_readable(shade: str) -> None:
    assert contrast(INK, shade) >= 4.5


@pytest.mark.parametrize("colour", SERIES)
def test_numbers_on_the_map_are_readable(colour: str) -> None:
    assert contrast("#ffffff", colour) >= 4.5


def test_the_stylesheet_uses_only_colours_that_were_judged() -> None:
    used = set(re.findall(r"#[0-9a-f]{3,8}\b", CSS))
    assert used == set(COLOURS.values())
    assert COLOURS["line"] == GRID


def test_the_page_is_small_and_the_same_each_time() -> None:
    found = result(Task.MULTICLASS)
    page, text = render_html(found), render_markdown(found)
    assert len(page.encode()) < 600_000
    again = dataclasses.replace(found)
    assert page == render_html(again)
    assert text == render_markdown(again)


def test_numbers_as_a_reader_expects_them() -> None:
    assert [figure(value) for value in (0.0, 1234.5, 0.012345, -2.0, 1e-9, None, math.nan, math.inf)] == [
        "0", "1,234", "0.0123", "-2.00", "1.00e-09", "–", "–", "–",
    ]  # fmt: skip
    assert span(1.0, math.nan) == "–"
    assert percent(0.123) == "12.3\u00a0%"
    assert money(0.0671, "USD") == "0.07 USD"
    assert money(1234.0, "") == "1,234"
    assert count(math.nan) == "–"
    assert [customers(value) for value in (0, 9, 10)] == ["0", "under 10", "10"]
    assert share_of(0.02, 100) == "under 10\u00a0%"
    assert share_of(0.0, 100) == "0.0\u00a0%"
    assert share_of(0.5, 100) == "50.0\u00a0%"


def test_the_ending_says_the_format(tmp_path: Path) -> None:
    found = result()
    for name, start in (("r.html", "<!doctype html>"), ("r.md", "# customers.csv")):
        write(found, tmp_path / name)
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
    with pytest.raises(InputError, match=r"'r\.docx' is not a report: use one of the endings \.html, \.md, \.pdf"):
        write(found, tmp_path / "r.docx")


def test_a_pdf_is_written_or_one_sentence_says_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "r.pdf"
    try:
        write(result(), path)
    except InputError as error:
        assert str(error).startswith("A PDF needs")
        assert not path.exists()
    else:
        assert path.read_bytes().startswith(b"%PDF")


def test_a_page_that_names_an_address_makes_no_pdf() -> None:
    with pytest.raises(InputError, match="must not load anything"):
        writing._no_fetching("https://example.org/x.png")
