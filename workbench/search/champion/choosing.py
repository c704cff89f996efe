"""Which trials a search blends in the time that is left."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from workbench.search.blend.ensemble import Choice, choose
from workbench.search.champion.blending import Blender
from workbench.search.champion.reserve import USE_SECONDS, Reserve
from workbench.search.engine import Engine
from workbench.search.setting import Setting
from workbench.search.trials.records import Record


@dataclass(frozen=True, eq=False)
class Choosing:
    """Chooses the blend of one search; says nothing, so that it can be asked from another thread."""

    setting: Setting
    engine: Engine
    time: Reserve

    def choice(self, blender: Blender) -> Choice | None:
        """The blend of those that have models or time for one; ``None`` where none pays."""
        setting = self.setting
        too_dear: set[int] = set()
        while True:
            spare = setting.budget.remaining - self.time.after_fits() if setting.budget.limited else float("inf")
            choice = choose(
                self.engine.records,
                setting.problem.target,
                setting.problem.weight,
                objective=setting.objective,
                baseline_loss=setting.baseline.loss,
                seed=setting.seed,
                usable=partial(self._usable, blender, too_dear, spare),
            )
            if choice is None:
                return None
            # each alone could be fitted and used in time; all together may not
            members = [one for one, _ in choice.members]
            ends = np.cumsum([self._member_seconds(blender, one) for one in members]) - USE_SECONDS
            if blender.coming is not None:
                ends += self._share(blender.coming)
            late = {one.number for one, end in zip(members, ends, strict=True) if end > spare}
            if not late:
                return choice
            too_dear |= late

    def _member_seconds(self, blender: Blender, record: Record) -> float:
        """What a member takes: its fit, beside others, where there is no model of it, then keeping and asking it."""
        return (self._share(record) if blender.to_be_fitted(record) else 0.0) + blender.use_seconds(record)

    def _share(self, record: Record) -> float:
        """What a fit on all rows adds to the time of several that are made beside each other."""
        return self.time.refit_seconds(record) / self.engine.slots.width

    def _usable(self, blender: Blender, too_dear: set[int], spare: float, record: Record) -> bool:
        return record.number not in too_dear and blender.usable(record, self.time.refit_seconds(record), spare)
