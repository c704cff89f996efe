"""How figures are written in a terminal."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len

from workbench.cli.output import interval, print_heading
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
