"""From finished trials to a champion: what that will take, the check, the blend, the fit on all rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from workbench.budget import Budget
from workbench.contracts import Model, SearchResult
from workbench.errors import Stopped, WorkbenchError
from workbench.pipelines import Preparer, block_columns, family
from workbench.search.blend.ensemble import Choice, candidates_of, choose
from workbench.search.champion.blending import Blender, as_member, ensemble_record
from workbench.search.champion.finals import Finals
from workbench.search.champion.finishing import Finished, finished, seconds_for
from workbench.search.champion.hastening import hastened
from workbench.search.champion.leaderboard import best_by_family
from workbench.search.champion.outcome import TAIL_SECONDS, baseline_outcome, outcome
from workbench.search.champion.refit import baseline_model, refit, relabelled, rounds_of
from workbench.search.champion.reserve import USE_SECONDS, Reserve
from workbench.search.champion.scale_choice import settled
from workbench.search.engine import Engine
from workbench.search.evaluation.coverage import coverage_sentence
from workbench.search.evaluation.decision_text import answer_sentence
from workbench.search.setting import Setting
from workbench.search.trials.records import Record

_STOPPED_REFIT_SECONDS = 4.0
_CHOOSING = 0.5
"""Of what choosing a blend is forecast to take, what it does take, as it mostly ends before its last step: 0.2 to 0.8
were measured with six to nine trials of 2 to 100 classes."""
_TOLD = 12
"""Names of such columns that are told."""


@dataclass(eq=False)
class Ending:
    """The end of one search; the engine asks it for the time to keep, too."""

    setting: Setting
    engine: Engine
    preparer: Preparer

    def __post_init__(self) -> None:
        self._time = Reserve(self.setting, self.engine)
        self._finals = Finals(self.setting, self.engine, self._time.after_finals)

    def reserve(self, best: Record | None, fit: float = 0.0) -> float:
        """Seconds that the end needs: the check of the finalists, the fit of the best trial so far on all rows (or of
        one whose fit on a fold takes ``fit`` seconds, if that is more), the blend, and the figures.
        """
        # a forecast that is far off must not leave the search without time
        return min(self._finals.reserve(best) + self._time.after_finals(best, fit), 0.5 * self.setting.budget.seconds)

    def result(self) -> SearchResult:
        """The champion and everything that is said of it.

        Raises:
            Stopped: the user stopped the search before any trial was finished.
        """
        best = self.engine.best
        if best is None:
            if self.engine.stopped:
                raise Stopped("Stopped as you asked before a model was finished; resume the run to go on.")
            return baseline_outcome(self.setting, self.engine.records, "before a model was finished")
        best, why = settled(best, self.engine.records, self.setting.problem, self.setting.objective)
        if why:
            self.setting.announce.decision(why)
        best, checked = self._finals.settled(best)
        # the single model first: whatever happens to the blend, there is one
        model, kept = self._single(best)
        blender = self._blender(model, kept)
        choice = self._choice(blender, kept)
        blended = self._blended(choice, blender) if choice is not None else None
        self.engine.slots.close()
        if choice is not None and blended is not None:
            setting = self.setting
            record = ensemble_record(choice, setting.problem, setting.plan.folds, setting.metric, setting.objective)
            single = self._finished(model, kept)
            return self._outcome(self._finished(blended, record, told=True), (single.model, single.record))
        return self._outcome(self._finished(model, kept, checked if kept is best else None, told=True))

    def _finished(
        self, model: Model, record: Record, checked: np.ndarray | None = None, *, told: bool = False
    ) -> Finished:
        setting = self.setting
        if setting.budget.limited and seconds_for(setting) + TAIL_SECONDS > setting.budget.remaining:
            setting.events.notice("search", f"No time was left to calibrate the {record.family} model.")
            return Finished(model, record, checked)
        done = finished(setting, model, record, checked)
        if told and (sentence := coverage_sentence(setting.problem, setting.metric, done.record.prediction)):
            setting.announce.decision(sentence)
        if told and done.calibration is not None:
            setting.announce.decision(done.calibration.reason)
        if told and done.decision is not None:
            setting.announce.decision(f"The threshold of '{done.decision.positive}': {done.decision.reason}")
        if told and (sentence := answer_sentence(done.model, setting.metric.name)):
            setting.announce.decision(sentence)
        return done

    def _outcome(self, done: Finished, single: tuple[Model, Record] | None = None) -> SearchResult:
        return outcome(
            self.setting,
            done.model,
            done.record,
            self.engine.records,
            out_of_fold=done.out_of_fold,
            single=single,
            calibration=done.calibration,
            decision=done.decision,
        )

    def _of_hold_out(self, record: Record) -> Model | None:
        """The very model that a trial was judged by, where there is one; it has learnt from a part of the rows."""
        engine, setting = self.engine, self.setting
        fitted = engine.workspace.models(record.number, 1) if self._time.stays(record) else ()
        if not fitted:
            return None
        rows = setting.plan.folds[0][0].size
        setting.events.notice("search", f"Trial {record.number} stays as it was judged, learnt from {rows:,} rows.")
        return relabelled(setting.problem, self.preparer, fitted[0], record)

    def _choice(self, blender: Blender, single: Record) -> Choice | None:
        """Which trials are blended, of those that have models or time for one; ``single`` is the champion without."""
        setting, engine = self.setting, self.engine
        if engine.stopped:
            return None
        too_dear: set[int] = set()
        while True:
            spare = setting.budget.remaining - self._time.after_fits() if setting.budget.limited else float("inf")
            if _CHOOSING * self._time.choice_seconds(len(candidates_of(engine.records))) > spare:
                setting.announce.decision("No trials were blended: there was no time to choose among them.")
                return None
            choice = choose(
                engine.records,
                setting.problem.target,
                setting.problem.facts,
                objective=setting.objective,
                baseline_loss=setting.baseline.loss,
                seed=setting.seed,
                usable=partial(self._usable, blender, too_dear, spare),
                single=single,
            )
            if choice is None:
                setting.announce.decision(
                    "No trials were blended: no two suit, or a single one was better by more than a standard error."
                )
                return None
            # each alone could be fitted and used in time; all together may not
            members = [one for one, _ in choice.members]
            ends = np.cumsum([self._member_seconds(blender, one) for one in members]) - USE_SECONDS
            late = {one.number for one, end in zip(members, ends, strict=True) if end > spare}
            if not late:
                return choice
            too_dear |= late

    def _member_seconds(self, blender: Blender, record: Record) -> float:
        """What a member takes: its fit, beside others, where there is no model of it, then keeping and asking it."""
        fit = self._time.refit_seconds(record) / self.engine.slots.width if blender.to_be_fitted(record) else 0.0
        return fit + blender.use_seconds(record)

    def _usable(self, blender: Blender, too_dear: set[int], spare: float, record: Record) -> bool:
        return record.number not in too_dear and blender.usable(record, self._time.refit_seconds(record), spare)

    def _blended(self, choice: Choice, blender: Blender) -> Model | None:
        setting = self.setting
        budget = setting.budget.reserving(self._time.after_fits()) if setting.budget.limited else None
        model = blender.model(choice, budget=budget, events=setting.events)
        if model is None:
            setting.events.notice("search", "The ensemble was left out: a member could not be fitted and kept in time.")
            return None
        told = ", ".join(f"{weight:.0%} trial {record.number} ({record.family})" for record, weight in choice.members)
        more = f"{abs(choice.gain.mean):.2g} {'more' if choice.gain.mean >= 0 else 'less'} ± {choice.gain.error:.2g}"
        how = " (by a regression on them, so that weights may be negative)" if choice.shift else ""
        setting.announce.decision(
            f"The ensemble: {told}{how}; out of fold its loss is {choice.loss:.5g}, the best single trial's "
            f"{choice.single_loss:.5g}; chosen by other rows than it is judged by, a single trial loses "
            f"{more} than the ensemble."
        )
        return model

    def _blender(self, model: Model, kept: Record) -> Blender:
        """Args: the best single model and its trial, which may be a member as it is."""
        setting, engine = self.setting, self.engine
        reused = kept is not setting.baseline and self._time.reused(kept)
        member = as_member(setting.problem, model, kept) if reused else None
        return Blender(
            problem=setting.problem,
            preparer=self.preparer,
            workspace=engine.workspace,
            slots=engine.slots,
            folds=len(setting.plan.folds),
            threads=engine.threads,
            seed=setting.seed,
            fitted={} if member is None else {kept.number: member},
        )

    def _tell_made(self, model: Model) -> None:
        made = block_columns(model.pipeline)
        if made:
            more = f" and {len(made) - _TOLD} more" if len(made) > _TOLD else ""
            self.setting.announce.decision(
                f"Columns that the search made for the best single model: {', '.join(made[:_TOLD])}{more}."
            )

    def _ends_in(self, record: Record, limit: Budget) -> bool:
        """Whether a fit on all rows can end in time: trees end at the limit with fewer rounds, linear solvers don't."""
        return family(record.family).interruptible or self._time.refit_seconds(record) <= limit.remaining + 0.5

    def _in_time(self, record: Record, limit: Budget | None) -> Record:
        """The trial as it is fitted on all rows; with fewer rounds that learn faster where time is short."""
        if limit is None:
            return record
        faster = hastened(record, self._time.refit_seconds(record), limit.remaining)
        if faster is not record:
            before, after = rounds_of(record), rounds_of(faster)
            self.setting.announce.decision(
                f"The final fit of trial {record.number} takes {after} rounds that learn faster (learning rate "
                f"{faster.params['learning_rate']:.3g}): there is no time for {before} at "
                f"{record.params['learning_rate']:.3g}."
            )
        return faster

    def _single(self, champion: Record) -> tuple[Model, Record]:
        """The champion on all rows; if its fit can't end in time, the next best family whose fit can."""
        setting, engine = self.setting, self.engine
        limit = setting.budget.reserving(self._time.after_fits()) if setting.budget.limited else None
        if engine.stopped:
            left = min(_STOPPED_REFIT_SECONDS, limit.remaining if limit else _STOPPED_REFIT_SECONDS)
            limit = Budget.of(left, clock=setting.budget.clock)
        for record in [champion, *(one for one in best_by_family(engine.records) if one is not champion)]:
            if limit is not None and not self._ends_in(record, limit):
                setting.events.notice("search", f"No time was left to fit trial {record.number} on all rows.")
                if (model := self._of_hold_out(record)) is not None:
                    return model, record
                continue
            try:
                fitted = self._in_time(record, limit)
                model, complete = refit(
                    setting.problem, self.preparer, engine.workspace.prepared, fitted, budget=limit, seed=setting.seed
                )
            except WorkbenchError:
                raise
            except Exception as error:  # noqa: BLE001 - as in the search: whatever a library raises, others have models
                setting.events.notice("search", f"Trial {record.number} could not be fitted on all rows: {error}")
                continue
            if not complete:
                setting.events.notice(
                    "search", f"The final fit of trial {record.number} ended at the deadline, with fewer trees."
                )
            self._tell_made(model)
            learnt = model.pipeline[1].rows_to_learn_from(len(setting.problem))
            if learnt is not None:
                setting.events.notice(
                    "search",
                    f"Trial {record.number} learnt from {learnt.size:,} of {len(setting.problem):,} rows: all of them "
                    "with an indicator for each level would take too much memory.",
                )
            return model, record
        setting.events.notice("search", "No model could be fitted on all rows in time: the baseline stands in for it.")
        return baseline_model(setting.problem, setting.baseline), setting.baseline
