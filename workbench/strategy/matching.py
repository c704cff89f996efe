"""Which plays of a playbook fit a segment, best first."""

from __future__ import annotations

from workbench.contracts import GapKind
from workbench.strategy.axes import Axes
from workbench.strategy.playbook import Playbook, PlayEntry, When


def ranked(playbook: Playbook, axes: Axes) -> list[PlayEntry]:
    """The plays whose conditions the segment meets: by priority, then by how much they ask for."""
    fitting = [entry for entry in playbook.play if fits(entry.when, axes)]
    return sorted(fitting, key=lambda entry: (entry.priority, -_strictness(entry.when), entry.id))


def fits(when: When, axes: Axes) -> bool:
    """Whether a segment meets every condition that is stated; an unknown tier meets only ``unknown``."""
    tiers = ((when.value, axes.value), (when.risk, axes.risk), (when.discount, axes.discount))
    if any(allowed and tier not in allowed for allowed, tier in tiers):
        return False
    if not when.gap and not when.gap_tier:
        return True
    kinds: tuple[GapKind, ...] = when.gap or tuple(axes.gaps)
    return any(kind in axes.gaps and (not when.gap_tier or axes.gaps[kind] in when.gap_tier) for kind in kinds)


def _strictness(when: When) -> int:
    return sum(bool(part) for part in (when.value, when.risk, when.discount, when.gap, when.gap_tier))
