"""`workbench explain RUN --column COL`: how the model goes with the values of one column, as tables."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli.facts import known_name, records
from workbench.cli.output import number, print_json, print_line, print_table
from workbench.cli.outputs import asked_output, other_classes, towards
from workbench.cli.unexplained import explanation_of
from workbench.cli.wording import Wording
from workbench.plain import plain

if TYPE_CHECKING:
    import pandas as pd

    from workbench.contracts import Explanation, JourneyResult
    from workbench.explain import Dependence, Effect
    from workbench.explain.columns import Reading
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
    from workbench.explain import dependence, effect_for
    from workbench.tracking import Store

    explanation = explanation_of(result)
    known_name(column, explanation.columns, "The model uses no column")
    place = asked_output(explanation, output, column)
    found = dependence(explanation, column, place)
    bins = _with_partner(found, explanation)
    model = Store(home=home).load_model(result.run_id, explainable=True)
    effect = effect_for(explanation, model, result.table, column, output=place, seed=result.seed)
    if as_json:
        print_json(_facts(found, bins, effect, language))
        return
    words = Wording(language)
    _print_dependence(found, bins, explanation, towards(explanation, place, language), words)
    _print_effect(effect, _read(explanation, column), words)
    if more := other_classes(explanation, place, output, language):
        print_line(more)


def _with_partner(found: Dependence, explanation: Explanation) -> pd.DataFrame:
    """The bins, with the mean contribution of rows whose partner is in its lower and in its higher half."""
    import numpy as np

    from workbench.explain.columns import Reading
    from workbench.explain.overall.bins import binned

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


def _halves(found: Dependence, explanation: Explanation, words: Wording) -> tuple[str, ...]:
    """What the two halves of the partner are called: of two levels their names, the lower one first."""
    from workbench.explain.columns import cell_text, read_column

    if found.partner is None:
        return ()
    partner = read_column(explanation.data.iloc[:, explanation.columns.index(found.partner)])
    if partner.ordered:
        names = ("earlier", "later") if partner.scale == "date" else ("low", "high")
        return tuple(words.cell(name, column=found.partner) for name in names)
    return tuple(words.cell("equals", column=found.partner, level=cell_text(level)) for level in partner.levels[:2])


def _print_dependence(
    found: Dependence, bins: pd.DataFrame, explanation: Explanation, about: str, words: Wording
) -> None:
    from workbench.explain.language import Name

    space = words.space(found.output_space)
    words.print_title("dependence", column=Name(found.column), space=space, towards=about)
    halves = _halves(found, explanation, words)
    reading = _read(explanation, found.column)
    rows = [
        [_label(row, reading, words), number(row["contribution"]), words.interval(row["low"], row["high"]),
         f"{row['rows']:,}", *([number(row["partner_low"]), number(row["partner_high"])] if halves else [])]
        for row in bins.to_dict("records")
    ]  # fmt: skip
    print_table((found.column, *words.heads("contribution", "interval", "rows"), *halves), rows, right=(1, 3, 4, 5))
    if found.partner is not None:
        words.print_line("halves", column=Name(found.partner))


def _read(explanation: Explanation, column: str) -> Reading:
    from workbench.explain.columns import read_column

    return read_column(explanation.data.iloc[:, explanation.columns.index(column)])


def _label(row: Mapping[Hashable, Any], reading: Reading, words: Wording) -> str:
    """What a bin or a point is called: gaps, booleans and what is taken together in words of ours."""
    from workbench.explain.language import Part, say
    from workbench.explain.language.terms import level_of

    if words.language == "en":
        return str(row["label"])
    if isinstance(name := row.get("name"), Part):
        return name.told(words.language)
    if row["x"] != row["x"]:
        return say("grammar.missing").told(words.language)
    if reading.scale != "category":
        return str(row["label"])
    level = level_of(reading, str(row["label"]))
    return level.told(words.language) if isinstance(level, Part) else level


def _print_effect(effect: Effect, reading: Reading, words: Wording) -> None:
    words.print_title("effect", method=effect.method, space=words.space(effect.space), rows=effect.rows)
    print_line(effect.told(words.language))
    table = effect.table()
    spread = bool(table["spread_low"].notna().any())
    names = ("effect", "interval", *(["spread"] if spread else []), "rows")
    rows: list[list[Any]] = [
        [_label(row, reading, words), number(row["effect"]), words.interval(row["low"], row["high"]),
         *([words.interval(row["spread_low"], row["spread_high"])] if spread else []), f"{row['support']:,}"]
        for row in table.to_dict("records")
    ]  # fmt: skip
    print_table((effect.column, *words.heads(*names)), rows, right=(1, len(names)))
    words.print_line("only_the_model")


def _facts(found: Dependence, bins: pd.DataFrame, effect: Effect, language: Language) -> dict[str, Any]:
    shown = records(bins.drop(columns="name"))
    return {
        "column": found.column,
        "class": found.output,
        "kind": found.kind,
        "dependence": {"output_space": found.output_space, "partner": found.partner, "bins": shown},
        "effect": {
            "method": effect.method,
            "note": effect.told(language),
            "space": effect.space,
            "rows": plain(effect.rows),
            "points": records(effect.table()),
        },
    }
