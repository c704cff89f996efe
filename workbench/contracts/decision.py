"""How far class shares can be taken at their word, and where an answer costs least."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.contracts.search import Score


@dataclass(frozen=True)
class Calibration:
    """The champion's class shares against what came, on rows that were held out.

    Figures "after" are cross-fitted: each row's share was led to what came by other rows.

    Attributes:
        method: ``platt``, ``isotonic``, ``temperature`` or ``vector``; empty where shares are taken as they are.
        reason: one sentence on what was decided and why.
        rows: that were held out.
        log_loss_before, log_loss_after: mean log loss; equal where nothing is done.
        error_before, error_after: expected calibration error: mean distance of predicted and seen shares over ten
            groups of equal size, mean over classes.
        error_by_chance: what that figure would be if every share were true.
        brier: of the shares as they are used.
        brier_baseline: of giving everybody the class shares.
    """

    method: str
    reason: str
    rows: int
    log_loss_before: float
    log_loss_after: float
    error_before: float
    error_after: float
    error_by_chance: float
    brier: float
    brier_baseline: float


@dataclass(frozen=True)
class Decision:
    """The threshold that a table of costs asks for, and what it costs on rows that were held out.

    Attributes:
        positive, negative: the two classes, as text.
        costs: of a row by what was said and what it was: ``true positive``, ``false positive``, ``true negative``,
            ``false negative``; below zero is a benefit.
        threshold: share of the positive class from which it is the answer.
        reason: one sentence on how it was chosen.
        said: share of the rows that get the positive answer.
        cost: expected cost of a row with its interval; each row decided by a threshold that other rows chose.
        alternatives: (name, cost) of ``always <negative>``, ``always <positive>`` and ``at 0.5``.
        saved: how much less a row costs than by the cheapest answer that needs no model, with interval.
    """

    positive: str
    negative: str
    costs: dict[str, float]
    threshold: float
    reason: str
    said: float
    cost: Score
    alternatives: tuple[tuple[str, Score], ...]
    saved: Score
