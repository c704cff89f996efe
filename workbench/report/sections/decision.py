"""The threshold that a table of costs asks for, beside what other answers would cost."""

from __future__ import annotations

from workbench.contracts import Decision
from workbench.report.blocks import Block, Grid, Paragraph
from workbench.report.numbers import figure, span
from workbench.report.text import short
from workbench.search.evaluation.decision_text import decision_sentence


def decision_blocks(found: Decision) -> list[Block]:
    """A sentence and a table: the decision first, then the answers that it is compared with."""
    rows = (
        (f"from {figure(found.threshold)} on", figure(found.cost.value), span(found.cost.low, found.cost.high)),
        *(
            (short(name, 60), figure(score.value), span(score.low, score.high))
            for name, score in found.alternatives
        ),
    )  # fmt: skip
    caption = f"Expected cost of a customer, by when “{short(found.positive, 40)}” is the answer"
    return [
        Paragraph(short(decision_sentence(found), 1200)),
        Grid(("answer", "cost", "95 % interval"), rows, caption, right=(1,)),
    ]
