"""Tables of the search's trials: which there were, why some were stopped, which settings mattered."""

from __future__ import annotations

from workbench.contracts import SearchResult, TrialState
from workbench.report.blocks import Grid
from workbench.report.numbers import counted, figure, percent
from workbench.report.text import short

MOST_TRIALS = 200
"""Trials in the table; the others are in the MLflow run."""
_STATES = {TrialState.PRUNED: "stopped early"}


def trials_table(search: SearchResult) -> Grid:
    """Every trial with how it ended and why."""
    shown = search.trials[:MOST_TRIALS]
    rows = tuple(
        (str(one.number), one.family, _STATES.get(one.state, one.state.value), figure(one.score), figure(one.seconds),
         one.origin, short(one.reason, 240) or "–")
        for one in shown
    )  # fmt: skip
    left_out = len(search.trials) - len(shown)
    note = f"The first {MOST_TRIALS}; {left_out} more are in the MLflow run." if left_out else ""
    return Grid(
        ("no", "family", "state", search.metric, "seconds", "from", "why it ended"), rows, "Trials", right=(0, 3, 4),
        wide=(6,), collapsed=True, note=note,
    )  # fmt: skip


def influence_table(search: SearchResult) -> Grid:
    """Shares per family and parameter; a sentence where there are none."""
    rows: list[tuple[str, ...]] = []
    for one in search.influence:
        family = f"{one.family} ({counted(one.trials, 'trial')})"
        rows += [
            (family if number == 0 else "", name, percent(share, 0), "yes" if certain else "no")
            for number, (name, share, certain) in enumerate(one.shares)
        ]
        if not one.shares:
            rows.append((family, f"not known: {one.reason}", "–", "–"))
    return Grid(
        ("family", "setting", "share", "more than chance"), tuple(rows),
        "What told good trials from bad ones", right=(2,), wide=(0, 1),
        note="Shares of the importance (PED-ANOVA), by how the best trials' settings differ from all trials'; held "
        "against the same trials with their losses shuffled.",
    )  # fmt: skip
