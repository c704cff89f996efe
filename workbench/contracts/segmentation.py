"""Segments: named groups of customers with a rule in words, a size, a stability and a profile."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pandas as pd

from workbench.contracts.search import Trial


class SegmentationKind(StrEnum):
    """``DESCRIPTIVE`` segments look alike; ``GOAL_GUIDED`` ones differ in what they will do."""

    DESCRIPTIVE = "descriptive"
    GOAL_GUIDED = "goal-guided"


@dataclass(frozen=True)
class Rule:
    """A segment's description in at most three conditions.

    Attributes:
        text: readable, such as "visits per week ≥ 1.5 and discount share < 0.2".
        precision: share of held-out customers fulfilling it that are in the segment.
        coverage: share of the segment's held-out customers that fulfil it.
        lift: precision divided by the segment's share.
        rows: held-out customers fulfilling it.
    """

    text: str
    precision: float
    coverage: float
    lift: float
    rows: int


@dataclass(frozen=True)
class ProfileRow:
    """How a segment differs from the rest in one feature.

    Attributes:
        segment_value: mean (or share of ``level``) in the segment.
        rest_value: the same in all other customers.
        effect: standardised difference (Cohen's d, or Cohen's h for shares).
        q_value: p-value after Benjamini-Hochberg over all features of all segments.
        level: for categories, the level whose share is compared; empty for numbers.
    """

    feature: str
    segment_value: float
    rest_value: float
    effect: float
    q_value: float
    level: str = ""


@dataclass(frozen=True)
class Segment:
    """One group.

    Attributes:
        id: stable within its segmentation, 0, 1, 2 …
        name: unique, editable.
        stability: mean bootstrap Jaccard (Hennig 2007), 0 to 1.
        outcome_mean: of the table's outcome (else a numeric target, else the share of a binary target's second
            class), with its 95 % interval; ``None`` without any. For goal-guided segments it is measured on customers
            that did not shape them, so it may differ a little from the mean of all members.
        profile: largest absolute effects first.
        goals: target and outcome columns against the rest, in the form of profile rows: what the segment does,
            apart from what it looks like. Empty without a target or outcome.
    """

    id: int
    name: str
    size: int
    share: float
    rule: Rule
    stability: float
    profile: tuple[ProfileRow, ...]
    outcome_mean: float | None = None
    outcome_low: float | None = None
    outcome_high: float | None = None
    goals: tuple[ProfileRow, ...] = ()


@dataclass(frozen=True)
class Segmentation:
    """A division of all customers.

    Attributes:
        labels: segment id per table row (same index as ``Table.frame``), integers.
        quality: figures by name, such as ``outcome_eta2`` (cross-fitted share of the outcome's variance
            explained), ``stability_min``, ``rule_balanced_accuracy`` (held out), ``silhouette``; shown together.
        chosen_because: one sentence on how this solution was chosen.
        found: whether there is structure beyond what shuffled data give; ``False`` is a valid answer.
        trials: solutions that were tried.
        coordinates: 2-D positions for a map, columns ``x``, ``y``, same index as ``labels``; may be empty.
        assigner: fitted object with ``assign(frame) -> ndarray`` for new customers (raw feature frame); not archived.
    """

    kind: SegmentationKind
    method: str
    labels: pd.Series
    segments: tuple[Segment, ...]
    quality: dict[str, float]
    chosen_because: str
    found: bool
    trials: tuple[Trial, ...] = ()
    coordinates: pd.DataFrame = field(default_factory=pd.DataFrame)
    assigner: Any = field(default=None, metadata={"archive": False})
