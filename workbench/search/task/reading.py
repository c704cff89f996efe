"""Whether there is time to read the texts of a table: their topics are learnt before the first trial."""

from __future__ import annotations

from workbench.budget import Budget
from workbench.contracts import Kind, Role
from workbench.pipelines import TOPICS, reading_seconds
from workbench.problem.rows import Problem

_SHARE = 0.3
"""Of the time left, the most that reading may take."""


def topics_in_time(problem: Problem, budget: Budget, before: int | None = None) -> tuple[int, str]:
    """How many topics texts are reduced to, and the sentence to say where there are none.

    Reading can't be interrupted: what would take most of a short budget would leave no model at all.

    Args:
        before: how many there were in the search that is resumed. It keeps to them, whatever time there is now: a
            trial's model must have the columns that the trial was judged with.
    """
    texts = [one.name for one in problem.columns if one.role is Role.TEXT or one.kind is Kind.TEXT]
    listed = ", ".join(f"'{name}'" for name in texts[:5]) + (" …" if len(texts) > 5 else "")
    if before is not None:
        return (
            before,
            "" if before else f"As before only the lengths of the texts of {listed} are used; a new run reads them.",
        )
    frame = problem.frame
    seconds = sum(reading_seconds(frame[name]) for name in texts) if budget.limited else 0.0
    if seconds <= _SHARE * budget.remaining:
        return TOPICS, ""
    return 0, (
        f"There was no time to read the texts of {listed}, which takes about {seconds:.0f} s: only their lengths are "
        "used; a new run with a larger budget reads them."
    )
