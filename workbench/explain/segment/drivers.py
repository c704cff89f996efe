"""What the model sees in a segment that it does not see in the rest: mean contributions against each other."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from workbench.contracts import Explanation
from workbench.errors import InputError
from workbench.explain.columns import MISSING, Reading, cell_text, number_text, read_column
from workbench.explain.sampling.resampling import drawn_means, draws_for, expanded_interval
from workbench.explain.words import CLOSING

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
        words: plain sentences, association only.
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
    words: tuple[str, ...]

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
    rows = []
    for j in shown:
        reading = read_column(explanation.data.iloc[:, j])
        means = float(mean_inside[j]), float(mean_outside[j]), float(difference[j])
        interval = expanded_interval(draws[:, j], min(own, others))
        rows.append((explanation.columns[j], *means, *interval, typical(reading, inside), typical(reading, ~inside)))
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
        words=(),
    )
    return replace(made, words=_words(made, explanation.target))


def nothing_told(output: str, space: str, why: str) -> Drivers:
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
        words=(why,),
    )


def typical(reading: Reading, rows: np.ndarray) -> str:
    """The usual value of some rows in words: median, or most frequent level with its share, and what is missing.

    Args:
        rows: flags, shape (rows of the reading,).
    """
    own = reading.values[rows]
    present = own[np.isfinite(own)]
    if not present.size:
        return MISSING
    absent = 1 - present.size / own.size
    gap = f", {absent:.0%} {MISSING}" if absent >= 0.005 else ""
    if reading.scale == "category":
        counts = np.bincount(present.astype(int))
        most = int(counts.argmax())
        if counts[most] < LEAST_ROWS:
            return f"no value that {LEAST_ROWS} rows share{gap}"
        return f"mostly {cell_text(reading.levels[most])} ({counts[most] / own.size:.0%}){gap}"
    middle = float(np.median(present))
    if reading.scale == "date":
        return f"median {cell_text((pd.Timestamp('1970-01-01') + pd.Timedelta(days=middle)).normalize())}{gap}"
    return f"median {cell_text(middle) if middle.is_integer() else number_text(middle)}{gap}"


def _differences(values: np.ndarray, inside: np.ndarray, seed: int) -> np.ndarray:
    """Differences of means under bootstrap samples, stratified by inside and outside, shape (draws, columns)."""
    draws = draws_for(len(values), most=DRAWS, least=LEAST_DRAWS)
    random = np.random.default_rng([seed, _STREAM])
    within = drawn_means(random, values[inside], draws)
    return np.asarray(within - drawn_means(random, values[~inside], draws))


def _why_nothing(own: int, others: int) -> str:
    if own == 0:
        return "None of the explained rows is in the segment, so nothing drives it apart from the rest."
    if others == 0:
        return "All explained rows are in the segment, so there is no rest to compare it with."
    where = "in the segment" if own < LEAST_ROWS else "outside the segment"
    return f"Fewer than {LEAST_ROWS} explained rows are {where}: too few to tell what drives it, so nothing is shown."


def _words(drivers: Drivers, target: str) -> tuple[str, ...]:
    space = drivers.output_space
    what = (
        f"predicted '{drivers.output}'"
        if space.startswith("units of")
        else (f"{space} of '{target}' being '{drivers.output}'")
    )
    # log-odds and shares stand in ``what`` already
    unit = f" {space}" if space.startswith("units of") else ""
    lead = (
        f"In {drivers.rows_inside:,} rows of the segment the mean {what} is {number_text(drivers.mean_inside)}{unit}, "
        f"in {drivers.rows_outside:,} others {number_text(drivers.mean_outside)}: a difference of "
        f"{number_text(drivers.difference, signed=True)}{_interval(drivers.low, drivers.high)}."
    )
    clear = drivers.table[(drivers.table["low"] > 0) | (drivers.table["high"] < 0)]
    sentences = [
        f"'{row['column']}' carries {number_text(float(row['difference']), signed=True)} of it"
        f"{_interval(float(row['low']), float(row['high']))}: {row['value_inside']} in the segment, "
        f"{row['value_outside']} elsewhere."
        for _, row in clear.head(TOLD).iterrows()
    ]
    if clear.empty:
        sentences = ["No column carries a difference that can be told from chance in these data."]
    elif len(clear) < len(drivers.table):
        unclear = [f"'{name}'" for name in drivers.table["column"] if name not in set(clear["column"])]
        listed = ", ".join(unclear[:TOLD]) + (" and others" if len(unclear) > TOLD else "")
        sentences.append(f"What {listed} carry can't be told from chance in these data.")
    if drivers.rest_columns:
        some = "one other column" if drivers.rest_columns == 1 else f"{drivers.rest_columns} other columns together"
        sentences.append(f"The rest, {number_text(drivers.rest, signed=True)}, is carried by {some}.")
    return (lead, *sentences, "Intervals are for this model and for one column at a time.", CLOSING)


def _interval(low: float, high: float) -> str:
    if not np.isfinite(low):
        return ""
    return f" (95 % interval {number_text(low, signed=True)} to {number_text(high, signed=True)})"
