"""What is typed as an aim or as columns, and values in bands."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.contracts import Task
from workbench.errors import InputError
from workbench.explain import Aim
from workbench.explain.columns import read_column
from workbench.worker.aims import read_aim, read_columns
from workbench.worker.bands import bands_of

CLASSES = SimpleNamespace(task=Task.BINARY, classes=("no", "yes", "50 to 60", "ja >= 3"))
NUMBERS = SimpleNamespace(task=Task.REGRESSION, classes=())


@pytest.mark.parametrize(
    ("text", "aim"),
    [
        ("", Aim()),
        ("yes", Aim("yes")),
        ("50 to 60", Aim("50 to 60")),  # a class comes before what it looks like
        ("ja >= 3", Aim("ja >= 3")),
        ("yes >= 60%", Aim("yes", at_least=0.6)),
        ("yes>=60", Aim("yes", at_least=0.6)),
        ("yes >= 0.6", Aim("yes", at_least=0.6)),
        ("≤ 25 %", Aim(None, at_most=0.25)),
        ("no 20 to 30%", Aim("no", 0.2, 0.3)),
        ("maybe < 0.5", Aim("maybe", at_most=0.5)),  # that there is no such class is told by who knows them
    ],
)
def test_aims_for_classes(text, aim):
    assert read_aim(text, CLASSES) == aim


@pytest.mark.parametrize(
    ("text", "aim"),
    [
        ("", None),
        (">= 300", Aim(at_least=300.0)),
        ("<=-2.5e3", Aim(at_most=-2500.0)),
        ("> 1,234.5", Aim(at_least=1234.5)),
        ("100 to 120", Aim(None, 100.0, 120.0)),
        ("100..120", Aim(None, 100.0, 120.0)),
    ],
)
def test_aims_for_numbers(text, aim):
    assert read_aim(text, NUMBERS) == aim


@given(st.text(max_size=30), st.sampled_from([CLASSES, NUMBERS]))
def test_anything_else_is_one_sentence(text, model):
    try:
        read_aim(text, model)
    except InputError as error:
        assert str(error).endswith(".")


def test_columns_between_commas_may_hold_commas_themselves():
    known = ["a", "a, b", "价格", "[bold]"]
    assert read_columns("", known) is None
    assert read_columns("a, b", known) == ["a, b"]
    assert read_columns("a, 价格,[bold]", known) == ["a", "价格", "[bold]"]
    assert read_columns(" a, b , a ", known) == ["a, b", "a"]
    with pytest.raises(InputError, match="no column 'c'"):
        read_columns("a, c", known)


def test_bands_are_of_about_equal_size_and_missing_values_apart():
    bands = bands_of(read_column(pd.Series([*range(100), None])), 4)
    assert bands.labels == ("to 24", "24 … 49", "49 … 74", "over 74", "missing")
    assert np.bincount(bands.codes).tolist() == [25, 25, 25, 25, 1]
    assert bands_of(read_column(pd.Series([3.5, 1.0, 3.5])), 4).labels == ("1", "3.50")
    assert bands_of(read_column(pd.Series([0] * 90 + [1, 2, 3, 4, 5])), 3).labels == ("to 0", "over 0")
    assert bands_of(read_column(pd.Series([None, None], dtype=object)), 3).labels == ("missing",)


def test_levels_beyond_the_most_frequent_are_one_band():
    cells = pd.Series([*"aaaabbbccd", None], dtype="str")
    assert bands_of(read_column(cells), 2).labels == ("a", "b", "2 others", "missing")
    assert bands_of(read_column(cells), 3).labels == ("a", "b", "c", "d", "missing")  # a single one keeps its name
    dates = bands_of(read_column(pd.Series(pd.date_range("2024-01-01", periods=40))), 2)
    assert dates.labels == ("to 2024-01-20", "over 2024-01-20")
