"""Tables are opened again by what they show: a target by the name of its column."""

from __future__ import annotations

import pytest

from workbench.contracts import Task
from workbench.errors import InputError
from workbench.journey import TableRequest, open_table
from workbench.journey.opening import window_target


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("spend_next_63_days", "spend"),
        ("redeems_next_28_days", "redeems"),
        ("spend", "spend"),
        (None, None),
        ("spend_next_days", "spend_next_days"),
    ],
)
def test_a_window_target_may_be_named_by_its_column(asked: str | None, meant: str | None) -> None:
    assert window_target(asked) == meant


@pytest.mark.demo
def test_the_demo_opens_by_the_column_that_it_shows() -> None:
    table = open_table(TableRequest(location="demo", target="redeems_next_63_days"))
    assert table.task is Task.BINARY
    assert table.target == "redeems_next_63_days"


@pytest.mark.demo
def test_another_column_of_the_demo_is_refused_in_one_sentence() -> None:
    with pytest.raises(InputError, match="choose of spend"):
        open_table(TableRequest(location="demo", target="age"))
