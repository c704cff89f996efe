"""What a changed row has to reach, and how far a prediction is from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.contracts import Model, Task
from workbench.errors import InputError
from workbench.explain.columns import number_text
from workbench.explain.language import Field, Name, Said, say
from workbench.explain.language.terms import percent
from workbench.explain.single.answers import Answers, leaning


@dataclass(frozen=True)
class Aim:
    """What the prediction of a changed row has to be.

    Nothing given: any other predicted class. ``outcome`` alone: that predicted class. With ``at_least`` or
    ``at_most``: a probability of that class (of the positive one of two, unless named), or for regression a
    prediction in the target's unit; both give an interval, its ends included.

    Attributes:
        outcome: class label, as in the target column or as text.
    """

    outcome: object | None = None
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True)
class Target:
    """An aim as it applies to one model and one row.

    Attributes:
        model: the model that is asked.
        place: position of the wanted class; ``None`` for any other than ``away`` and for regression.
        away: position of the class that is predicted now.
        low, high: ends of the wanted interval of the probability or prediction; infinite where open.
        bounded: whether ``low`` and ``high`` are the aim, rather than the predicted class.
        said: the aim in words, such as ``a predicted class other than 'no'``, before it is in a language.
    """

    model: Model
    place: int | None
    away: int
    low: float
    high: float
    bounded: bool
    said: Said

    def reached(self, asked: Answers) -> np.ndarray:
        """Whether each prediction is what is wanted, shape (rows,)."""
        if self.bounded:
            figures = asked.values[:, self.place or 0]
            inside: np.ndarray = (figures >= self.low) & (figures <= self.high)
            return inside
        wanted: np.ndarray = asked.outcome != self.away if self.place is None else asked.outcome == self.place
        return wanted

    def gap(self, asked: Answers) -> np.ndarray:
        """How far each prediction is from the aim, comparable among rows, smaller is nearer, shape (rows,)."""
        if self.bounded:
            figures = asked.values[:, self.place or 0]
            return np.maximum(np.maximum(self.low - figures, figures - self.high), 0.0)
        leans = leaning(self.model, asked.values)
        one = self.away if self.place is None else self.place
        others = np.delete(leans, one, axis=1).max(axis=1, initial=-np.inf)
        behind = leans[:, one] - others
        nearer: np.ndarray = behind if self.place is None else -behind
        return nearer


def target_of(model: Model, aim: Aim, now: Answers) -> Target:
    """Read an aim for one model and one row.

    Args:
        now: the row's own prediction, one row.

    Raises:
        InputError: the aim does not suit the model.
    """
    bounded = aim.at_least is not None or aim.at_most is not None
    low = -np.inf if aim.at_least is None else float(aim.at_least)
    high = np.inf if aim.at_most is None else float(aim.at_most)
    if bounded and not low <= high:
        raise InputError(f"A prediction can't be from {aim.at_least} to {aim.at_most}; give the lower end first.")
    if model.task is Task.REGRESSION:
        if aim.outcome is not None or not bounded:
            raise InputError(f"'{model.target}' is a number: say what its prediction should be at least or at most.")
        said = say("aim.number", target=Name(model.target), interval=_interval(low, high))
        return Target(model, None, 0, low, high, True, said)
    away = int(now.outcome[0])
    place = None if aim.outcome is None else _place(aim.outcome, now.names)
    if not bounded:
        if place is None:
            said = say("aim.other_class", now=Name(now.names[away]))
        else:
            said = say("aim.class", wanted=Name(now.names[place]))
        return Target(model, place, away, low, high, False, said)
    if any(not 0 <= end <= 1 for end in (aim.at_least, aim.at_most) if end is not None):
        raise InputError("A probability lies between 0 and 1, such as 0.6 for 60 %; correct what is wanted.")
    if place is None:
        if len(now.names) != 2:
            raise InputError(f"Say which class should have that probability: {_some(now.names)}.")
        place = model.positive
    said = say("aim.share", wanted=Name(now.names[place]), interval=_interval(low, high, share=True))
    return Target(model, place, away, low, high, True, said)


def _place(outcome: object, names: tuple[str, ...]) -> int:
    if str(outcome) not in names:
        raise InputError(f"The model knows no class '{outcome}'; it knows {_some(names)}.")
    return names.index(str(outcome))


def _some(names: tuple[str, ...], most: int = 5) -> str:
    named = ", ".join(f"'{name}'" for name in names[:most])
    return named if len(names) <= most else f"{named} and {len(names) - most} more"


def _interval(low: float, high: float, *, share: bool = False) -> Said:
    first, last = (_figure(end, share) for end in (low, high))
    if np.isfinite(low) and np.isfinite(high):
        return say("aim.from_to", low=first, high=last)
    return say("aim.at_least", low=first) if np.isfinite(low) else say("aim.at_most", high=last)


def _figure(end: float, share: bool) -> Field:
    return percent(end) if share else number_text(end)
