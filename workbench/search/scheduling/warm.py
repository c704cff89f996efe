"""A warm start: the best trials of an earlier search of the same table are tried first.

What they were chosen by may be rows of this table as well, so the choice among them is not new evidence; what they
are worth here is measured on this search's own folds, like every other trial.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import optuna
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState as OptunaState

from workbench.errors import InputError
from workbench.pipelines import SEPARATOR
from workbench.search.insight.announce import Announcer
from workbench.search.trials.journal import identity_of
from workbench.search.trials.records import BLOCKS_KEY
from workbench.search.trials.studies import FamilyStudy

SAME = ("target", "columns", "task")
"""What the searches must agree in; the rows may differ."""


def start_warm(
    folder: Path,
    identity: Mapping[str, object],
    studies: dict[str, FamilyStudy],
    blocks: Sequence[str],
    say: Announcer,
) -> None:
    """Put the best trial of each family in another search's folder before all others, unless it was begun before.

    Args:
        blocks: feature blocks that have something to make of the columns here; others are left out.

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
    name = f"the best of {folder.name}"
    storage = optuna.storages.JournalStorage(JournalFileBackend(str(folder / "studies.journal")))
    for one in storage.get_all_studies():
        done = [
            trial
            for trial in storage.get_all_trials(one._study_id)
            if trial.state == OptunaState.COMPLETE and "record" in trial.user_attrs
        ]
        if not done or one.study_name not in studies or name in studies[one.study_name].begun_before:
            continue
        best = min(done, key=lambda trial: (trial.value, trial.number)).user_attrs["record"]
        if studies[one.study_name].start_with(_with_blocks(best["params"], blocks), name):
            say.decision(f"{one.study_name}: begins with trial {best['number']} of '{folder.name}', its best there.")
        else:
            say.decision(f"{one.study_name}: the best of '{folder.name}' lies outside of the search space of now.")


def _with_blocks(params: Mapping[str, Any], blocks: Sequence[str]) -> dict[str, Any]:
    """The parameters with those of their feature blocks that there are here: texts may be unread now."""
    kept = [one for one in str(params.get(BLOCKS_KEY, "")).split(SEPARATOR) if one in blocks]
    others = {key: value for key, value in params.items() if key != BLOCKS_KEY}
    return {**others, BLOCKS_KEY: SEPARATOR.join(kept)} if kept else others
