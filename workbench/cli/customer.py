"""One customer: why the model says what it says, and for whom or with which values it would answer otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli.output import number, print_heading, print_json, print_line, print_table
from workbench.cli.outputs import asked_output, explanation_of
from workbench.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from workbench.cli.other_answers import Change
    from workbench.contracts import Explanation, JourneyResult, Model, Table
    from workbench.explain.language import Language


@dataclass(frozen=True)
class Asked:
    """What is asked of one customer.

    Attributes:
        changes: ``column=value`` each.
        neighbours: how many are looked for; 0 for none.
        counterfactual: what should be reached, ``None`` where that is not asked.
        output: class to show alone; ``None`` for all.
        language: of the sentences.
    """

    changes: tuple[str, ...] = ()
    neighbours: int = 0
    counterfactual: Change | None = None
    output: str | None = None
    language: Language = "en"


def explain_customer(result: JourneyResult, row: str, asked: Asked, *, home: Path, as_json: bool) -> None:
    """Print one customer's contributions, and what else is asked of them.

    Raises:
        InputError: there is no such customer, column or class.
    """
    from workbench.cli import other_answers
    from workbench.explain import explain_rows
    from workbench.explain.words import explanation_words
    from workbench.tracking import Store

    position, same = _position(result.table, row)
    explanation = explanation_of(result)
    only = None if asked.output is None else asked_output(explanation, asked.output)
    model = Store(home=home).load_model(result.run_id, explainable=True)
    raw = result.table.frame.iloc[[position]]
    own = explain_rows(model, raw, explanation)
    facts: dict[str, Any] = {"customer": row, "output_space": own.output_space, **_contributions(own, only)}
    facts["words"] = list(explanation_words(own, asked.language))
    if same > 1:
        facts["rows_with_this_id"] = same
    if asked.changes:
        facts["what_if"] = _what_if(model, raw, asked.changes, explanation)
    if asked.neighbours:
        facts["neighbours"] = other_answers.neighbour_facts(result, model, position, asked.neighbours, asked.language)
    if asked.counterfactual is not None:
        facts["counterfactual"] = other_answers.counterfactual_facts(
            result, model, position, asked.counterfactual, asked.language
        )
    if as_json:
        print_json(facts)
        return
    _print_contributions(facts)
    if asked.changes:
        _print_what_if(facts["what_if"])
    if asked.neighbours:
        other_answers.print_neighbours(facts["neighbours"])
    if asked.counterfactual is not None:
        other_answers.print_counterfactuals(facts["counterfactual"])


def _position(table: Table, row: str) -> tuple[int, int]:
    """Where the customer stands in the table, and how many rows have that id.

    Raises:
        InputError: there is no such customer.
    """
    ids = table.ids().astype(str)
    positions = [index for index, name in enumerate(ids) if name == row]
    if not positions:
        raise InputError(f"There is no customer '{row}' in {table.name}; ids look like '{ids.iloc[0]}'.")
    return positions[0], len(positions)


def _contributions(explanation: Explanation, only: int | None) -> dict[str, Any]:
    from workbench.explain import waterfall

    outputs = {}
    for index, output in enumerate(explanation.outputs):
        if only is not None and index != only:
            continue
        shown = waterfall(explanation, 0, output=index)
        outputs[output] = {
            "base": float(explanation.base[index]),
            "sum": float(explanation.margin[0, index]),
            "contributions": [
                {"column": step.column, "value": step.value, "contribution": step.contribution} for step in shown.steps
            ],
            "others": shown.rest,
        }
    return {"outputs": outputs}


def _what_if(model: Model, raw: pd.DataFrame, changes: tuple[str, ...], explanation: Explanation) -> dict[str, Any]:
    from workbench.explain import read_change, what_if

    edits = dict(read_change(text, explanation.columns) for text in changes)
    answer = what_if(model, raw.iloc[0], edits, explanation)
    return {
        "changes": edits,
        "before": answer.predicted_before.iloc[0].to_dict(),
        "after": answer.predicted_after.iloc[0].to_dict(),
        "unseen": list(answer.unseen),
    }


def _print_contributions(facts: dict[str, Any]) -> None:
    if (same := facts.get("rows_with_this_id", 1)) > 1:
        print_line(f"{same} rows have the id '{facts['customer']}': this is the first of them.")
    for output, shown in facts["outputs"].items():
        print_heading("Customer", f" {facts['customer']}: {output}, in {facts['output_space']}")
        rows = [(entry["column"], entry["value"], number(entry["contribution"])) for entry in shown["contributions"]]
        print_table(("column", "value", "contribution"), rows, right=(2,))
        print_line(
            f"average {number(shown['base'])}, all others {number(shown['others'])}, "
            f"this customer {number(shown['sum'])}"
        )
    for sentence in facts["words"]:
        print_line(sentence)


def _print_what_if(facts: dict[str, Any]) -> None:
    print_heading("What if")
    for name, before in facts["before"].items():
        print_line(f"{name}: {number(before)} → {number(facts['after'][name])}")
    for name in facts["unseen"]:
        print_line(f"'{facts['changes'][name]}' of '{name}' is in none of the explained rows.")
    print_line("This is what the model would say, not what would happen.")
