"""Which feature blocks the trials of a family have: a block stays only where it pays out of fold."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from workbench.budget import Budget
from workbench.contracts import TrialState
from workbench.pipelines import BLOCKS, SEPARATOR
from workbench.pipelines.row_facts import RowFacts
from workbench.search.blend.ensemble import reach
from workbench.search.evaluation.metric import Metric
from workbench.search.insight.announce import Announcer
from workbench.search.scheduling.given_blocks import GivenBlocks
from workbench.search.scheduling.trial_gains import TrialGains, told
from workbench.search.trials.records import Record, blocks_of
from workbench.search.trials.studies import FEATURES, FamilyStudy

SHARE = 0.12
"""Share of the budget that the trials with blocks of one family may be expected to take."""
_TRIALS_PER_TRY = 16
"""Where trials are counted: one block is tried for so many of them."""
_DEARER = 1.5
"""Seconds of a trial with a block for a second of one without."""


@dataclass
class _Trying:
    """How a family stands.

    Attributes:
        base: the trial that those with one more block must beat.
        waiting: blocks of trials that have not ended.
        kept: blocks that the trials to come have, ``None`` until that is decided.
    """

    base: Record
    waiting: set[str]
    tried: dict[str, Record] = field(default_factory=dict)
    kept: str | None = None


class FeatureBlocks:
    """Tries each block with the parameters of a family's first finished trial, and keeps those that pay.

    The trials are like any others: they are on the leaderboard and may be blended. A family waits for another one's
    first trial, and nothing is tried where that shows it to be too weak to be blended.

    Args:
        blocks: those that have something to make of the table, the most promising first.
        truth: class codes or numbers of all rows.
        facts: weights and groups of the same rows.
        baseline_loss: of the baseline.
        width: fits that run at once.
        trials: how many there will be; ``None`` where the time decides.
    """

    def __init__(
        self,
        studies: dict[str, FamilyStudy],
        blocks: tuple[str, ...],
        truth: np.ndarray,
        facts: RowFacts,
        *,
        objective: Metric,
        baseline_loss: float,
        budget: Budget,
        width: int,
        trials: int | None,
        announce: Announcer,
        seed: int,
    ) -> None:
        self._studies = studies
        self._blocks = tuple(name for name in blocks if not BLOCKS[name].from_start)
        self._gains = TrialGains(truth, facts, objective, seed)
        self._baseline_loss = baseline_loss
        self._budget, self._width, self._trials, self._announce = budget, width, trials, announce
        self._given = GivenBlocks(
            studies,
            SEPARATOR.join(name for name in blocks if BLOCKS[name].from_start),
            gains=self._gains,
            affordable=lambda record: self._tries(record) > 0,
            announce=announce,
        )
        self._families: dict[str, _Trying] = {}
        self._pending: dict[str, Record] = {}
        self._best = np.inf

    def restore(self, records: list[Record], lost: set[tuple[str, str]]) -> None:
        """Take up what an earlier process did.

        Args:
            records: finished trials in their order.
            lost: family and blocks of trials that were running; they begin anew by themselves.
        """
        # what the end of the search cut short was never judged
        records = [one for one in records if not one.timed_out]
        known = {(one.family, blocks_of(one)) for one in records if one.origin == FEATURES} | lost
        for record in records:
            self.learn(record, known)

    def base(self, record: Record) -> Record | None:
        """The trial that one with other blocks must beat; ``None`` for trials that have none on trial."""
        without = self._given.base(record)
        if without is not None:
            return without
        standing = self._families.get(record.family)
        # by its blocks and not by its origin: one that was lost comes back as another
        return standing.base if standing is not None and blocks_of(record) in standing.waiting else None

    def learn(self, record: Record, known: set[tuple[str, str]] | None = None) -> None:
        """A trial has ended.

        Args:
            known: family and blocks of trials that were asked for before and are not asked for again.
        """
        self._given.learn(record, known or set())
        standing = self._families.get(record.family)
        blocks = blocks_of(record)
        if record.state is TrialState.DONE and np.isfinite(record.loss):
            self._best = min(self._best, record.loss)
            if standing is None and record.origin != FEATURES and self._blocks:
                self._pending.setdefault(record.family, record)
        if len(self._pending) + len(self._families) >= min(2, len(self._studies)):
            for base in self._pending.values():
                self._try(base, known or set())
            self._pending.clear()
        if standing is None:
            return
        if standing.kept is not None or blocks not in standing.waiting:
            return
        standing.waiting.discard(blocks)
        standing.tried[blocks] = record
        if not standing.waiting:
            self._decide(standing, known or set())

    def _try(self, base: Record, known: set[tuple[str, str]]) -> None:
        chosen = self._affordable(base) if base.loss <= reach(self._best, self._baseline_loss) else ()
        standing = self._families[base.family] = _Trying(base, {_joined(base, block) for block in chosen})
        if not chosen:
            standing.kept = blocks_of(base)
            return
        # the first in front: each goes before those that are waiting
        for block in reversed(chosen):
            self._ask(base, block, known)

    def _ask(self, base: Record, more: str, known: set[tuple[str, str]]) -> None:
        blocks = _joined(base, more)
        if (base.family, blocks) not in known:
            self._studies[base.family].try_blocks(base.params, blocks, f"with {more}")

    def _affordable(self, base: Record) -> tuple[str, ...]:
        """As many of the blocks as there is time for; a lost trial that is tried anew is one of them."""
        return self._blocks[: self._tries(base)]

    def _tries(self, base: Record) -> int:
        """Trials of a family that there is time for, given its first one."""
        if self._trials is not None:
            return self._trials // _TRIALS_PER_TRY
        if not self._budget.limited:
            return len(BLOCKS)
        return int(SHARE * self._budget.seconds / max(_DEARER * base.seconds / self._width, 1e-3))

    def _decide(self, standing: _Trying, known: set[tuple[str, str]]) -> None:
        """Keep what pays; several blocks that pay are tried together first."""
        base, family = standing.base, standing.base.family
        paying = [block for block in self._blocks if self._pays(standing, block)]
        together = SEPARATOR.join(paying)
        if len(paying) > 1 and _joined(base, together) not in standing.tried:
            standing.waiting.add(_joined(base, together))
            self._ask(base, together, known)
            return
        candidates = [
            record
            for blocks, record in standing.tried.items()
            if record.state is TrialState.DONE and blocks in {_joined(base, one) for one in (*paying, together)}
        ]
        best = min(candidates, key=lambda one: (one.loss, one.number), default=None)
        standing.kept = blocks_of(best) if best is not None else blocks_of(base)
        if best is None:
            judged = {TrialState.DONE, TrialState.PRUNED}
            tried = [_added(base, blocks) for blocks, one in standing.tried.items() if one.state in judged]
            others = [_added(base, blocks) for blocks, one in standing.tried.items() if one.state not in judged]
            words = (
                f"no feature block paid out of fold ({', '.join(tried)})" if tried else "no feature block was judged"
            )
            more = f"; not judged, as their trials didn't end: {', '.join(others)}" if others else ""
            self._announce.decision(f"{family}: {words}{more}; none is used.")
            return
        share = told(self._gains.of(best, base), base)
        self._announce.decision(
            f"{family}: {_added(base, standing.kept)} lowered the out-of-fold loss by {share}; its next trials have "
            "them."
        )
        self._studies[family].adopt(standing.kept)

    def _pays(self, standing: _Trying, block: str) -> bool:
        record = standing.tried.get(_joined(standing.base, block))
        if record is None or record.state is not TrialState.DONE:
            return False
        return self._gains.of(record, standing.base).certain and record.loss < standing.base.loss


def _joined(base: Record, more: str) -> str:
    """Blocks of a trial that has more of them than its base."""
    return SEPARATOR.join(one for one in (blocks_of(base), more) if one)


def _added(base: Record, blocks: str) -> str:
    """What the base doesn't have."""
    own = blocks_of(base)
    return blocks.removeprefix(own + SEPARATOR) if own else blocks
