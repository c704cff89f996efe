"""Findings as JSON, names that were meant, and which of several classes is looked at."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from workbench.cli.facts import known_name, records
from workbench.cli.outputs import asked_output, other_classes, towards
from workbench.cli.questions import check_options
from workbench.errors import InputError
from workbench.explain.fairness.of_search import threshold_of


def test_a_table_becomes_rows() -> None:
    frame = pd.DataFrame({"column": ["年龄", "b"], "low": [np.nan, 1.0], "rows": [3, 4], "clear": [True, False]})
    assert records(frame) == [
        {"column": "年龄", "low": None, "rows": 3, "clear": True},
        {"column": "b", "low": 1.0, "rows": 4, "clear": False},
    ]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("visit", "did you mean 'visits'?"),
        ("VISITS", "did you mean 'visits'?"),
        ("v", "did you mean 'visits'?"),
        ("", "there are 'age', 'visits'."),
        ("年", "there are 'age', 'visits'."),
    ],
)
def test_an_unknown_name_is_told_with_what_was_meant(name: str, told: str) -> None:
    assert known_name("age", ["age", "visits"], "There is no") == "age"
    with pytest.raises(InputError) as error:
        known_name(name, ["age", "visits"], "There is no column")
    assert str(error.value).endswith(told)


def several(*outputs: str) -> Any:
    """An explanation of classes of which the last is moved most, but the first by the first column."""
    values = np.zeros((4, 2, len(outputs)))
    values[:, 0, 0], values[:, 1, -1] = 1.0, 3.0
    return cast(Any, SimpleNamespace(outputs=outputs, values=values, columns=("a", "b"), target="level",
                                     output_space="log-odds"))  # fmt: skip


def test_the_class_that_is_moved_most_is_shown_unless_one_is_named() -> None:
    explanation = several("gold", "silver", "wood")
    assert asked_output(explanation, None) == 2
    assert asked_output(explanation, None, "a") == 0
    assert asked_output(explanation, "silver") == 1
    assert towards(explanation, 1) == " towards 'silver'" and towards(explanation, 1, "zh") == "，偏向“silver”"
    assert other_classes(explanation, 2, None).endswith("'gold', 'silver'.")
    assert "“gold”、“silver”" in other_classes(explanation, 2, None, "zh")
    assert other_classes(explanation, 1, "silver") == ""
    with pytest.raises(InputError, match="'level' has no class 'wod'; did you mean 'wood'"):
        asked_output(explanation, "wod")


@pytest.mark.parametrize(
    ("threshold", "emphasis", "expected"), [(None, None, 0.5), (0.2, None, 0.2), (None, (1.0, 3.0), 0.25)]
)
def test_a_row_is_selected_as_the_model_decides(
    threshold: float | None, emphasis: tuple[float, ...] | None, expected: float
) -> None:
    model = SimpleNamespace(threshold=threshold, emphasis=emphasis, positive=1)
    assert threshold_of(cast(Any, model)) == expected


def test_options_that_belong_together_are_no_error() -> None:
    check_options({"--row": True, "--neighbours": True, "--count": True, "--counterfactual": True, "--aim": True})
    check_options({"--trust": True, "--budget": True})
    check_options({"--class": True})
    check_options({})
