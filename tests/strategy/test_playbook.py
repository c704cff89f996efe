"""Playbooks: the shipped ones are valid, and a wrong one is told by file, key and value."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.errors import InputError
from workbench.strategy import read_playbook
from workbench.strategy.playbook import shipped_playbooks

GOOD = """
version = 1
name = "mine"
title = "Mine"
currency = "EUR"
margin = 0.3
[[play]]
id = "a"
title = "A"
action = "do a"
lever = ["x"]
channel = "mail"
unit_cost = 1
redeemer_cost = 0
uptake = [0.01, 0.02, 0.03]
value_share = 0.5
cap = "once"
exclusions = []
success_metric = "money"
priority = 1
"""


@pytest.mark.parametrize("name", shipped_playbooks())
def test_shipped_playbooks_are_valid(name: str) -> None:
    assert read_playbook(name).name == name


def test_a_playbook_of_the_user_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD)
    book = read_playbook(str(path))
    assert book.as_play(book.play[0]).uptake == 0.02


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("margin = 0.3", "margin = 3", "margin"),
        ("uptake = [0.01, 0.02, 0.03]", "uptake = [0.03, 0.02, 0.01]", "rising"),
        ('success_metric = "money"', 'success_metric = "joy"', "success_metric"),
        ("priority = 1", "priority = 1\nprize = 2", "prize"),
        ("version = 1", "version = ", "can't be read"),
    ],
)
def test_a_wrong_key_is_named_with_the_file(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(InputError) as caught:
        read_playbook(str(path))
    assert told in str(caught.value)
    assert "wrong.toml" in str(caught.value)


def test_an_unknown_playbook_lists_the_known_ones() -> None:
    with pytest.raises(InputError, match="ecommerce"):
        read_playbook("nothing-like-this")
