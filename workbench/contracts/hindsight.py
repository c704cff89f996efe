"""What a search says about itself when it ends: what more time would bring, and which parameters mattered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Forecast:
    """What going on is worth, for the score of the best single trial.

    Attributes:
        trials: how many more trials are meant.
        seconds: how long they take at the pace so far; ``None`` where trials are counted and not seconds.
        gain: expected improvement in "better" direction, never negative; ``None`` where too few trials were finished.
        low, high: 95 % prediction interval of the improvement.
        chance: of any improvement at all.
        reason: why there is no forecast; empty otherwise.
    """

    metric: str
    trials: float
    seconds: float | None
    gain: float | None
    low: float = 0.0
    high: float = 0.0
    chance: float = 0.0
    reason: str = ""


@dataclass(frozen=True)
class Influence:
    """How far a family's parameters decided which of its trials were good.

    Attributes:
        trials: finished ones, which it rests on.
        shares: (parameter, its share of the importance, whether that is more than chance), largest first; empty where
            nothing could be said.
        reason: why nothing is said; empty otherwise.
    """

    family: str
    trials: int
    shares: tuple[tuple[str, float, bool], ...] = ()
    reason: str = ""
