"""How figures are written in a terminal."""

from __future__ import annotations

import io
import json
import sys

import pytest
from rich.cells import cell_len

from workbench.cli.output import interval, print_heading, print_json, print_line, print_table
from workbench.cli.progress import CLEAR, ProgressPrinter
from workbench.events import Event


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_an_interval_that_is_not_there_is_one_dash() -> None:
    assert interval(None, None) == "-"
    assert interval(0.25, None) == "0.25 to -"
    assert interval(0.25, 0.5) == "0.25 to 0.5"


def test_a_line_that_changes_fits_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    sink = Terminal()
    ProgressPrinter(sink=sink)(Event("trial", "search", "客户消费金额" * 20, {}, elapsed=3.0))
    line = sink.getvalue().removeprefix(CLEAR)
    assert "客户消费" in line and cell_len(line) < 60 and "\n" not in line


def test_names_in_a_heading_stay_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    print_heading("Customer", " c-17a: Ja\x1b[2J")
    assert capsys.readouterr().out == "\nCUSTOMER c-17a: Ja [2J\n"


@pytest.mark.parametrize("sign", ["\x1b", "\x9b", "\x07", "\u202e", "\n"])
def test_no_name_can_control_the_terminal(sign: str, capsys: pytest.CaptureFixture[str]) -> None:
    name = f"Ja{sign}[2J"
    print_heading(name, name)
    print_line(name)
    print_table((name, "b"), [(name, None)])
    assert "[2J" in (out := capsys.readouterr().out)
    assert all(sign not in line for line in out.split("\n"))


def test_json_holds_any_name_and_controls_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    names = {"年龄": "\x1b[31m\x9b\u202e\x7f", "b": "😀 \ud800"}
    print_json(names)
    out = capsys.readouterr().out
    assert json.loads(out) == names
    assert "年龄" in out and "😀" in out
    assert all(sign.isprintable() or sign == "\n" for sign in out)


def test_on_a_terminal_lines_break_between_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    sink = Terminal()
    monkeypatch.setattr(sys, "stdout", sink)
    print_heading("Segment", " 3: those who come rarely, and buy much")
    print_line("All of this is association as the model sees it in these data.")
    lines = sink.getvalue().strip().split("\n")
    assert len(lines) == 4 and all(cell_len(line) <= 40 for line in lines)
    assert lines[0].startswith("SEGMENT 3: those who come rarely")
