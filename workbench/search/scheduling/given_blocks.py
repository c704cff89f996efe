"""Feature blocks that trials have from the start, and what becomes of them: they too must pay out of fold."""

from __future__ import annotations

from collections.abc import Callable

from workbench.contracts import TrialState
from workbench.search.insight.announce import Announcer
from workbench.search.scheduling.trial_gains import TrialGains, told
from workbench.search.trials.records import Record, blocks_of
from workbench.search.trials.studies import FEATURES, FamilyStudy


class GivenBlocks:
    """Judged once, by a trial without them with the parameters of the first that finished, whatever its family.

    What they say of the target no family finds for itself, so one family's evidence counts for all.

    Args:
        blocks: their names, joined; empty where there are none.
        affordable: whether there is time for a trial like this one.
    """

    def __init__(
        self,
        studies: dict[str, FamilyStudy],
        blocks: str,
        *,
        gains: TrialGains,
        affordable: Callable[[Record], bool],
        announce: Announcer,
    ) -> None:
        self._studies, self._blocks = studies, blocks
        self._gains, self._affordable, self._announce = gains, affordable, announce
        self._name = f"without {blocks}"
        self._base: Record | None = None
        self._open = bool(blocks)
        if blocks:
            self._adopt(blocks)

    def base(self, record: Record) -> Record | None:
        """The trial that one without them is compared with; ``None`` for all others."""
        return self._base if self._base is not None and self._is_without(record) else None

    def learn(self, record: Record, known: set[tuple[str, str]]) -> None:
        """A trial has ended.

        Args:
            known: family and blocks of trials that were asked for before and are not asked for again.
        """
        if not self._open:
            return
        if self._base is None:
            if record.state is TrialState.DONE and record.origin != FEATURES and blocks_of(record) == self._blocks:
                self._base = record
                self._open = self._affordable(record)
                if self._open and (record.family, "") not in known:
                    self._studies[record.family].try_blocks(record.params, "", self._name)
        elif self._is_without(record):
            self._open = False
            self._decide(record, self._base)

    def _is_without(self, record: Record) -> bool:
        # by its name: one that was lost with an earlier process comes back as a resumed one
        return record.start == self._name and not blocks_of(record)

    def _decide(self, without: Record, base: Record) -> None:
        if without.state is TrialState.PRUNED:
            self._announce.decision(f"{base.family} was worse without {self._blocks}; trials of all families have it.")
        if without.state is not TrialState.DONE:
            return
        gain = self._gains.of(base, without)
        if gain.certain:
            self._announce.decision(
                f"{base.family}: {self._blocks} lowered the out-of-fold loss by {told(gain, without)}; trials "
                "of all families have it."
            )
            return
        self._announce.decision(
            f"{self._blocks} did not pay out of fold in {base.family}; the next trials are without."
        )
        self._adopt("")

    def _adopt(self, blocks: str) -> None:
        for study in self._studies.values():
            study.adopt(blocks)
