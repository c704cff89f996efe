"""What is typed as an aim or as columns."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.contracts import Task
from workbench.errors import InputError
from workbench.explain import Aim
from workbench.worker.aims import read_aim, read_columns

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
        ("yes = 0,2–0,3", Aim("yes", 0.2, 0.3)),
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
        ("-5 to -2", Aim(None, -5.0, -2.0)),
        ("-5–3", Aim(None, -5.0, 3.0)),
        ("−5 … −2", Aim(None, -5.0, -2.0)),
        ("-5--2", Aim(None, -5.0, -2.0)),
        (">= 1,5", Aim(at_least=1.5)),
        ("0,250 to 1.234,5", Aim(None, 0.25, 1234.5)),
        ("1,234,567 to 1e7", Aim(None, 1234567.0, 1e7)),
    ],
)
def test_aims_for_numbers(text, aim):
    assert read_aim(text, NUMBERS) == aim


ENDS = st.integers(-(10**7), 10**7).map(lambda hundredths: hundredths / 100)
MARKS = st.sampled_from([" to ", "..", " .. ", "–", " – ", "-", " - ", "…"])


@given(ENDS, ENDS, MARKS, st.booleans())
def test_an_interval_is_read_whatever_the_signs_of_its_ends(one, other, mark, comma):
    low, high = min(one, other), max(one, other)
    text = f"{low:.2f}{mark}{high:.2f}"
    assert read_aim(text.replace(".", ",") if comma and "." not in mark else text, NUMBERS) == Aim(None, low, high)


@given(ENDS, st.sampled_from([",.", ".,"]))
def test_thousands_and_decimals_are_told_apart_where_both_are_there(value, marks):
    text = f"{value:,.2f}".translate(str.maketrans(",.", marks))
    assert read_aim(f">= {text}", NUMBERS) == Aim(at_least=value)


@given(st.integers(1, 999), st.integers(0, 999))
def test_a_comma_that_may_be_either_is_told(whole, after):
    with pytest.raises(InputError, match="may be") as raised:
        read_aim(f">= {whole},{after:03}", NUMBERS)
    for reading in (f"{whole}{after:03}", f"{whole}.{after:03}"):
        assert reading in str(raised.value) and read_aim(f">= {reading}", NUMBERS) is not None


@pytest.mark.parametrize(
    ("text", "words"), [(">= 1,2,3", "not a number"), ("1.2.3 to 4", "not a number"), ("to 4", "no bound")]
)
def test_what_is_no_interval_is_told(text, words):
    with pytest.raises(InputError, match=words):
        read_aim(text, NUMBERS)


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


def test_a_share_of_a_number_is_refused():
    for text in (">= 5%", "5% to 10%"):
        with pytest.raises(InputError, match="is a share, and 'spend' is a number"):
            read_aim(text, SimpleNamespace(task=Task.REGRESSION, classes=(), target="spend"))
