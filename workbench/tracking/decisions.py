"""What the analyst decided on a run: renamed segments and accepted, edited or rejected strategies, kept as tags.

A decision names the customers that it was made for. Segments can be found anew (another number of them, a resumed
run), and what was decided on other customers must not decide on these.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from workbench.contracts import JourneyResult, Segmentation, Strategy

STATUSES = ("proposed", "accepted", "edited", "rejected")


def name_tag(result: JourneyResult, index: int, segment: int, name: str) -> tuple[str, str]:
    """Key and value of the tag that keeps a segment's name.

    Args:
        index: of the segmentation.
        segment: its id in there.
    """
    members = _members(result.segmentations[index], segment)
    return f"segment.{index}.{segment}", json.dumps({"name": name, "of": members}, ensure_ascii=False)


def status_tag(result: JourneyResult, segment: int, status: str, note: str) -> tuple[str, str]:
    """Key and value of the tag that keeps the decision on a segment's strategy."""
    strategy = next(each for each in result.strategies if each.segment == segment)
    facts = {"status": status, "note": note, "of": _subject(result, strategy)}
    return f"strategy.{segment}", json.dumps(facts, ensure_ascii=False)


def recall(result: JourneyResult, tags: Mapping[str, str]) -> JourneyResult:
    """The result with the decisions of a run's tags; those on other segments than these are left aside, and told."""
    aside = 0
    segmentations = []
    for index, segmentation in enumerate(result.segmentations):
        names = {}
        for segment in segmentation.segments:
            facts = _facts(tags.get(f"segment.{index}.{segment.id}"))
            if facts.get("of", "") not in ("", _members(segmentation, segment.id)):
                aside += 1
            elif facts.get("name", "").strip():
                names[segment.id] = facts["name"]
        segmentations.append(_renamed(segmentation, names))
    strategies = []
    for strategy in result.strategies:
        facts = _facts(tags.get(f"strategy.{strategy.segment}"))
        known = facts.get("of", "") in ("", _subject(result, strategy))
        aside += not known
        decided = known and facts.get("status") in STATUSES
        strategies.append(
            replace(strategy, status=facts["status"], note=facts.get("note", "")) if decided else strategy
        )
    result = replace(
        result, segmentations=tuple(segmentations), strategies=_as_named(result, segmentations, strategies)
    )
    told = f"{aside} decision(s) on segments or strategies were made before these were found anew: they don't apply."
    if aside and told not in result.notices:
        result = replace(result, notices=(*result.notices, told))
    return result


def _as_named(
    result: JourneyResult, segmentations: list[Segmentation], strategies: list[Strategy]
) -> tuple[Strategy, ...]:
    """Strategies carry their segment's name."""
    chosen = result.strategy_segmentation
    if chosen is None:
        return tuple(strategies)
    names = {segment.id: segment.name for segment in segmentations[chosen].segments}
    return tuple(replace(each, segment_name=names.get(each.segment, each.segment_name)) for each in strategies)


def _renamed(segmentation: Segmentation, names: Mapping[int, str]) -> Segmentation:
    """All names at once: two segments may have exchanged theirs."""
    if not names:
        return segmentation
    segments = tuple(replace(each, name=names.get(each.id, each.name)) for each in segmentation.segments)
    return replace(segmentation, segments=segments)


def _members(segmentation: Segmentation, segment: int) -> str:
    """Which customers a segment holds, as a short name."""
    inside = np.packbits(segmentation.labels.to_numpy() == segment)
    return hashlib.blake2b(inside.tobytes(), digest_size=8).hexdigest()


def _subject(result: JourneyResult, strategy: Strategy) -> str:
    """Which play for which customers a strategy is about."""
    chosen = result.strategy_segmentation
    members = _members(result.segmentations[chosen], strategy.segment) if chosen is not None else ""
    return f"{members}:{strategy.play.id if strategy.play is not None else ''}"


def _facts(text: str | None) -> dict[str, str]:
    try:
        facts = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in facts.items()} if isinstance(facts, dict) else {}
