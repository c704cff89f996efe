"""The common ground of both kinds of segments: rows, columns, sample, division into train and held-out customers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.contracts import Column, Role, Table
from workbench.events import Events
from workbench.segments.figures import shown
from workbench.segments.goals import hidden, outcome_of
from workbench.segments.measures import Rows
from workbench.segments.reading import Floats, Reading, View

SAMPLE_ROWS = 20_000
"""Larger tables are sampled for finding and judging segments; all rows are assigned."""
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

    @property
    def sampled(self) -> Reading:
        """The reading of the sample."""
        return self.reading.take(self.sample)


def lay_ground(table: Table, events: Events, seed: int) -> Ground:
    """Read the table once for both kinds; tell what is left out."""
    columns = usable(table)
    view = View.learn(table.frame, columns, table.cut_off)
    if view.skipped:
        listed = ", ".join(f"{shown(name)} ({why})" for name, why in view.skipped[:8])
        more = f" and {len(view.skipped) - 8} more" if len(view.skipped) > 8 else ""
        events.notice("segments", f"Columns that carry no segments were left out: {listed}{more}.")
    generator = np.random.default_rng([seed, 1])
    rows = len(table.frame)
    sample = np.arange(rows)
    if rows > SAMPLE_ROWS:
        sample = np.sort(generator.choice(rows, SAMPLE_ROWS, replace=False))
        events.notice(
            "segments",
            f"Segments were found and judged on a random {SAMPLE_ROWS:,} of {rows:,} customers; all were assigned.",
            sampled=SAMPLE_ROWS,
            rows=rows,
        )
    mixed = generator.permutation(len(sample))
    cut = round(HELD_OUT * len(sample))
    found = outcome_of(table)
    return Ground(
        table=table,
        view=view,
        reading=view.read(table.frame),
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
