"""The common ground of both kinds of segments: rows, columns, sample, division into train and held-out customers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from workbench.budget import Budget
from workbench.contracts import Column, Role, Table
from workbench.events import Events
from workbench.segments.embedding import Embedding, Preparation, fit_embedding, prepare
from workbench.segments.figures import shown
from workbench.segments.goals import hidden, outcome_of
from workbench.segments.measures import Rows
from workbench.segments.pace import affordable_rows
from workbench.segments.reading import Floats, Reading, View

HELD_OUT = 0.4


@dataclass(frozen=True)
class Ground:
    """What both kinds start from.

    Attributes:
        reading: all rows.
        sample: positions of the rows that segments are found and judged on, ascending.
        train, held_out: positions *within the sample*: rules and trees are made from the first only, and every
            figure about them comes from the second.
        outcome: of all rows; ``None`` when there is none.
    """

    table: Table
    view: View
    reading: Reading
    sample: Rows
    train: Rows
    held_out: Rows
    outcome_name: str | None
    outcome: Floats | None
    seed: int

    @cached_property
    def sampled(self) -> Reading:
        """The reading of the sample."""
        return self.reading.take(self.sample)

    @cached_property
    def preparation(self) -> Preparation | None:
        """The sample's rows prepared for encodings; ``None`` when no column varies in it."""
        return prepare(self.table.frame.iloc[self.sample], usable(self.table), self.view, self.sampled, self.seed)

    @cached_property
    def plain(self) -> Embedding | None:
        """The space that maps and internal indices are shown in, whatever the segments were found in."""
        return None if self.preparation is None else fit_embedding(self.preparation, {"scaling": "power"})

    @cached_property
    def plain_points(self) -> Floats | None:
        """The sample in the plain space, shape (rows, axes)."""
        if self.plain is None or self.preparation is None:
            return None
        return self.plain.reduced(self.plain.weighted(self.preparation.prepared))


def lay_ground(table: Table, events: Events, seed: int, budget: Budget) -> Ground:
    """Read the table once for both kinds, choose the sample that the time allows; tell what is left out."""
    columns = usable(table)
    view = View.learn(table.frame, columns, table.cut_off)
    if view.skipped:
        listed = ", ".join(f"{shown(name)} ({why})" for name, why in view.skipped[:8])
        more = f" and {len(view.skipped) - 8} more" if len(view.skipped) > 8 else ""
        events.notice("segments", f"Columns that carry no segments were left out: {listed}{more}.")
    generator = np.random.default_rng([seed, 1])
    rows = len(table.frame)
    sample = np.arange(rows)
    reading = view.read(table.frame)
    chosen = affordable_rows(view, reading, budget=budget, seed=seed)
    if chosen < rows:
        sample = np.sort(generator.choice(rows, chosen, replace=False))
        events.notice(
            "segments",
            f"Segments were found and judged on a random {chosen:,} of {rows:,} customers; all were assigned.",
            sampled=chosen,
            rows=rows,
        )
    mixed = generator.permutation(len(sample))
    cut = round(HELD_OUT * len(sample))
    found = outcome_of(table)
    return Ground(
        table=table,
        view=view,
        reading=reading,
        sample=sample,
        train=np.sort(mixed[cut:]),
        held_out=np.sort(mixed[:cut]),
        outcome_name=found[0] if found else None,
        outcome=found[1] if found else None,
        seed=seed,
    )


def usable(table: Table) -> list[Column]:
    """Features, dates and texts, without any target or outcome."""
    never = hidden(table)
    roles = (Role.FEATURE, Role.DATE, Role.TEXT)
    return [column for column in table.columns if column.role in roles and column.name not in never]
