"""One Optuna study per family: what to try next, and what came of it."""

from __future__ import annotations

import dataclasses
import warnings
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import optuna
from optuna.trial import TrialState as OptunaState

from workbench.contracts import Task, TrialState
from workbench.pipelines import Parameter, SearchSpace, family
from workbench.search.trials.records import BLOCKS_KEY, Record

_RECORD = "record"
FEATURES = "features"
"""Origin of the trials that blocks are tried with."""
_OPTUNA_STATE = {
    TrialState.DONE: OptunaState.COMPLETE,
    TrialState.PRUNED: OptunaState.PRUNED,
    TrialState.CUT: OptunaState.FAIL,
    TrialState.FAILED: OptunaState.FAIL,
}


@dataclass
class Next:
    """Something that could be tried.

    Attributes:
        params: searched parameters that are given; the sampler fills in the others.
        fixed: what is told to the family besides.
        start: name of the portfolio entry.
        open: searched parameters that are taken from the family's best trial.
    """

    origin: str
    params: dict[str, Any] = field(default_factory=dict)
    fixed: dict[str, Any] = field(default_factory=dict)
    start: str = ""
    open: frozenset[str] = frozenset()


class FamilyStudy:
    """The study of one family.

    Args:
        storage: shared by all families of a search.
        space: what may vary.
        rows: how many there are, for the portfolio.
        seed: of the sampler.
    """

    def __init__(self, storage: Any, space: SearchSpace, task: Task, rows: int, seed: int) -> None:
        self.family = space.family
        self._storage = storage
        self._searched = space.searched(task)
        self._fixed = dict(space.fixed(task))
        starts = space.portfolio(task, rows)
        self._waiting: deque[Next] = deque()
        for start in starts:
            names = {one.name for one in self._searched}
            params = {name: value for name, value in start.params.items() if name in names}
            fixed = {name: value for name, value in start.params.items() if name in self._fixed}
            self._waiting.append(Next("portfolio", params, {**self._fixed, **fixed}, start.name, start.open))
        # every trial is told by our own events; Optuna's log would repeat it on stderr
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            sampler = optuna.samplers.TPESampler(
                seed=seed,
                multivariate=True,
                constant_liar=True,
                n_startup_trials=max(4, len(starts)),
            )
        self._study = optuna.create_study(
            storage=storage, sampler=sampler, study_name=self.family, direction="minimize", load_if_exists=True
        )
        self.begun_before: set[str] = set()
        """Names of the starts that an earlier process has begun with."""
        self._open: dict[int, optuna.Trial] = {}
        self._best_loss = np.inf

    def restore(self) -> tuple[list[Record], list[dict[str, Any]]]:
        """What an earlier process left: finished records, and parameters of trials that were running.

        Portfolio entries that were tried are not tried again, unless the end of the search cut them short; trials that
        were lost are asked for first.
        """
        finished, lost = [], []
        for trial in self._study.get_trials(deepcopy=False):
            data = trial.user_attrs.get(_RECORD)
            running = trial.state == OptunaState.RUNNING
            if trial.state == OptunaState.WAITING:  # the next to be asked for would get its parameters
                self._storage.set_trial_state_values(trial._trial_id, OptunaState.FAIL)
            if data is None:
                if running:
                    self._study.tell(trial.number, state=OptunaState.FAIL)
                continue
            record = Record.from_json(data)
            if not record.timed_out:
                self.begun_before.add(record.start)
                self._waiting = deque(one for one in self._waiting if not one.start or one.start != record.start)
            if record.state is TrialState.RUNNING:
                if running:
                    self._study.tell(trial.number, state=OptunaState.FAIL)
                    lost.append(data)
                continue
            if running:  # the kill came between our record and Optuna's
                self._conclude(trial.number, record)
            finished.append(record)
            self._take_over(record)
        names = {one.name for one in self._searched}
        for data in reversed(lost):
            given = {name: value for name, value in data["params"].items() if name in names}
            fixed = {name: value for name, value in data["params"].items() if name not in names}
            self._waiting.appendleft(Next("resumed", given, fixed, data["start"]))
        return finished, lost

    def start_with(self, params: dict[str, Any], name: str) -> bool:
        """Try these parameters before all others; ``False``, and nothing changed, where they can't be tried here."""
        given = {one.name: params.get(one.name) for one in self._searched}
        if not all(one.allows(given[one.name]) for one in self._searched):
            return False
        fixed = {key: value for key, value in params.items() if key in self._fixed or key == BLOCKS_KEY}
        self._waiting.appendleft(Next("warm start", given, {**self._fixed, **fixed}, name))
        return True

    def try_blocks(self, params: dict[str, Any], blocks: str, name: str) -> None:
        """Try feature blocks with the parameters of a trial, before all others."""
        names = {one.name for one in self._searched}
        given = {key: value for key, value in params.items() if key in names}
        fixed = {key: value for key, value in params.items() if key not in names and key != BLOCKS_KEY}
        self._waiting.appendleft(Next(FEATURES, given, {**fixed, **_blocks(blocks)}, name))

    def adopt(self, blocks: str) -> None:
        """Let the trials to come have these feature blocks, but for those that have blocks of their own."""
        for fixed in (self._fixed, *(one.fixed for one in self._waiting if one.origin == "portfolio")):
            fixed.pop(BLOCKS_KEY, None)
            fixed.update(_blocks(blocks))

    def peek(self) -> Next:
        """What would be tried next; parameters that the sampler would choose are not known yet."""
        return self._waiting[0] if self._waiting else Next("sampler", fixed=dict(self._fixed))

    def hasten(self, factor: float) -> bool:
        """Let what would be tried next learn faster; ``False``, and nothing changed, where the space has no room."""
        following = self.peek()
        faster = family(self.family).hastened(following.params, factor)
        known = {one.name: one for one in self._searched}
        if faster is None or not all(known[name].allows(value) for name, value in faster.items()):
            return False
        self._waiting[0] = dataclasses.replace(following, params=dict(faster))
        return True

    def drop(self) -> None:
        """Pass over what would be tried next."""
        if self._waiting:
            self._waiting.popleft()

    def ask(self, number: int) -> Record:
        """Begin the next trial; it is on disk as running before this returns."""
        following = self.peek()
        self.drop()
        if following.params:
            self._study.enqueue_trial(following.params)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            trial = self._study.ask()
            params = {one.name: _suggest(trial, one) for one in self._searched}
        self._open[number] = trial
        record = Record(number, self.family, {**following.fixed, **params}, following.origin, following.start)
        trial.set_user_attr(_RECORD, record.as_json())
        return record

    def tell(self, record: Record) -> None:
        """End a trial: its record is on disk when this returns."""
        trial = self._open.pop(record.number)
        trial.set_user_attr(_RECORD, record.as_json())
        if record.state is TrialState.PRUNED:
            for step, losses in enumerate(record.steps.values(), start=1):
                trial.report(float(np.nanmean(losses)), step=step)
            if record.losses:
                trial.report(record.loss, step=len(record.steps) + len(record.losses))
        self._conclude(trial, record)
        self._take_over(record)

    def _conclude(self, trial: optuna.Trial | int, record: Record) -> None:
        """Tell Optuna how a trial ended."""
        state = _OPTUNA_STATE[record.state]
        if record.state is TrialState.DONE and not np.isfinite(record.loss):
            state = OptunaState.FAIL
        self._study.tell(trial, record.loss if state == OptunaState.COMPLETE else None, state=state)

    def _take_over(self, record: Record) -> None:
        """Let starts have what they leave open from the best trial so far: an objective that suits the target is worth
        more than anything else that they try.
        """
        if record.state is not TrialState.DONE or not record.loss < self._best_loss:
            return
        self._best_loss = record.loss
        for following in self._waiting:
            for name in following.open & record.params.keys():
                following.params[name] = record.params[name]

    def forget(self, record: Record) -> None:
        """A trial that was asked for and never begun."""
        trial = self._open.pop(record.number)
        self._study.tell(trial, state=OptunaState.FAIL)


def _blocks(blocks: str) -> dict[str, Any]:
    return {BLOCKS_KEY: blocks} if blocks else {}


def _suggest(trial: optuna.Trial, one: Parameter) -> Any:
    if one.type == "float":
        return trial.suggest_float(one.name, one.low, one.high, log=one.log)
    if one.type == "int":
        return trial.suggest_int(one.name, int(one.low), int(one.high), log=one.log)
    return trial.suggest_categorical(one.name, one.choices)
