"""A warm start: the best trials of an earlier search of the same table are tried first.

What they were chosen by may be rows of this table as well, so the choice among them is not new evidence; what they
are worth here is measured on this search's own folds, like every other trial.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import optuna
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState as OptunaState

from workbench.errors import InputError
from workbench.search.insight.announce import Announcer
from workbench.search.trials.journal import identity_of
from workbench.search.trials.studies import FamilyStudy

SAME = ("target", "columns", "task")
"""What the searches must agree in; the rows may differ."""


def start_warm(folder: Path, identity: Mapping[str, object], studies: dict[str, FamilyStudy], say: Announcer) -> None:
    """Put the best trial of each family in another search's folder before all others.

    Raises:
        InputError: there is no search in ``folder``, or it was of another table.
    """
    found = identity_of(folder)
    if not found:
        raise InputError(f"The run '{folder.name}' holds no search to start from: choose another one.")
    for key in SAME:
        if found.get(key) != identity[key]:
            raise InputError(
                f"The run '{folder.name}' can't be started from: its {key} differ{'' if key == 'columns' else 's'}."
            )
    storage = optuna.storages.JournalStorage(JournalFileBackend(str(folder / "studies.journal")))
    for one in storage.get_all_studies():
        done = [
            trial
            for trial in storage.get_all_trials(one._study_id)
            if trial.state == OptunaState.COMPLETE and "record" in trial.user_attrs
        ]
        if not done or one.study_name not in studies:
            continue
        best = min(done, key=lambda trial: (trial.value, trial.number)).user_attrs["record"]
        if studies[one.study_name].start_with(best["params"], f"the best of {folder.name}"):
            say.decision(f"{one.study_name}: begins with trial {best['number']} of '{folder.name}', its best there.")
        else:
            say.decision(f"{one.study_name}: the best of '{folder.name}' lies outside of the search space of now.")
