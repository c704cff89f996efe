"""A column as groups of rows: levels, bands of numbers, missing values apart, small groups pooled or hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

from workbench.explain.columns import Reading, cell_text, read_column
from workbench.explain.language import Name, Part, Said, say
from workbench.explain.language.terms import level_of
from workbench.explain.overall.bins import bins_of
from workbench.pipelines.derived import unique_names

BANDS = 4
"""That more distinct numbers or dates are cut into, at round figures."""
MOST_GROUPS = 20
"""The largest groups stand alone; the others are pooled, whatever their size."""
POOLED = Said("groups.pooled")
Label: TypeAlias = "str | Part"
"""A level as the table has it, or a name that is ours."""


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows by group.

    Attributes:
        name: of the column.
        codes: position in ``labels`` of each row, −1 where its group is hidden, shape (rows,).
        labels: unique, largest group first; ``missing`` and ``smaller groups`` among them.
        sizes: rows of each, shape (groups,).
        reference: position of the largest group that has a name of its own; −1 without any group.
        notes: what was pooled or hidden.
        said: labels that are ours and not the table's.
    """

    name: str
    codes: np.ndarray
    labels: tuple[str, ...]
    sizes: np.ndarray
    reference: int
    notes: tuple[Said, ...]
    said: dict[str, Part]


def read_groups(group: pd.Series, minimum: int) -> Groups:
    """The groups of a column.

    Numbers and dates with more than four distinct values are cut into at most four bands of about equally many rows;
    numbers that are codes stay apart if they come as a pandas category. Groups below ``minimum`` rows, and all beyond
    the 20 largest, are taken together; where they have fewer than ``minimum`` rows even so, they are hidden.

    Args:
        group: shape (rows,); any kind of cells.
    """
    name = str(group.name) if group.name is not None else "group"
    raw, labels = _labelled(read_column(group))
    sizes = np.bincount(raw, minlength=len(labels))
    by_size = [place for place in np.argsort(-sizes, kind="stable") if sizes[place] > 0]
    alone = [place for place in by_size if sizes[place] >= minimum][:MOST_GROUPS]
    others = [place for place in by_size if place not in alone]
    pooled = int(sizes[others].sum()) if others else 0
    named = [labels[place] for place in alone]
    proper = [place for place, own in enumerate(alone) if own != len(labels) - 1]  # missing values stand last
    kept = [int(sizes[place]) for place in alone]
    codes = np.full(len(labels), -1)
    codes[alone] = np.arange(len(alone))
    if pooled >= minimum:
        codes[others] = len(alone)
        named, kept = [*named, POOLED], [*kept, pooled]
    order = np.argsort(-np.array(kept, dtype=int), kind="stable")
    back = np.full(len(kept) + 1, -1)  # the last is for −1
    back[order] = np.arange(len(kept))
    unique = unique_names([label if isinstance(label, str) else label.told() for label in named])
    reference = int(back[proper[0]]) if proper else (0 if kept else -1)
    return Groups(
        name=name,
        codes=back[codes[raw]] if len(raw) else np.zeros(0, dtype=int),
        labels=tuple(unique[place] for place in order),
        sizes=np.array(kept, dtype=int)[order],
        reference=reference,
        notes=_notes(name, len(others), pooled, len(by_size) - len(others), minimum),
        said={
            text: _numbered(label, text)
            for label, text in zip(named, unique, strict=True)
            if not isinstance(label, str)
        },
    )


def _notes(name: str, others: int, pooled: int, alone: int, minimum: int) -> tuple[Said, ...]:
    if not others:
        return ()
    column, label = Name(name), Name(POOLED)
    if pooled < minimum:
        return (say("fairness.hidden", column=column, minimum=minimum, count=others),)
    if alone < MOST_GROUPS:
        return (say("fairness.pooled", column=column, minimum=minimum, label=label, count=others),)
    return (say("fairness.pooled_beyond", column=column, most=MOST_GROUPS, label=label, count=others),)


def _numbered(label: Part, unique: str) -> Part:
    """A name of ours that the table has as well has got a number."""
    number = unique.removeprefix(label.told()).strip(" ()")
    return say("groups.repeated", label=label, number=number) if number else label


def _labelled(reading: Reading) -> tuple[np.ndarray, list[Label]]:
    """Code of each row and the labels; the last is that of missing values."""
    codes, labels = _codes(reading)
    return np.where(codes < 0, len(labels), codes), [*labels, Said("grammar.missing")]


def _codes(reading: Reading) -> tuple[np.ndarray, list[Label]]:
    """Code of each row, −1 for missing, and the labels."""
    if reading.ordered:
        bins = bins_of(reading, BANDS)
        return bins.places, list(bins.names)
    codes = np.where(np.isfinite(reading.values), reading.values, -1).astype(int)
    return codes, [level_of(reading, cell_text(level)) for level in reading.levels]
