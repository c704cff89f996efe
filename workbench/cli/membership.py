"""`workbench explain RUN --segment ID --membership`: what tells a segment's members from the rest, by a small model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.cli.drivers import drivers_facts, print_drivers
from workbench.cli.facts import records
from workbench.cli.output import number, print_json, print_line, print_table
from workbench.cli.wording import Wording
from workbench.plain import plain

if TYPE_CHECKING:
    from workbench.contracts import JourneyResult, Segment, Segmentation
    from workbench.explain.language import Language

ROWS = 2_000
"""Rows that the surrogate is explained on: enough for means with narrow intervals."""


def explain_membership(
    result: JourneyResult, segmentation: Segmentation, segment: Segment, *, language: Language, as_json: bool
) -> None:
    """Print how faithfully a small model tells the segments apart, and what it goes by for one of them.

    The fidelity comes first: where it is too low nothing is said of the segment.
    """
    from workbench.budget import Budget
    from workbench.events import Events
    from workbench.explain import explain, fit_surrogate

    labels = segmentation.labels.reindex(result.table.frame.index)
    surrogate = fit_surrogate(result.table, labels, seed=result.seed)
    explanation = None
    if surrogate.model is not None:
        explanation = explain(
            surrogate.model, result.table, budget=Budget.unlimited(), events=Events(), seed=result.seed,
            max_rows=ROWS, interactions=False,
        )  # fmt: skip
    drivers = surrogate.drivers(explanation, labels, segment.id, seed=result.seed)
    if as_json:
        about = {"segmentation": segmentation.kind.value, "segment": segment.id, "name": segment.name}
        fidelity = {"fidelity": records(surrogate.fidelity), "baseline": plain(surrogate.baseline)}
        said = {"surrogate": list(surrogate.told(language)), **drivers_facts(drivers, language)}
        print_json({**about, **fidelity, **said})
        return
    words = Wording(language)
    kind = words.kind(segmentation.kind.value)
    words.print_title("membership", number=str(segment.id), name=segment.name, kind=kind)
    rows = [
        (row["segment"], f"{row['rows']:,}", number(row["f1"]), words.interval(row["f1_low"], row["f1_high"]),
         number(row["auc"]), words.interval(row["auc_low"], row["auc_high"]), words.yes(row["enough"]))
        for row in surrogate.fidelity.to_dict("records")
    ]  # fmt: skip
    if rows:
        segment_head, rows_head, interval, enough = words.heads("segment", "rows", "interval", "enough")
        print_table((segment_head, rows_head, "F1", interval, "AUC", interval, enough), rows, right=(1, 2, 4))
    for sentence in surrogate.told(language):
        print_line(sentence)
    print_drivers(drivers, words)
