"""A strategy for one segment: play, reason, expected value with interval, evidence grade, test to run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class EvidenceGrade(StrEnum):
    """What the data can support, weakest first. Causal verbs are allowed from ``RANDOMISED`` on."""

    PLAYBOOK = "E0 playbook hypothesis"
    PREDICTIVE = "E1 predictive only"
    OBSERVATIONAL = "E2 observational"
    RANDOMISED = "E3 randomised"
    REPLICATED = "E4 randomised and replicated"


@dataclass(frozen=True)
class Play:
    """An action that may be taken, as a playbook file states it.

    Attributes:
        lever: features of the table that the action works on, by meaning.
        unit_cost: cost of one contact, in the playbook's currency.
        redeemer_cost: further cost for each customer who takes the offer up.
        uptake_low, uptake, uptake_high: assumed share of contacted customers who take it up *because of* it.
        organic_uptake: share that would have bought anyway and takes the offer all the same: a cost without a gain.
        value_share: share of a customer's gap that an uptake is assumed to close in one horizon.
        margin: contribution margin on the extra sales, 0 to 1.
        exclusions: who must not get it.
    """

    id: str
    title: str
    action: str
    lever: tuple[str, ...]
    channel: str
    unit_cost: float
    redeemer_cost: float
    uptake_low: float
    uptake: float
    uptake_high: float
    value_share: float
    margin: float
    cap: str
    exclusions: tuple[str, ...]
    success_metric: str
    default_test: str
    playbook: str
    organic_uptake: float = 0.0


@dataclass(frozen=True)
class Assumption:
    """A number that the expected value rests on; the analyst can change it."""

    name: str
    value: float
    low: float
    high: float
    unit: str
    source: str


@dataclass(frozen=True)
class ExpectedValue:
    """n(τ·m − c) with an 80 % interval, in currency over the horizon, if the assumptions hold."""

    total: float
    low: float
    high: float
    per_customer: float
    currency: str
    horizon_days: int | None
    assumptions: tuple[Assumption, ...]
    probability_positive: float


@dataclass(frozen=True)
class HoldoutTest:
    """The randomised test that would raise the evidence grade.

    Attributes:
        detectable: smallest difference in the metric's unit found with ``power`` at ``alpha``.
        feasible: whether the detectable difference is not larger than the plausible effect.
        advice: what to do, one sentence.
    """

    metric: str
    treated: int
    control: int
    control_share: float
    detectable: float
    plausible: float
    power: float
    alpha: float
    days: int
    feasible: bool
    advice: str


@dataclass(frozen=True)
class Strategy:
    """What to do for one segment.

    Attributes:
        segment: id in the segmentation that strategies are made for.
        play: ``None`` when no play fits: "leave alone" is an answer.
        reasons: sentences from profile, gap and levers.
        levers: controllable columns with their share of the attribution, largest first.
        grade_reason: why this grade and not a higher one.
        raise_grade: what would raise it.
        status: ``proposed``, ``accepted``, ``edited`` or ``rejected``.
        note: what the analyst wrote to that decision.
    """

    segment: int
    segment_name: str
    customers: int
    play: Play | None
    reasons: tuple[str, ...]
    levers: tuple[tuple[str, float], ...]
    expected: ExpectedValue | None
    grade: EvidenceGrade
    grade_reason: str
    raise_grade: str
    test: HoldoutTest | None
    alternatives: tuple[str, ...] = ()
    status: str = "proposed"
    note: str = ""
