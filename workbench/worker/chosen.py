"""Which of a run's models is looked at, and its explanation: the run's own, or one that was made on demand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from workbench.contracts import Explanation, JourneyResult, Model, SearchResult
from workbench.errors import InputError
from workbench.worker.shown import Shown

Value = TypeVar("Value")
EXPLAINED, CHAMPION = "explained", "champion"
"""The explainable champion, whose explanation the run holds; and the champion, where that is a blend."""


@dataclass(frozen=True)
class Chosen:
    """A model and its explanation.

    Attributes:
        which: ``explained`` or ``champion``; of a run with one model it is always ``explained``.
        shown: where answers about it are kept.
    """

    which: str
    result: JourneyResult
    search: SearchResult
    model: Model
    explanation: Explanation
    shown: Shown

    def once(self, what: str, make: Callable[[], Value]) -> Value:
        """What ``make`` gives of this model as far as it is explained, computed once."""
        return self.shown.answer(f"{what} in {self.which}", self.explanation, make)


def model_of(shown: Shown, which: str) -> tuple[str, JourneyResult, SearchResult, Model]:
    """The model that is meant. Raises ``InputError`` where the run has none."""
    result = shown.result
    search = result.search
    if search is None:
        raise InputError(f"{result.name} holds no explanation: it had no target, or its budget ended before.")
    if which not in (EXPLAINED, CHAMPION):
        raise InputError(f"'{which}' is not a model of this run: choose {EXPLAINED} or {CHAMPION}.")
    if search.single is None:
        which = EXPLAINED
    return which, result, search, search.champion if which == CHAMPION else search.explained


def models_of(result: JourneyResult) -> list[dict[str, Any]]:
    """The models that can be looked at, the one that the run explains first."""
    search = result.search
    if search is None:
        return []
    found = [{"which": EXPLAINED, "family": search.explained.family}]
    if search.single is not None:
        found.append({"which": CHAMPION, "family": search.champion.family})
    return found


def known_explanation(shown: Shown, which: str) -> Explanation | None:
    """What there is so far; ``None`` where the model was not explained yet."""
    made = shown.explanation(which)
    return made if made is not None or which == CHAMPION else shown.result.explanation


def chosen_model(shown: Shown, which: str = EXPLAINED) -> Chosen:
    """The model that is looked at. Raises ``InputError`` where the run has none, or it was not explained yet."""
    which, result, search, model = model_of(shown, which)
    explanation = known_explanation(shown, which)
    if explanation is None:
        raise InputError(f"{result.name} holds no explanation of {model.family} yet: 3 makes it.")
    return Chosen(which, result, search, model, explanation, shown)
