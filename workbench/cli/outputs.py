"""Which of several classes a question is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.cli.facts import known_name
from workbench.cli.wording import Wording
from workbench.errors import InputError

if TYPE_CHECKING:
    from workbench.contracts import Explanation
    from workbench.explain.language import Language

NAMED = 5
"""Other classes that are named."""


def asked_output(explanation: Explanation, name: str | None, column: str | None = None) -> int:
    """Position of the class that is asked for; without a wish of the one whose prediction is moved most.

    Args:
        column: moved by this column; ``None`` for all columns.

    Raises:
        InputError: there is no such class, or there are none.
    """
    if name is None:
        import numpy as np

        sizes = np.abs(explanation.values).mean(axis=0)
        moved = sizes.sum(axis=0) if column is None else sizes[explanation.columns.index(column)]
        return int(moved.argmax())
    if explanation.output_space.startswith("units of"):
        raise InputError(f"'{explanation.target}' is a number and has no classes: leave out --class.")
    if len(explanation.outputs) == 1 and name != explanation.outputs[0]:
        raise InputError(
            f"Of the two classes of '{explanation.target}' '{explanation.outputs[0]}' is explained, and the other "
            "mirrors it: leave out --class."
        )
    known_name(name, explanation.outputs, f"'{explanation.target}' has no class")
    return list(explanation.outputs).index(name)


def towards(explanation: Explanation, output: int, language: Language = "en") -> str:
    """Which class is looked at, as a part of a heading; empty for a number."""
    from workbench.explain.language import Name

    if explanation.output_space.startswith("units of"):
        return ""
    return Wording(language).line("towards", output=Name(explanation.outputs[output]))


def other_classes(explanation: Explanation, output: int, wished: str | None, language: Language = "en") -> str:
    """A sentence on the classes that are not shown; empty where there are none, or one was asked for by name."""
    from workbench.explain.language import Listed, Name

    if wished is not None or len(explanation.outputs) < 2:
        return ""
    others = [name for place, name in enumerate(explanation.outputs) if place != output]
    named = Listed(tuple(Name(name) for name in others[:NAMED])).told(language) + (" …" if len(others) > NAMED else "")
    return Wording(language).line("other_classes", output=Name(explanation.outputs[output]), named=named)
