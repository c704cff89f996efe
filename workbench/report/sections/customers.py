"""Single customers as examples: the way from the average to a low, a middle and a high prediction, without any id."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.contracts import Explanation
from workbench.explain import Waterfall, waterfall
from workbench.report.blocks import Block, Grid, Heading, Paragraph
from workbench.report.figures import rounded, waterfall_figure
from workbench.report.numbers import FEWEST, counted, figure, signed
from workbench.report.text import short

MOST_OUTPUTS = 4
EDGE = 0.1
"""Share of the customers below the low example, and above the high one."""


@dataclass(frozen=True)
class Example:
    """One customer who is shown.

    Attributes:
        name: of the drawing.
        title: which customer it is.
        way: from the average to the prediction.
        shared: columns whose value may be shown.
    """

    name: str
    title: str
    way: Waterfall
    shared: frozenset[str]


def customer_blocks(explanation: Explanation) -> list[Block]:
    """The examples as drawings and as a table, with how customers are kept out of sight."""
    examples = _examples(explanation)
    few = ""
    if len(explanation.outputs) == 1 and len(examples) == 1:
        few = " So few were explained that a customer at either edge would be a person: none is shown."
    note = (
        "Examples that single nobody out: none is from the outermost predictions, no id is shown and no value that "
        f"fewer than {FEWEST} explained customers share, unless it is a number, and numbers are rounded.{few}"
    )
    rows = tuple(cells for example in examples for cells in _rows(example))
    table = Grid(("customer", "column", "value", "contribution"), rows, "The same customers as a table",
                 right=(3,), wide=(0, 1), collapsed=True,
                 note=f"Contributions in {short(explanation.output_space)}.")  # fmt: skip
    figures = [waterfall_figure(one.way, one.shared, one.name, one.title) for one in examples]
    return [Heading("Single customers"), Paragraph(note, "note"), *figures, table]


def _examples(explanation: Explanation) -> list[Example]:
    if len(explanation.outputs) > 1:
        return _of_classes(explanation)
    order = np.argsort(explanation.margin[:, 0], kind="stable")
    middle = int(order[len(order) // 2])
    beyond = int(EDGE * len(order))
    if beyond < FEWEST:
        return [_example(explanation, middle, 0, "one-customer", "One customer from the middle")]
    return [
        _example(explanation, int(order[beyond]), 0, "one-customer-low", "One customer with a low prediction"),
        _example(explanation, middle, 0, "one-customer", "One customer from the middle"),
        _example(explanation, int(order[-1 - beyond]), 0, "one-customer-high", "One customer with a high prediction"),
    ]


def _of_classes(explanation: Explanation) -> list[Example]:
    """One customer for each class, from the middle of those who lean to it; one from the middle of all without any."""
    leading = explanation.margin.argmax(axis=1)
    examples = []
    for output, name in enumerate(explanation.outputs[:MOST_OUTPUTS]):
        own = np.flatnonzero(leading == output)
        if len(own) >= FEWEST:
            order = own[np.argsort(explanation.margin[own, output], kind="stable")]
            title = f"One customer who leans to “{short(name, 40)}”"
            position = int(order[len(order) // 2])
            examples.append(_example(explanation, position, output, f"one-customer-{output + 1}", title))
    if examples:
        return examples
    order = np.argsort(explanation.margin[:, 0], kind="stable")
    position = int(order[len(order) // 2])
    return [_example(explanation, position, int(leading[position]), "one-customer", "One customer from the middle")]


def _example(explanation: Explanation, position: int, output: int, name: str, title: str) -> Example:
    return Example(name, title, waterfall(explanation, position, output), shared_values(explanation, position))


def shared_values(explanation: Explanation, position: int) -> frozenset[str]:
    """Columns whose value at this row may be shown: numbers (rounded), and cells that enough other rows hold too."""
    shown = set()
    for place, name in enumerate(explanation.columns):
        column = explanation.data.iloc[:, place]
        number = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
        cells = column.astype(str)
        if number or int((cells == cells.iloc[position]).sum()) >= FEWEST:
            shown.add(name)
    return frozenset(shown)


def _rows(example: Example) -> list[tuple[str, ...]]:
    way = example.way
    title = example.title.removeprefix("One ")
    rows = [(title[:1].upper() + title[1:], "the average of all", "", figure(way.base))]
    rows += [
        ("", short(step.column, 80), rounded(step.value) if step.column in example.shared else "not shown",
         signed(step.contribution))
        for step in way.steps
    ]  # fmt: skip
    if way.rest_columns:
        rows.append(("", counted(way.rest_columns, "other column"), "", signed(way.rest)))
    return [*rows, ("", "this customer", "", figure(way.total))]
