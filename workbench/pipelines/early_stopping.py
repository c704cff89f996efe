"""LightGBM's boosting on a fold: it ends when held-out rows gain no more, or at a deadline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.budget import Budget

_STRIDE = 0.25
"""How far learning goes between two looks at the held-out rows, as rounds times rate, at most. A look after each round
takes up to a third of a fit of many rows whose order is scored, and tells nothing more."""
_LONGEST = 5


@dataclass(frozen=True, eq=False)
class Boosted:
    """What boosting came to.

    Attributes:
        booster: with all rounds, those after the best one as well.
        rounds: the best number of them.
        prediction: for the held-out rows after the best round, shape (rows,) or (rows, classes).
        complete: whether it ended before the deadline.
    """

    booster: Any
    rounds: int
    prediction: np.ndarray
    complete: bool


def boost(
    settings: dict[str, Any], train: Any, held_out: Any, *, rounds: int, patience: int, budget: Budget | None
) -> Boosted:
    """Boost until ``patience`` rounds in a row have not helped.

    Args:
        settings: LightGBM's, with one metric.
        train, held_out: binned rows, as ``lightgbm.Dataset``.
        rounds: at most.
        budget: ends boosting after the round in which it is over; what was learnt by then is valid.
    """
    import lightgbm

    booster = lightgbm.Booster(params=settings, train_set=train)
    booster.add_valid(held_out, "held out")
    said: list[np.ndarray] = [np.empty(0)]

    def keep(prediction: np.ndarray, _data: Any) -> tuple[str, float, bool]:
        # LightGBM's own buffer: the next look overwrites it
        said[0] = prediction
        return "said", 0.0, False

    stride = int(np.clip(_STRIDE / float(settings.get("learning_rate", 0.1)), 1, _LONGEST))
    limit = budget if budget is not None and budget.limited else None
    best, best_round, best_said, struck = -np.inf, 0, said[0], False
    for number in range(1, rounds + 1):
        booster.update()
        last = number == rounds
        struck = not last and limit is not None and limit.expired
        if not (last or struck) and number % stride:
            continue
        score = booster.eval_valid(keep)[0]
        value = score[2] if score[3] else -score[2]
        if value > best or not best_round:
            best, best_round, best_said = value, number, said[0].copy()
        if struck or number - best_round >= patience:
            break
    return Boosted(booster, best_round, best_said, not struck)
