"""Whether there is time to read the texts of a table: their topics are learnt before the first trial."""

from __future__ import annotations

from workbench.budget import Budget
from workbench.contracts import Kind, Role
from workbench.pipelines import TOPICS, reading_seconds
from workbench.search.task.problem import Problem

_SHARE = 0.3
"""Of the time left, the most that reading may take."""


def topics_in_time(problem: Problem, budget: Budget) -> tuple[int, str]:
    """How many topics texts are reduced to, and the sentence to say where there is no time for any.

    Reading can't be interrupted: what would take most of a short budget would leave no model at all.
    """
    texts = [one.name for one in problem.columns if one.role is Role.TEXT or one.kind is Kind.TEXT]
    seconds = sum(reading_seconds(problem.frame[name]) for name in texts) if budget.limited else 0.0
    if seconds <= _SHARE * budget.remaining:
        return TOPICS, ""
    listed = ", ".join(f"'{name}'" for name in texts[:5]) + (" …" if len(texts) > 5 else "")
    return 0, (
        f"There was no time to read the texts of {listed}, which takes about {seconds:.0f} s: only their lengths are "
        "used; a larger budget finds more."
    )
