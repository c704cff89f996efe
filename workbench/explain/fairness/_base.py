"""What figures by group are, and the limits below which none is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from workbench.contracts import Task
from workbench.explain.language import Language, Name, Part, Said

MINIMUM = 20
"""Rows below which a group gets no figures of its own."""
LEAST_CASES = 10
"""Positives, negatives or selected rows below which a rate among them is not given."""
FIGURES = ["group", "metric", "value", "low", "high", "rows"]
COMPARISONS = [
    "measure",
    "group",
    "against",
    "value",
    "low",
    "high",
    "adjusted_low",
    "adjusted_high",
    "clear",
    "counted",
]


@dataclass(frozen=True)
class GroupMetrics:
    """How a model does in each group of a column, on rows that it did not learn from.

    Nothing in it rests on fewer than ``minimum`` rows of a group, so it may be exported as it is. There are no figures
    over all rows: what a hidden group does would follow from them.

    Attributes:
        column: whose groups are compared.
        positive: class whose share is looked at, for two classes; else empty.
        threshold: share of ``positive`` from which a row is selected, for two classes; else ``None``.
        reference: the largest group, which the others are compared with; empty without any group.
        groups: ``group``, ``rows``, ``share`` (of the rows in groups that are shown), largest first.
        figures: ``group``, ``metric``, ``value``, ``low``, ``high`` (95 % interval: Wilson's for shares, bootstrap for
            the others), ``rows`` (that the figure rests on); NaN where too few rows stand behind it.
        comparisons: ``measure``, ``group``, ``against`` (the reference), ``value`` (group minus reference, or group
            divided by reference), ``low``, ``high`` (95 % interval of that comparison alone), ``adjusted_low``,
            ``adjusted_high`` (intervals that hold for all ``compared`` comparisons together in 95 of 100 cases, after
            Bonferroni), ``clear`` (the adjusted interval leaves out no difference), ``counted`` (among ``compared``;
            ratios and equalised odds are made of others that are).
        compared: number of comparisons that intervals are adjusted for.
        left_out: rows without a prediction or without a known target.
        said: sentences on what was pooled, hidden or left out, before they are in a language.
        labels: groups whose names are ours and not the table's, such as ``missing``.
    """

    column: str
    task: Task
    positive: str
    threshold: float | None
    reference: str
    groups: pd.DataFrame
    figures: pd.DataFrame
    comparisons: pd.DataFrame
    compared: int
    left_out: int
    minimum: int
    said: tuple[Said, ...]
    labels: Mapping[str, Part] = field(default_factory=dict)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was pooled, hidden or left out, in English."""
        return self.told()

    def told(self, language: Language = "en") -> tuple[str, ...]:
        """The same in ``language``."""
        return tuple(note.told(language) for note in self.said)

    def name(self, group: object) -> Name:
        """The name of a group, for sentences."""
        return Name(self.labels.get(str(group), str(group)))

    def figure(self, metric: str, group: str) -> float:
        """The value of one figure; NaN where there is none."""
        found = self.figures[(self.figures["metric"] == metric) & (self.figures["group"] == group)]
        return float(found["value"].iloc[0]) if len(found) else float("nan")
