"""Which of a run's models is looked at, and its explanation: the run's own, or one that was made on demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workbench.contracts import Explanation, JourneyResult, Model, SearchResult
from workbench.errors import InputError
from workbench.worker.session import Session

EXPLAINED, CHAMPION = "explained", "champion"
"""The explainable champion, whose explanation the run holds; and the champion, where that is a blend."""


@dataclass(frozen=True)
class Chosen:
    """A model and its explanation.

    Attributes:
        which: ``explained`` or ``champion``; of a run with one model it is always ``explained``.
    """

    which: str
    result: JourneyResult
    search: SearchResult
    model: Model
    explanation: Explanation


def model_of(session: Session, which: str) -> tuple[str, JourneyResult, SearchResult, Model]:
    """The model that is meant. Raises ``InputError`` where the run has none."""
    result = session.shown()
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


def explanation_key(which: str) -> str:
    """Where an explanation that was made on demand is kept in the session's cache."""
    return f"explanation of {which}"


def known_explanation(session: Session, which: str) -> Explanation | None:
    """What there is so far; ``None`` where the model was not explained yet."""
    made: Explanation | None = session.cache.get(explanation_key(which))
    return made if made is not None or which == CHAMPION else session.shown().explanation


def chosen_model(session: Session, which: str = EXPLAINED) -> Chosen:
    """The model that is looked at. Raises ``InputError`` where the run has none, or it was not explained yet."""
    which, result, search, model = model_of(session, which)
    explanation = known_explanation(session, which)
    if explanation is None:
        raise InputError(f"{result.name} holds no explanation of {model.family} yet: 3 makes it.")
    return Chosen(which, result, search, model, explanation)
