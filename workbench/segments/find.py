"""Segments of a customer table: what is looked for, in which order, and what is said when nothing is there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from workbench.budget import Budget
from workbench.contracts import Segmentation, SegmentationKind, Table
from workbench.errors import BudgetError, InputError
from workbench.events import Events
from workbench.segments.assemble import lay_out
from workbench.segments.descriptive import descriptive
from workbench.segments.goal_guided import goal_guided
from workbench.segments.goals import goal_of
from workbench.segments.ground import lay_ground
from workbench.segments.space import Space, clustering_space

FEWEST, MOST = 2, 10
"""Numbers of segments that may be asked for."""
_GOAL_SHARE = 0.4
BOTH = (SegmentationKind.DESCRIPTIVE, SegmentationKind.GOAL_GUIDED)


def check_number(segments: int | None) -> None:
    """Raise ``InputError`` for a number of segments that can't be looked for."""
    if segments is not None and not FEWEST <= segments <= MOST:
        raise InputError(f"{segments} segments can't be looked for; choose a number from {FEWEST} to {MOST}.")


def find_segments(
    table: Table,
    *,
    budget: Budget,
    events: Events,
    seed: int = 0,
    kinds: Sequence[SegmentationKind] = BOTH,
    segments: int | None = None,
    spaces: Path | None = None,
) -> tuple[Segmentation, ...]:
    """Divide the customers of a table into segments.

    Descriptive segments come from clustering, goal-guided ones from a tree on the target (else the outcome). Neither
    target nor outcome columns are features of any segment.

    Args:
        table: the customer table.
        budget: when to be done; it decides how many rows of a large table are looked at. What the least that is
            honest takes may overrun a very short one a little; where it would take several times as long, nothing is
            begun.
        events: progress, notices and the wish to stop.
        seed: of every random choice.
        kinds: which to look for; the result keeps this order.
        segments: a fixed number from 2 to 10, or ``None`` to search for it.
        spaces: folder with another ``clustering.toml``.

    Returns:
        one segmentation per kind that the table can carry: a kind without a goal is left out with a notice, and so
        are both where there is no time. Where nothing is found there is one segment of everybody, ``found`` is
        ``False`` and ``chosen_because`` says why.

    Raises:
        InputError: ``segments`` is out of range, or the search space can't be used.
        Stopped: the user asked for it.
    """
    check_number(segments)
    space = clustering_space(spaces, len(table.frame))
    # These fits are short: on a busy machine waiting for a second thread costs ten times what it saves.
    with threadpool_limits(limits=1):
        try:
            found = _find(table, budget, events, seed, frozenset(kinds), segments, space)
        except BudgetError as problem:
            events.notice("segments", str(problem))
            return ()
    return tuple(found[kind] for kind in dict.fromkeys(kinds) if kind in found)


def _find(
    table: Table,
    budget: Budget,
    events: Events,
    seed: int,
    kinds: frozenset[SegmentationKind],
    segments: int | None,
    space: Space,
) -> dict[SegmentationKind, Segmentation]:
    ground = lay_ground(table, events, seed, budget)
    coordinates = lay_out(ground)
    found: dict[SegmentationKind, Segmentation] = {}
    # The tree takes a second or two: first, so that the clusters may use all that is left.
    for kind in sorted(kinds, key=lambda one: one is SegmentationKind.DESCRIPTIVE):
        events.check_stop()
        if kind is SegmentationKind.DESCRIPTIVE:
            chosen = space if segments is None else space.with_clusters(segments)
            found[kind] = descriptive(ground, chosen, coordinates, fixed=segments, budget=budget, events=events)
        else:
            goal = goal_of(table)
            if goal is None:
                events.notice("segments", "Goal-guided segments need a target or an outcome that varies; left out.")
                continue
            found[kind] = goal_guided(
                ground, goal, coordinates, fixed=segments, budget=budget.share(_GOAL_SHARE), events=events
            )
        events.emit("result", "segments", found[kind].chosen_because, segmentation=kind.value, found=found[kind].found)
    return found
