"""`workbench explain RUN --column COL`: how the model goes with the values of one column, as tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli.facts import known_name, plain, records
from workbench.cli.output import interval, number, print_heading, print_json, print_line, print_table
from workbench.cli.outputs import asked_output, explanation_of, other_classes, towards

if TYPE_CHECKING:
    import pandas as pd

    from workbench.contracts import Explanation, JourneyResult
    from workbench.explain import Dependence, Effect
    from workbench.explain.language import Language

MIDDLE = 0.5
"""Rank of a partner's value that divides its lower from its higher half."""


def explain_column(
    result: JourneyResult, column: str, *, output: str | None, language: Language, home: Path, as_json: bool
) -> None:
    """Print the contribution by value of one column, and the model's answer by value.

    Raises:
        InputError: the model does not use the column, or there is no such class.
    """
    from workbench.explain import dependence, effect_of, related_pairs
    from workbench.tracking import Store

    explanation = explanation_of(result)
    known_name(column, explanation.columns, "The model uses no column")
    place = asked_output(explanation, output, column)
    found = dependence(explanation, column, place)
    bins = _with_partner(found, explanation)
    model = Store(home=home).load_model(result.run_id, explainable=True)
    # every column that the model uses is a possible partner, but only pairs with this one are of interest
    used = explanation.importance.loc[explanation.importance["importance"] > 0, "column"]
    related = [
        pair for other in used if str(other) != column for pair in related_pairs(explanation.data, [column, str(other)])
    ]
    effect = effect_of(model, result.table, column, related, output=place, seed=result.seed)
    if as_json:
        print_json(_facts(found, bins, effect, language))
        return
    _print_dependence(found, bins, explanation, towards(explanation, place))
    _print_effect(effect, language)
    if more := other_classes(explanation, place, output):
        print_line(more)


def _with_partner(found: Dependence, explanation: Explanation) -> pd.DataFrame:
    """The bins, with the mean contribution of rows whose partner is in its lower and in its higher half."""
    import numpy as np

    from workbench.explain.columns import Reading
    from workbench.explain.overall.dependence import binned

    bins = found.bins.copy()
    if found.partner is None or found.partner_rank is None:
        return bins
    reading = Reading(found.kind, found.x, found.levels)
    known = np.isfinite(found.partner_rank)
    rank = np.where(known, found.partner_rank, 0.0)
    for name, half in (("partner_low", known & (rank < MIDDLE)), ("partner_high", known & (rank >= MIDDLE))):
        share = binned(reading, half.astype(float))["contribution"]
        together = binned(reading, np.where(half, found.contribution, 0.0))["contribution"]
        bins[name] = (together / share.where(share > 0)).to_numpy()
    return bins


def _halves(found: Dependence, explanation: Explanation) -> tuple[str, str]:
    """What the two halves of the partner are called: of two levels their names, the lower one first."""
    from workbench.explain.columns import cell_text, read_column

    assert found.partner is not None
    partner = read_column(explanation.data.iloc[:, explanation.columns.index(found.partner)])
    if partner.ordered:
        low, high = ("earlier", "later") if partner.scale == "date" else ("low", "high")
        return f"{low} {found.partner}", f"{high} {found.partner}"
    first, second = (cell_text(level) for level in partner.levels[:2])
    return f"{found.partner} = {first}", f"{found.partner} = {second}"


def _print_dependence(found: Dependence, bins: pd.DataFrame, explanation: Explanation, about: str) -> None:
    print_heading("Dependence", f": mean contribution by value of '{found.column}', in {found.output_space}{about}")
    halves = () if found.partner is None else _halves(found, explanation)
    rows = [
        [row["label"], number(row["contribution"]), interval(row["low"], row["high"]), f"{row['rows']:,}",
         *([number(row["partner_low"]), number(row["partner_high"])] if halves else [])]
        for row in bins.to_dict("records")
    ]  # fmt: skip
    print_table((found.column, "contribution", "95 % interval", "rows", *halves), rows, right=(1, 3, 4, 5))
    if halves:
        print_line(f"At equal values it varies most with '{found.partner}': its lower and higher half stand apart.")


def _print_effect(effect: Effect, language: Language) -> None:
    print_heading("Effect", f": {effect.method}, in {effect.space}, over {effect.rows:,} rows")
    print_line(effect.told(language))
    table = effect.table()
    spread = bool(table["spread_low"].notna().any())
    headings = [effect.column, "effect", "95 % interval", *(["8 in 10 rows"] if spread else []), "rows"]
    rows: list[list[Any]] = [
        [row["label"], number(row["effect"]), interval(row["low"], row["high"]),
         *([interval(row["spread_low"], row["spread_high"])] if spread else []), f"{row['support']:,}"]
        for row in table.to_dict("records")
    ]  # fmt: skip
    print_table(headings, rows, right=(1, len(headings) - 1))
    print_line("It shows how the model answers; what a change of the value would do, only a test shows.")


def _facts(found: Dependence, bins: pd.DataFrame, effect: Effect, language: Language) -> dict[str, Any]:
    return {
        "column": found.column,
        "class": found.output,
        "kind": found.kind,
        "dependence": {"output_space": found.output_space, "partner": found.partner, "bins": records(bins)},
        "effect": {
            "method": effect.method,
            "note": effect.told(language),
            "space": effect.space,
            "rows": plain(effect.rows),
            "points": records(effect.table()),
        },
    }
