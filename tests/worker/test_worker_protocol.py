"""Messages survive the wire; whatever else comes is refused, and never a crash."""

from __future__ import annotations

import contextlib
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.plain import plain
from workbench.worker.protocol import Cancel, Failure, ProtocolError, Push, Reply, Request, decode, encode

TEXTS = st.text(max_size=40)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
MESSAGES = st.one_of(
    st.builds(Request, st.integers(0, 10**9), TEXTS, st.dictionaries(TEXTS, VALUES, max_size=4)),
    st.builds(Reply, st.integers(0, 10**9), VALUES),
    st.builds(Failure, st.integers(0, 10**9), TEXTS, TEXTS, TEXTS),
    st.builds(Cancel, st.integers(0, 10**9)),
    st.builds(Push, TEXTS, st.dictionaries(TEXTS, VALUES, max_size=4)),
)


@given(MESSAGES)
def test_a_message_is_one_line_and_comes_back_as_it_was(message):
    line = encode(message)
    assert line.count(b"\n") == 1 and line.endswith(b"\n")
    assert decode(line) == message


@pytest.mark.parametrize("hostile", ["\n", "\r\n", " ", "\ud800", "\x00", "[bold]x[/]", "}\n{"])
def test_no_character_of_a_cell_breaks_a_line(hostile):
    assert decode(encode(Reply(1, {"cell": hostile}))) == Reply(1, {"cell": hostile})


@given(st.binary(max_size=60))
def test_noise_is_refused_by_name(noise):
    with contextlib.suppress(ProtocolError):
        decode(noise)


@pytest.mark.parametrize("line", [b"{}", b"[]", b"3", b'{"kind":"request"}', b'{"kind":"nothing","id":1}', b""])
def test_what_is_no_message_is_refused(line):
    with pytest.raises(ProtocolError):
        decode(line)


def test_figures_that_json_cannot_hold_are_refused_and_plain_makes_them_missing():
    with pytest.raises(ProtocolError):
        encode(Reply(1, math.nan))
    assert plain({"a": math.inf, "b": [math.nan, 1.5]}) == {"a": None, "b": [None, 1.5]}


def test_plain_takes_what_stages_give():
    import numpy as np
    import pandas as pd

    from workbench.contracts import Role

    given = {"i": np.int64(3), "f": np.float32(0.5), "n": np.nan, "t": pd.Timestamp("2024-01-31"), "x": pd.NaT,
             "a": np.array([1.0, np.nan]), "r": Role.ID, "na": pd.NA, "b": np.bool_(True), 5: (1, 2)}  # fmt: skip
    made = plain(given)
    assert json.loads(json.dumps(made, allow_nan=False)) == made
    assert made == {"i": 3, "f": 0.5, "n": None, "t": "2024-01-31T00:00:00", "x": None, "a": [1.0, None], "r": "id",
                    "na": None, "b": True, "5": [1, 2]}  # fmt: skip
