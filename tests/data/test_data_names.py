from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from workbench.data.names import repair_names
from workbench.data.oneline import LONGEST


def test_good_names_stay_as_they_are() -> None:
    names = ["a", "[bold]", "=cmd", '{"a"}', "a,b", "消费金额", "😀 smile", "emp.var.rate", "a  b", "مرحبا"]
    assert repair_names(names) == (names, [])


def test_repeated_names_are_numbered_without_touching_good_ones() -> None:
    repaired, checks = repair_names(["a", "a", "a (2)", "a"])
    assert repaired == ["a", "a (3)", "a (2)", "a (4)"]
    assert [check.code for check in checks] == ["column-renamed"] * 2


def test_empty_names_get_their_position() -> None:
    repaired, checks = repair_names(["x", "", "column 2", "  "])
    assert repaired == ["x", "column 2 (2)", "column 2", "column 4"]
    assert all("no name" in check.message for check in checks)


def test_control_and_direction_characters_go() -> None:
    repaired, checks = repair_names([" a\nb\t", "safe\u202egnp", "\ufeffid", "nul\x00"])
    assert repaired == ["a b", "safegnp", "id", "nul"]
    assert len(checks) == 4
    assert all("\n" not in check.message and "\u202e" not in check.message for check in checks)


def test_long_names_are_cut() -> None:
    [name], [check] = repair_names(["x" * 5000])
    assert len(name) == LONGEST
    assert len(check.message) < 400


@given(st.lists(st.text(st.characters(codec=None), max_size=8), max_size=8))
def test_names_are_always_unique_and_printable(names: list[str]) -> None:
    repaired, _ = repair_names(names)
    assert len(repaired) == len(names) == len(set(repaired))
    for name in repaired:
        assert name.strip()
        assert not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name)
    assert repair_names(repaired)[0] == repaired
