"""Which feature blocks the trials of a family have: a block stays only where it pays out of fold."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from workbench.budget import Budget
from workbench.contracts import TrialState
from workbench.pipelines import SEPARATOR
from workbench.search.announce import Announcer
from workbench.search.ensemble import WORSE
from workbench.search.metrics import Metric
from workbench.search.paired import gain_over_parts, losses_by_part
from workbench.search.records import Record
from workbench.search.studies import BLOCKS, FEATURES, FamilyStudy

SHARE = 0.12
"""Share of the budget that the trials with blocks of one family may be expected to take."""
_TRIALS_PER_TRY = 16
"""Where trials are counted: one block is tried for so many of them."""
_DEARER = 1.5
"""Seconds of a trial with a block for a second of one without."""
_PARTS = 20
_ERRORS = 1.0
"""Standard errors by which a block must improve the loss."""


@dataclass
class _Trying:
    """How a family stands."""

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
        baseline_loss: of the baseline.
        width: fits that run at once.
        trials: how many there will be; ``None`` where the time decides.
    """

    def __init__(
        self,
        studies: dict[str, FamilyStudy],
        blocks: tuple[str, ...],
        truth: np.ndarray,
        weight: np.ndarray | None,
        *,
        objective: Metric,
        baseline_loss: float,
        budget: Budget,
        width: int,
        trials: int | None,
        announce: Announcer,
        seed: int,
    ) -> None:
        self._studies, self._blocks = studies, blocks
        self._truth, self._weight, self._objective = truth, weight, objective
        self._baseline_loss = baseline_loss
        self._budget, self._width, self._trials, self._announce = budget, width, trials, announce
        self._part = np.random.default_rng([seed, 51_511]).permutation(np.arange(truth.size) % _PARTS)
        self._families: dict[str, _Trying] = {}
        self._pending: dict[str, Record] = {}
        self._best = np.inf

    def restore(self, records: list[Record], lost: set[tuple[str, str]]) -> None:
        """Take up what an earlier process did.

        Args:
            records: finished trials in their order.
            lost: family and blocks of trials that were running; they begin anew by themselves.
        """
        known = {(one.family, _blocks_of(one)) for one in records if one.origin == FEATURES} | lost
        for record in records:
            self.learn(record, known)

    def base(self, record: Record) -> Record | None:
        """The trial that one with a block must beat; ``None`` for trials that have none on trial."""
        standing = self._families.get(record.family)
        return standing.base if standing is not None and record.origin == FEATURES else None

    def learn(self, record: Record, known: set[tuple[str, str]] | None = None) -> None:
        """A trial has ended.

        Args:
            known: family and blocks of trials that were asked for before and are not asked for again.
        """
        standing = self._families.get(record.family)
        blocks = _blocks_of(record)
        if record.state is TrialState.DONE and np.isfinite(record.loss):
            self._best = min(self._best, record.loss)
            if standing is None and not blocks and self._blocks:
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
        limit = self._best + WORSE * max(0.0, self._baseline_loss - self._best)
        chosen = self._affordable(base) if base.loss <= limit else ()
        standing = self._families[base.family] = _Trying(base, set(chosen))
        if not chosen:
            standing.kept = ""
            return
        # the first in front: each goes before those that are waiting
        for block in reversed(chosen):
            if (base.family, block) not in known:
                self._studies[base.family].try_blocks(base.params, block, f"with {block}")

    def _affordable(self, base: Record) -> tuple[str, ...]:
        """As many of the blocks as there is time for; a lost trial that is tried anew is one of them."""
        if self._trials is not None:
            return self._blocks[: self._trials // _TRIALS_PER_TRY]
        each = _DEARER * base.seconds / self._width
        return self._blocks[: int(SHARE * self._budget.seconds / max(each, 1e-3))]

    def _decide(self, standing: _Trying, known: set[tuple[str, str]]) -> None:
        """Keep what pays; several blocks that pay are tried together first."""
        family = standing.base.family
        paying = [block for block in self._blocks if block in standing.tried and self._pays(standing, block)]
        together = SEPARATOR.join(paying)
        if len(paying) > 1 and together not in standing.tried:
            standing.waiting.add(together)
            if (family, together) not in known:
                self._studies[family].try_blocks(standing.base.params, together, f"with {together}")
            return
        done = [one for one in standing.tried.values() if one.state is TrialState.DONE]
        candidates = [one for one in done if _blocks_of(one) in (*paying, together)]
        best = min(candidates, key=lambda one: (one.loss, one.number), default=None)
        standing.kept = _blocks_of(best) if best is not None else ""
        if best is None:
            tried = ", ".join(standing.tried)
            self._announce.decision(f"{family}: no feature block paid out of fold ({tried}); none is used.")
            return
        gain, error = self._gain(standing.base, best)
        share = f"{gain / abs(standing.base.loss):.2%} (± {error / abs(standing.base.loss):.2%})"
        self._announce.decision(
            f"{family}: {standing.kept} lowered the out-of-fold loss by {share}; its next trials have them."
        )
        self._studies[family].adopt(standing.kept)

    def _pays(self, standing: _Trying, block: str) -> bool:
        record = standing.tried[block]
        if record.state is not TrialState.DONE:
            return False
        gain, error = self._gain(standing.base, record)
        return gain > _ERRORS * error and record.loss < standing.base.loss

    def _gain(self, base: Record, record: Record) -> tuple[float, float]:
        """By how much the loss is less, and the standard error, from parts of the rows: that suits every metric."""
        losses = [self._losses(one) for one in (base, record)]
        found = gain_over_parts(*losses)
        return found.mean, found.error

    def _losses(self, record: Record) -> np.ndarray:
        if record.prediction is None:
            return np.full(_PARTS, np.nan)
        return losses_by_part(record.prediction, self._truth, self._weight, self._part, self._objective)


def _blocks_of(record: Record) -> str:
    return str(record.params.get(BLOCKS, ""))
