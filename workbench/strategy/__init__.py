"""Strategies: a play for each segment with its reason, value, evidence grade and test, and what strategies did."""

from workbench.strategy.audience import audience
from workbench.strategy.effect import EffectReadout, SegmentEffect, read_effects
from workbench.strategy.holdout import assign_arms, plan_test
from workbench.strategy.playbook import Playbook, read_playbook
from workbench.strategy.recommend import recommend

__all__ = [
    "EffectReadout",
    "Playbook",
    "SegmentEffect",
    "assign_arms",
    "audience",
    "plan_test",
    "read_effects",
    "read_playbook",
    "recommend",
]
