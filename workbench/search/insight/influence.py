"""Which parameters decided over good and bad trials, per family: PED-ANOVA against what chance gives.

PED-ANOVA (Watanabe, Bansal & Hutter 2023, "PED-ANOVA: Efficiently Quantifying Hyperparameter Importance in Arbitrary
Subspaces", IJCAI) compares how a parameter is distributed among the best trials with how it is among all: a few
milliseconds a family. Its shares always sum to one, so they say something even of noise: each is held against the
shares of the same trials with their losses shuffled.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import optuna
from optuna.storages.journal import JournalFileBackend
from optuna.trial import FrozenTrial
from optuna.trial import TrialState as OptunaState

from workbench.budget import Budget
from workbench.contracts import Influence

FEWEST = 10
"""Finished trials below which nothing is said."""
_SHUFFLES = 39
_LEAST_SHUFFLES = 19
"""Below this no share can be told from chance at 5 %."""
_LIKELY_SECONDS = 0.02
"""Time that must be left for one more look; it takes a fifth of that."""
_MOST_SECONDS = 1.0
_READ_SECONDS = 0.3
"""Time that must be left for reading a journal."""


def influence_in(journal: Path, budget: Budget, seed: int) -> tuple[Influence, ...]:
    """The influence of each family's parameters in a journal, which is read and never written."""
    if budget.remaining < _READ_SECONDS:
        return ()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    storage = optuna.storages.JournalStorage(JournalFileBackend(str(journal)))
    studies = {one.study_name: storage.get_all_trials(one._study_id) for one in storage.get_all_studies()}
    return influence(studies, budget, seed)


def influence(studies: Mapping[str, Iterable[FrozenTrial]], budget: Budget, seed: int) -> tuple[Influence, ...]:
    """The influence of each family's parameters, families in their order.

    Args:
        studies: trials by family, as Optuna keeps them.
        budget: what is left of it is never overdrawn; a family for which nothing is left says so.
    """
    limit = Budget.of(min(_MOST_SECONDS, max(0.0, budget.remaining)), clock=budget.clock)
    found = []
    for place, (family, trials) in enumerate(studies.items()):
        done = [one for one in trials if one.state == OptunaState.COMPLETE and math.isfinite(one.value or 0.0)]
        found.append(_of(family, done, limit.share(1 / (len(studies) - place)), seed))
    return tuple(found)


def _of(family: str, trials: list[FrozenTrial], budget: Budget, seed: int) -> Influence:
    number = len(trials)
    if number < FEWEST:
        were = "trial was" if number == 1 else "trials were"
        return Influence(family, number, reason=f"only {number} {were} finished and {FEWEST} are needed")
    losses = np.array([one.value for one in trials], dtype=np.float64)
    names = _varying(trials)
    if not names:
        return Influence(family, number, reason="none of its parameters varied")
    if np.ptp(losses) == 0:
        return Influence(family, number, reason="all its trials were equally good")
    if budget.remaining < _LIKELY_SECONDS * (1 + _LEAST_SHUFFLES) / 4:
        return Influence(family, number, reason="no time was left to find out")
    study = _study(trials, names)
    raw = _importances(study, losses, names)
    generator = np.random.default_rng(seed)
    chance: list[np.ndarray] = []
    while len(chance) < _SHUFFLES and (budget.remaining > _LIKELY_SECONDS or len(chance) < _LEAST_SHUFFLES):
        chance.append(_importances(study, generator.permutation(losses), names))
    # one-sided, 5 %: all but the largest twentieth of the shuffles lie below
    bound = np.sort(np.array(chance), axis=0)[len(chance) - max(1, (len(chance) + 1) // 20)]
    total = float(raw.sum()) or 1.0
    shares = [(name, float(raw[place] / total), bool(raw[place] > bound[place])) for place, name in enumerate(names)]
    return Influence(family, number, tuple(sorted(shares, key=lambda one: (-one[1], one[0]))))


def _varying(trials: list[FrozenTrial]) -> list[str]:
    """Parameters that every trial has and that were not the same in all."""
    common = set.intersection(*(set(one.distributions) for one in trials))
    return sorted(name for name in common if len({repr(one.params[name]) for one in trials}) > 1)


def _importances(study: optuna.Study, losses: np.ndarray, names: list[str]) -> np.ndarray:
    """Importance of each parameter for these losses of the study's trials, not normalised."""
    # the best tenth as the paper has it, but of few trials more: in simulations four good ones told half of the time
    # what eight always did
    quantile = min(0.5, max(0.1, 8 / losses.size))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        told = optuna.importance.get_param_importances(
            study,
            evaluator=optuna.importance.PedAnovaImportanceEvaluator(target_quantile=quantile),
            params=names,
            target=lambda trial: float(losses[trial.number]),
            normalize=False,
        )
    return np.array([max(0.0, float(told.get(name, 0.0))) for name in names])


def _study(trials: list[FrozenTrial], names: list[str]) -> optuna.Study:
    """These trials alone, in memory."""
    study = optuna.create_study(direction="minimize")
    study.add_trials(
        optuna.trial.create_trial(
            params={name: one.params[name] for name in names},
            distributions={name: one.distributions[name] for name in names},
            value=one.value,
        )
        for one in trials
    )
    return study
