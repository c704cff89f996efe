"""One customer: why the model says what it says, and for whom or with which values it would answer otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli.output import number, print_json, print_line, print_table
from workbench.cli.outputs import asked_output
from workbench.cli.unexplained import explanation_of
from workbench.cli.wording import Wording
from workbench.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from workbench.cli.other_answers import Change
    from workbench.contracts import Explanation, JourneyResult, Model
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

    explanation = explanation_of(result)
    position, same = result.table.row_of(row)
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
    words = Wording(asked.language)
    _print_contributions(facts, words)
    if asked.changes:
        _print_what_if(facts["what_if"], words)
    if asked.neighbours:
        other_answers.print_neighbours(facts["neighbours"], words)
    if asked.counterfactual is not None:
        other_answers.print_counterfactuals(facts["counterfactual"], words)


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

    edits: dict[str, str] = {}
    for text in changes:
        name, value = read_change(text, explanation.columns)
        if name in edits:
            raise InputError(f"--what-if changes '{name}' to '{edits[name]}' and to '{value}': give it one value.")
        edits[name] = value
    answer = what_if(model, raw.iloc[0], edits, explanation)
    return {
        "changes": edits,
        "before": answer.predicted_before.iloc[0].to_dict(),
        "after": answer.predicted_after.iloc[0].to_dict(),
        "unseen": list(answer.unseen),
    }


def _print_contributions(facts: dict[str, Any], words: Wording) -> None:
    from workbench.explain.language import Name

    if (same := facts.get("rows_with_this_id", 1)) > 1:
        words.print_line("same_id", count=same, name=Name(facts["customer"]))
    space = words.space(facts["output_space"])
    for output, shown in facts["outputs"].items():
        words.print_title("customer", customer=facts["customer"], output=output, space=space)
        rows = [(entry["column"], entry["value"], number(entry["contribution"])) for entry in shown["contributions"]]
        print_table(words.heads("column", "value", "contribution"), rows, right=(2,))
        base, others, total = (number(shown[name]) for name in ("base", "others", "sum"))
        words.print_line("sums", base=base, others=others, sum=total)
    for sentence in facts["words"]:
        print_line(sentence)


def _print_what_if(facts: dict[str, Any], words: Wording) -> None:
    from workbench.explain.language import Name

    words.print_title("what_if")
    for name, before in facts["before"].items():
        print_line(f"{name}: {number(before)} → {number(facts['after'][name])}")
    for name in facts["unseen"]:
        words.print_line("unseen", value=Name(facts["changes"][name]), column=Name(name))
    words.print_line("would_say")
