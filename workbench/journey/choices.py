"""Whether what was chosen for a new run fits its table, told before anything is begun."""

from __future__ import annotations

from pathlib import Path

from workbench.contracts import Table
from workbench.errors import InputError
from workbench.events import Events
from workbench.journey.record import journal_folder
from workbench.journey.settings import JourneySettings
from workbench.journey.warm import LATEST, earlier_run, fits_table, fitting_runs
from workbench.tracking import Store


def check_choices(store: Store, home: Path, table: Table, settings: JourneySettings) -> None:
    """What of a new run's choices depends on the table, before anything is begun or recorded.

    Raises:
        InputError: there is no such metric or number of trials for the target, the costs don't fit it, or no search of
            this table can start from that run.
    """
    cost, warm_start = settings.cost, settings.warm_start
    if settings.trials is not None and settings.trials < 1:
        raise InputError(f"{settings.trials} trials are not enough: give at least one.")
    if settings.metric is not None and table.target is not None:
        from workbench.search.evaluation.metrics import metric_for

        metric_for(table.task, settings.metric)
    if cost is not None:
        from workbench.problem.rows import problem_of
        from workbench.search.evaluation.cost_table import CostTable

        if table.target is None:
            raise InputError(
                "A table of costs needs a target with two classes; without a target there are segments only."
            )
        CostTable.of(cost, problem_of(table))
    if warm_start is None or table.target is None:
        return
    if warm_start == LATEST:
        if not fitting_runs(store, home, table, most=1):
            raise InputError("There is no finished run of the same table and target to start from: leave it empty.")
        return
    name = earlier_run(store, home, table, warm_start, Events())
    if name is None or not fits_table(journal_folder(home, name) / "search.json", table):
        raise InputError(f"The run '{warm_start}' can't be started from: its target, task or columns differ.")


def without_target(table: Table, settings: JourneySettings) -> str:
    """What was chosen for a search that there will be none of, in one sentence; empty where there is nothing."""
    if table.target is not None:
        return ""
    chosen = {
        "metric": settings.metric, "families": settings.families, "trials": settings.trials,
        "warm start": settings.warm_start, "cluster": settings.cluster,
    }  # fmt: skip
    names = [name for name, value in chosen.items() if value is not None]
    if not names:
        return ""
    return f"Without a target no model is searched: {', '.join(names)} {'is' if len(names) == 1 else 'are'} not used."
