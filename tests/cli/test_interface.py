"""Which command lines mean the terminal interface."""

from __future__ import annotations

import pytest

from workbench.cli import main
from workbench.cli.interface import Interface, interface_of
from workbench.cli.main import COMMANDS
from workbench.errors import InputError


@pytest.mark.parametrize(
    ("line", "wished"),
    [
        ("", Interface()),
        ("customers.csv", Interface("customers.csv")),
        ("--ascii", Interface(ascii=True)),
        ("--ascii customers.csv", Interface("customers.csv", ascii=True)),
        ("customers.csv --search-spaces mine", Interface("customers.csv", spaces="mine")),
        ("--search-spaces=mine --ascii", Interface(ascii=True, spaces="mine")),
        ("--search-spaces run", Interface(spaces="run")),
    ],
)
def test_a_table_or_nothing_means_the_interface(line, wished):
    assert interface_of(line.split(), COMMANDS) == wished


@pytest.mark.parametrize(
    "line", ["--help", "demo", "run customers.csv", "run customers.csv --search-spaces mine", "demo --search-spaces x"]
)
def test_a_command_does_not(line):
    assert interface_of(line.split(), COMMANDS) is None


@pytest.mark.parametrize("line", ["--search-spaces", "customers.csv --search-spaces", "--search-spaces="])
def test_a_folder_that_is_missing_is_said(line):
    with pytest.raises(InputError, match="needs a folder"):
        interface_of(line.split(), COMMANDS)


def test_a_folder_that_does_not_exist_is_one_sentence(capsys):
    assert main.run(["--search-spaces", "no/such"]) == 2
    assert capsys.readouterr().err == "workbench: There is no folder 'no/such' of search spaces.\n"
