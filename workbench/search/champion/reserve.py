"""What the end of a search will take: the time that its trials must leave."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.pipelines import family
from workbench.search.blend.ensemble import candidates_of, forecast_seconds
from workbench.search.blend.weighing import MOST_MEMBERS
from workbench.search.champion.blending import use_seconds
from workbench.search.champion.finishing import seconds_for
from workbench.search.champion.leaderboard import forecast_seconds as figures_seconds
from workbench.search.champion.outcome import TAIL_SECONDS
from workbench.search.engine import Engine
from workbench.search.setting import Setting
from workbench.search.trials.records import Record, blocks_of

_BLEND_SHARE = 0.12
"""Most of the time that is kept for a blend and the fits that it may need."""
_BOOSTING, _GROWING = 1.0, 1.2
"""Seconds for all rows per second for as many in a fold, where nothing is held out that patience needs to be told of.
"""
_ANEW_SECONDS = 0.3
"""Encoding and binning all rows, which the folds did once for all their trials."""
_BLOCKS_SECONDS = 0.7
"""Making the columns of feature blocks for all rows, where it isn't known yet what they take on a fold."""
USE_SECONDS = 1.0
"""For keeping and asking a blend, of the time that the stages after the search have anyway."""


@dataclass(frozen=True, eq=False)
class Reserve:
    """Forecasts of the end of one search, from the trials that it has finished so far."""

    setting: Setting
    engine: Engine

    def after_finals(self, best: Record | None, fit: float = 0.0) -> float:
        """For the fit of the best trial so far on all rows (or of one whose fit on a fold takes ``fit`` seconds, if
        that is more), the blend, and the figures.
        """
        setting, limited = self.setting, self.setting.budget.limited
        figures = figures_seconds(setting, len(self.engine.done))
        figures = min(figures, 0.05 * setting.budget.seconds) if limited else figures
        figures += 2 * seconds_for(setting)
        candidates = candidates_of(self.engine.records)
        # the model of the best trial is fitted anyway
        reused = best is not None and self.reused(best)
        heavy = [self.refit_seconds(one) for one in candidates if one is not best and self.reused(one)]
        another = min(heavy, default=0.0) if setting.plan.one_hold_out or not reused else 0.0
        uses = sum(use_seconds(setting.problem, one, self._models(one)) for one in candidates[:MOST_MEMBERS])
        blend = self.choice_seconds(len(candidates)) + another + max(0.0, uses - USE_SECONDS)
        blend = min(blend, _BLEND_SHARE * setting.budget.seconds) if limited else blend
        anew = best is not None and not self.stays(best)
        single = max(fit * setting.grown, self.refit_seconds(best) if best is not None and anew else 0.0)
        return min(TAIL_SECONDS + figures + blend + single, 0.5 * setting.budget.seconds)

    def choice_seconds(self, candidates: int) -> float:
        """For choosing a blend among so many trials."""
        return forecast_seconds(self.setting.held_out, candidates, len(self.setting.problem.classes))

    def reused(self, record: Record) -> bool:
        """Whether it is the model of all rows that a blend takes; else it takes those of the folds, which are there."""
        return self.setting.plan.one_hold_out or not family(record.family).light

    def _models(self, record: Record) -> int:
        """How many models of a trial a blend takes."""
        return 1 if self.reused(record) else len(self.setting.plan.folds)

    def stays(self, record: Record) -> bool:
        """Whether a trial's model can be used as it was judged: one of all rows is welcome, not needed."""
        return not family(record.family).interruptible and self.setting.plan.one_hold_out

    def refit_seconds(self, record: Record) -> float:
        """Forecast of a trial's fit on all rows."""
        grown = self.setting.grown
        kind = family(record.family)
        # what a fold did once for all its trials is done anew; boosting needs no patience any more
        if kind.boosts or not kind.light:
            anew = _ANEW_SECONDS + self._blocks_seconds(blocks_of(record))
            return (_BOOSTING if kind.boosts else _GROWING) * record.fold_seconds * grown + anew
        # encoding is most of what linear models take: the slowest of the family tells
        per_fold = [one.fold_seconds for one in self.engine.done if one.family == record.family]
        return 1.3 * max([record.fold_seconds, *per_fold]) * grown + 0.05

    def _blocks_seconds(self, blocks: str) -> float:
        on_fold = self.engine.expanding.get(blocks)
        if not blocks or on_fold is None:
            return _BLOCKS_SECONDS if blocks else 0.0
        return on_fold * self.setting.grown

    def after_fits(self) -> float:
        """The least that figures take after the last fit."""
        figures = figures_seconds(self.setting, len(self.engine.done), least=True)
        return figures + 2 * seconds_for(self.setting) + TAIL_SECONDS / 2
