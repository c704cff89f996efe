"""The pages as lines: they fit their room, no cell breaks them, and what is not known is a dash."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from question_fakes import (
    changes_view,
    drivers_view,
    fairness_view,
    lookalikes_view,
    split_view,
    trust_found,
    trust_view,
    work_view,
)
from rich.cells import cell_len
from tui_fakes import HOSTILE

from workbench.tui.widgets.drivers import drivers_text
from workbench.tui.widgets.fairness import fairness_text
from workbench.tui.widgets.otherwise import NOT_CAUSAL, change_lines, lookalike_lines
from workbench.tui.widgets.pairs import split_text
from workbench.tui.widgets.short_text import short_lines
from workbench.tui.widgets.text import clean, wrapped
from workbench.tui.widgets.trust import trust_text


def pages(cell):
    """All pages with a hostile cell wherever a table's own text can stand."""
    fair, trust, drivers, split = fairness_view(cell), trust_found(), drivers_view(0, 0), split_view(cell, cell)
    for row in [*fair["comparisons"], *fair["figures"], *fair["proxies"]]:
        row["group"] = cell
    for row in [*trust["stability"], *trust["permuted"], *drivers["rows"], *fair["proxies"]]:
        row["column"] = cell
    drivers["rows"][0]["value_inside"] = drivers["unit"] = drivers["output"] = cell
    for view in (fair, trust, drivers):
        view["words"] = [cell]
    split["bands"] = split["parts"][:1] * 2
    split["parts"] = [cell, cell, "missing"]
    changes, others = changes_view(0, cell, cell), lookalikes_view(0)

    def otherwise(width):
        lines = [
            *change_lines(changes, cell, width),
            *change_lines(changes, "", width),
            *lookalike_lines(others, width),
        ]
        return "\n".join(text for text, _ in lines)

    changes["found"][0]["changes"][0] = {"column": cell, "before": cell, "after": cell, "text": cell}
    others["found"][0]["id"] = others["found"][0]["known"] = cell
    whole = trust_view(work_view(message=cell), trust, family=cell, instead=cell)
    return [
        lambda width: fairness_text(fair, width),
        lambda width: trust_text(whole, width),
        lambda width: drivers_text(drivers, width),
        lambda width: split_text(split, width),
        otherwise,
    ]  # fmt: skip


@given(st.sampled_from(HOSTILE), st.integers(40, 120))
def test_no_cell_breaks_a_page(cell, width):
    for page in pages(cell):
        text = page(width)
        assert text and not re.search(r"[\x00-\x09\x0b-\x1f\x9b]", text)
        if width >= 64:  # less than any page has on a terminal of 80
            assert all(cell_len(line) <= width for line in text.split("\n")), text


@given(st.integers(70, 120))
def test_tables_of_pages_fit_their_room(width):
    found = trust_view(None, trust_found())
    for text in (
        fairness_text(fairness_view("x"), width),
        trust_text(found, width),
        drivers_text(drivers_view(0, 0), width),
    ):
        assert all(cell_len(line) <= width for line in text.split("\n")), text


def test_nothing_here_speaks_of_causes():
    own = " ".join(page(100) for page in pages("x")) + NOT_CAUSAL
    assert not re.search(r"\b(causes?|effect of changing|leads? to|due to|results? in)\b", own)


def test_how_few_rows_a_hidden_figure_is_of_is_not_told():
    view = fairness_view("x")
    view["figures"][0].update(value=None, low=None, high=None, rows=None)
    line = next(line for line in fairness_text(view, 100).split("\n") if line.startswith("  [b]north"))
    assert line.split() == ["[b]north", "-", "-", "-", "rows"]


def test_the_dialogue_says_of_how_many_rows_it_tells():
    changes, others = changes_view(0, "", ""), lookalikes_view(0)
    assert "  Values are those of all 1,000 customers." in told(change_lines(changes, "", 90))
    assert "  Looked at 500 of 999 other customers." in told(lookalike_lines(others, 90))
    for view in (changes, others):
        view.update(found=[], rows=50_000, total_rows=120_000)
    assert "  Values are those of 50,000 of 120,000 customers." in told(change_lines(changes, "", 90))
    assert "  Looked at 50,000 of 120,000 other customers." in told(lookalike_lines(others, 90))
    unasked = {**changes, "rows": 0, "total_rows": 0, "reason": "Say what it should be."}
    assert "customers" not in "".join(told(change_lines(unasked, "", 90)))


@given(st.text(max_size=400), st.integers(12, 90), st.integers(1, 4))
def test_a_text_that_is_cut_says_so(text, width, most):
    text = clean(text)
    lines = short_lines(text, width, most, "… c")
    assert len(lines) <= most and all(cell_len(line) <= width for line in lines)
    whole = wrapped(text, width)
    assert lines == (whole or [""]) if len(whole) <= most else lines[-1].endswith(" … c")


def told(lines):
    return [text for text, _ in lines]
