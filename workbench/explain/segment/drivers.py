"""What the model sees in a segment that it does not see in the rest: mean contributions against each other."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from workbench.contracts import Explanation
from workbench.errors import InputError
from workbench.explain.columns import Reading, cell_text, number_text, read_column
from workbench.explain.language import Field, Language, Listed, Name, Part, Said, say
from workbench.explain.language.terms import in_units, interval, level_of, predicted, space_of, unit_of
from workbench.explain.sampling.resampling import drawn_means, draws_for, expanded_interval
from workbench.explain.words.paragraph import CLOSING

LEAST_ROWS = 10
"""Rows inside and outside below which nothing is told: a mean over fewer can point at single customers."""
DRAWS, LEAST_DRAWS = 1_000, 500
TOLD = 4
_STREAM = 32_452_843
DRIVERS = ["column", "inside", "outside", "difference", "low", "high", "value_inside", "value_outside"]


@dataclass(frozen=True)
class Drivers:
    """Mean contributions inside a segment against those of all other rows.

    ``table["difference"].sum() + rest`` equals ``difference``, which is ``mean_inside`` minus ``mean_outside``.

    Attributes:
        table: ``column``, ``inside``, ``outside`` (mean contribution), ``difference``, ``low``, ``high`` (its 95 %
            bootstrap interval over rows, one column at a time), ``value_inside``, ``value_outside`` (median, or most
            frequent level with its share); largest |difference| first. Empty where fewer than ten rows are inside or
            outside.
        rest: sum of the differences of all other columns.
        rest_columns: how many columns ``rest`` sums.
        mean_inside, mean_outside: of the model's output, in ``output_space``; NaN where nothing is told.
        low, high: 95 % bootstrap interval of ``difference``.
        rows_inside, rows_outside: explained rows that it rests on.
        said: plain sentences, association only, before they are in a language.
        usual: ``value_inside`` and ``value_outside`` of each row of the table, likewise.
    """

    table: pd.DataFrame
    rest: float
    rest_columns: int
    mean_inside: float
    mean_outside: float
    low: float
    high: float
    rows_inside: int
    rows_outside: int
    output: str
    output_space: str
    said: tuple[Said, ...]
    usual: tuple[tuple[Said, Said], ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The sentences in English."""
        return self.words_in()

    def words_in(self, language: Language = "en") -> tuple[str, ...]:
        """The sentences in ``language``."""
        return tuple(sentence.told(language) for sentence in self.said)

    def table_in(self, language: Language = "en") -> pd.DataFrame:
        """``table`` with the values of the segment and of the rest in ``language``."""
        inside, outside = ([each[side].told(language) for each in self.usual] for side in (0, 1))
        return self.table.assign(value_inside=inside, value_outside=outside)

    @property
    def difference(self) -> float:
        """By how much the model's mean output is higher inside than outside."""
        return self.mean_inside - self.mean_outside

    @property
    def told(self) -> bool:
        """Whether there is anything to show."""
        return not self.table.empty


def segment_drivers(
    explanation: Explanation, member: np.ndarray, *, output: int = 0, seed: int = 0, top: int = 8
) -> Drivers:
    """What sets the model's output in a segment apart from that in all other rows, column by column.

    Rows are drawn again inside and outside apart, so intervals are for this model and segments of these sizes; what a
    refit would give is not in them.

    Args:
        member: whether the explained row is in the segment, aligned with ``explanation.rows``, shape (rows,).
        output: which output, for more than two classes.
        seed: of the bootstrap.
        top: columns that stand apart; the others are summed.

    Raises:
        InputError: ``member`` has not one flag for each explained row, or there is no such output.
    """
    if not 0 <= output < len(explanation.outputs):
        raise InputError(f"The model has no output {output}; choose one from 0 to {len(explanation.outputs) - 1}.")
    inside = np.asarray(member, dtype=bool)
    if inside.shape != explanation.rows.shape:
        raise InputError(
            f"Membership has {inside.size:,} values but {len(explanation.rows):,} rows were explained; "
            "take it at the explanation's rows."
        )
    own, others = int(inside.sum()), int((~inside).sum())
    if min(own, others) < LEAST_ROWS:
        return nothing_told(explanation.outputs[output], explanation.output_space, _why_nothing(own, others))
    values, margin = explanation.values[:, :, output], explanation.margin[:, [output]]
    mean_inside, mean_outside = values[inside].mean(axis=0), values[~inside].mean(axis=0)
    difference = mean_inside - mean_outside
    draws = _differences(np.column_stack([values, margin]), inside, seed)
    order = np.argsort(-np.abs(difference), kind="stable")
    shown = [int(j) for j in order[: max(1, top)] if values[:, j].any()] or [int(order[0])]
    rest = [int(j) for j in order if int(j) not in shown and values[:, j].any()]
    rows, usual = [], []
    for j in shown:
        reading = read_column(explanation.data.iloc[:, j])
        means = float(mean_inside[j]), float(mean_outside[j]), float(difference[j])
        ends = expanded_interval(draws[:, j], min(own, others))
        usual.append((typical_said(reading, inside), typical_said(reading, ~inside)))
        rows.append((explanation.columns[j], *means, *ends, *(each.told() for each in usual[-1])))
    table = pd.DataFrame(rows, columns=DRIVERS)
    low, high = expanded_interval(draws[:, -1], min(own, others))
    made = Drivers(
        table=table,
        rest=float(difference[rest].sum()),
        rest_columns=len(rest),
        mean_inside=float(margin[inside].mean()),
        mean_outside=float(margin[~inside].mean()),
        low=low,
        high=high,
        rows_inside=own,
        rows_outside=others,
        output=explanation.outputs[output],
        output_space=explanation.output_space,
        said=(),
        usual=tuple(usual),
    )
    return replace(made, said=_said(made, explanation.target))


def nothing_told(output: str, space: str, why: Said) -> Drivers:
    """Drivers that are not shown, for a reason in one sentence; no counts either, which might be of few customers."""
    nan = float("nan")
    return Drivers(
        table=pd.DataFrame(columns=DRIVERS),
        rest=0.0,
        rest_columns=0,
        mean_inside=nan,
        mean_outside=nan,
        low=nan,
        high=nan,
        rows_inside=0,
        rows_outside=0,
        output=output,
        output_space=space,
        said=(why,),
    )


def typical(reading: Reading, rows: np.ndarray, language: Language = "en") -> str:
    """The usual value of some rows in words: median, or most frequent level with its share, and what is missing.

    Args:
        rows: flags, shape (rows of the reading,).
    """
    return typical_said(reading, rows).told(language)


def typical_said(reading: Reading, rows: np.ndarray) -> Said:
    """The same, before it is in a language."""
    own = reading.values[rows]
    present = own[np.isfinite(own)]
    if not present.size:
        return say("grammar.missing")
    absent = 1 - present.size / own.size
    gap: Field = say("drivers.gap", share=f"{absent:.0%}") if absent >= 0.005 else ""
    if reading.scale == "category":
        counts = np.bincount(present.astype(int))
        most = int(counts.argmax())
        if counts[most] < LEAST_ROWS:
            return say("drivers.no_level", least=LEAST_ROWS, gap=gap)
        level, share = reading.levels[most], f"{counts[most] / own.size:.0%}"
        return say("drivers.mostly", level=level_of(reading, cell_text(level)), share=share, gap=gap)
    middle = float(np.median(present))
    if reading.scale == "date":
        value = cell_text((pd.Timestamp("1970-01-01") + pd.Timedelta(days=middle)).normalize())
    else:
        value = cell_text(middle) if middle.is_integer() else number_text(middle)
    return say("drivers.median", value=value, gap=gap)


def _differences(values: np.ndarray, inside: np.ndarray, seed: int) -> np.ndarray:
    """Differences of means under bootstrap samples, stratified by inside and outside, shape (draws, columns)."""
    draws = draws_for(len(values), most=DRAWS, least=LEAST_DRAWS)
    random = np.random.default_rng([seed, _STREAM])
    within = drawn_means(random, values[inside], draws)
    return np.asarray(within - drawn_means(random, values[~inside], draws))


def _why_nothing(own: int, others: int) -> Said:
    if own == 0:
        return Said("drivers.none_inside")
    if others == 0:
        return Said("drivers.none_outside")
    return say("drivers.few_inside" if own < LEAST_ROWS else "drivers.few_outside", least=LEAST_ROWS)


def _said(drivers: Drivers, target: str) -> tuple[Said, ...]:
    table = drivers.table
    told = ((table["low"] > 0) | (table["high"] < 0)).to_numpy()
    sentences = [_lead(drivers, target)]
    if not told.any():
        sentences.append(Said("drivers.none_clear"))
    sentences += [
        say(
            "drivers.carries",
            column=Name(str(table["column"].iloc[at])),
            size=number_text(float(table["difference"].iloc[at]), signed=True),
            interval=interval(float(table["low"].iloc[at]), float(table["high"].iloc[at]), signed=True),
            own=drivers.usual[at][0],
            other=drivers.usual[at][1],
        )
        for at in np.flatnonzero(told)[:TOLD]
    ]
    if told.any() and not told.all():
        sentences.append(say("drivers.unclear", named=_some([str(name) for name in table.loc[~told, "column"]])))
    if drivers.rest_columns:
        rest = number_text(drivers.rest, signed=True)
        sentences.append(say("drivers.rest", size=rest, count=drivers.rest_columns))
    return (*sentences, Said("drivers.intervals"), CLOSING)


def _lead(drivers: Drivers, target: str) -> Said:
    space = drivers.output_space
    if in_units(space):
        what = predicted(drivers.output, space, drivers.output)
    else:
        what = say("drivers.class", space=space_of(space), target=Name(target), output=Name(drivers.output))
    return say(
        "drivers.lead",
        inside_rows=drivers.rows_inside,
        what=what,
        inside=number_text(drivers.mean_inside),
        unit=unit_of(space),
        outside_rows=drivers.rows_outside,
        outside=number_text(drivers.mean_outside),
        difference=number_text(drivers.difference, signed=True),
        interval=interval(drivers.low, drivers.high, signed=True),
    )


def _some(columns: list[str]) -> Part:
    first = Listed(tuple(Name(name) for name in columns[:TOLD]))
    return say("grammar.others", named=first) if len(columns) > TOLD else first
