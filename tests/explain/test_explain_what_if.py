"""``column=value`` as a person types it: one clear sentence for what can't be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import InputError
from workbench.explain import read_change

COLUMNS = ("visits", "a=b", "a", "购买 频率", "[bold]x[/]")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("visits=12", ("visits", "12")),
        (" visits = 12 ", ("visits", "12")),
        ("visits=", ("visits", "")),
        ("a=b=c", ("a=b", "c")),
        ("a=c=d", ("a", "c=d")),
        ("购买 频率=高", ("购买 频率", "高")),
        ("[bold]x[/]=[/]", ("[bold]x[/]", "[/]")),
    ],
)
def test_column_and_value(text: str, wanted: tuple[str, str]) -> None:
    assert read_change(text, COLUMNS) == wanted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("visits", "write it as column=value"),
        ("", "column=value"),
        ("visit=3", "'visits' was meant"),
        ("=3", "it uses visits"),
    ],
)
def test_what_is_wrong_is_said(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_change(text, COLUMNS)


@given(st.text(max_size=40))
def test_nothing_typed_is_a_defect(text: str) -> None:
    try:
        name, _ = read_change(text, COLUMNS)
    except InputError:
        return
    assert name in COLUMNS
